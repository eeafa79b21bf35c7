import * as three from 'three/src/Three.js';
import { describe } from '../digest.mjs';
import { exercise } from '../geometry.mjs';

console.log(describe('three-src', three));
console.log(exercise(three));
