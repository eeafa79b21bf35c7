import * as three from 'three';
import { describe } from '../digest.mjs';
import { exercise } from '../geometry.mjs';

console.log(describe('three-bundle', three));
console.log(exercise(three));
