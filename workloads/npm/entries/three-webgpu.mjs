// `capabilities/WebGPU.js` awaits at its top level; the node system is one large web of import cycles.
import * as three from 'three/src/Three.WebGPU.js';
import * as shading from 'three/src/Three.TSL.js';
import WebGPU from 'three/examples/jsm/capabilities/WebGPU.js';
import { describe } from '../digest.mjs';
import { exercise } from '../geometry.mjs';

const sum = shading.add(shading.float(1), shading.vec3(1, 2, 3));

console.log(describe('three-webgpu', three));
console.log(describe('three-tsl', shading, 0));
console.log(exercise(three));
console.log('available', WebGPU.isAvailable(), 'node', typeof sum, three.NodeUtils !== undefined);
