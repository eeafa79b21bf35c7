// The same calls for every build of three, so that their lines can be compared.

export function exercise(three) {
  const box = new three.BoxGeometry(1, 2, 3, 2, 2, 2);
  const mesh = new three.Mesh(box, new three.MeshBasicMaterial());
  mesh.position.set(0, 0, -5);
  mesh.updateMatrixWorld();
  const ray = new three.Raycaster(new three.Vector3(), new three.Vector3(0, 0, -1));
  const hits = ray.intersectObject(mesh).map((hit) => hit.distance.toFixed(3));
  const turn = new three.Quaternion().setFromEuler(new three.Euler(0.1, 0.2, 0.3));
  const moved = new three.Vector3(1, 2, 3).applyQuaternion(turn);
  const curve = new three.CatmullRomCurve3([new three.Vector3(), moved, new three.Vector3(2, 0, 2)]);
  return [
    `vertices ${box.attributes.position.count}`,
    `hits ${hits.join(',')}`,
    `moved ${moved.toArray().map((part) => part.toFixed(4)).join(',')}`,
    `length ${curve.getLength().toFixed(4)}`,
    `color ${new three.Color('rebeccapurple').getHexString()}`,
  ].join('; ');
}
