// The mathematics, curves, mesh builders and observers only: anything with an engine needs a page's globals.
import * as babylon from '@babylonjs/core';
import { describe } from '../digest.mjs';

const { Vector3, Matrix, Quaternion } = babylon;
const turn = Matrix.Compose(new Vector3(1, 2, 1), Quaternion.RotationYawPitchRoll(0.1, 0.2, 0.3), new Vector3(4, 5, 6));
const corner = Vector3.TransformCoordinates(Vector3.One(), turn);
const sphere = babylon.CreateSphereVertexData({ segments: 6, diameter: 2 });
const curve = babylon.Curve3.CreateCatmullRomSpline([Vector3.Zero(), corner, new Vector3(2, 0, 2)], 10);

const seen = [];
const observable = new babylon.Observable();
observable.add((value) => seen.push(`first ${value}`));
observable.addOnce((value) => seen.push(`once ${value}`));
observable.notifyObservers(1);
observable.notifyObservers(2);

console.log(describe('babylon', babylon, 1));
console.log('corner', corner.asArray().map((part) => part.toFixed(4)).join(','), 'length', curve.length().toFixed(3));
console.log('sphere', sphere.positions.length, sphere.indices.length, 'seen', seen.join(', '));
