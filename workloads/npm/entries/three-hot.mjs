// The hot part begins when the load has ended: rays through a cloud of spheres.
import { InstancedMesh, Matrix4, MeshBasicMaterial, Raycaster, SphereGeometry, Vector3 } from 'three/src/Three.js';

setTimeout(() => {
  const mesh = new InstancedMesh(new SphereGeometry(0.4, 16, 12), new MeshBasicMaterial(), 64);
  const matrix = new Matrix4();
  for (let at = 0; at < 64; at++) mesh.setMatrixAt(at, matrix.makeTranslation(at % 4, (at >> 2) % 4, at >> 4));
  mesh.updateMatrixWorld(true);
  const ray = new Raycaster();
  const direction = new Vector3();
  let hits = 0;
  for (let step = 0; step < 700; step++) {
    direction.set(1.5 + (step % 11) / 20 - 5, 1.5 + (step % 7) / 20 - 5, 1.5 - 5).normalize();
    ray.set(new Vector3(5, 5, 5), direction);
    hits += ray.intersectObject(mesh).length;
  }
  console.log(`three-hot: ${hits} hits`);
}, 0);
