// The hot part begins when the load has ended: points find their neighbours and their places.
import { Delaunay, forceCollide, forceManyBody, forceSimulation, randomLcg } from 'd3';

setTimeout(() => {
  const random = randomLcg(7);
  const nodes = Array.from({ length: 400 }, () => ({ x: 100 * random(), y: 100 * random() }));
  const simulation = forceSimulation(nodes).randomSource(random).force('charge', forceManyBody().strength(-2)).force('collide', forceCollide(3)).stop();
  simulation.tick(80);
  const inside = nodes.filter(({ x, y }) => Math.abs(x) < 60 && Math.abs(y) < 60).length;
  let edges = 0;
  for (let round = 0; round < 100; round++) {
    const points = Array.from({ length: 1000 }, () => [random(), random()]);
    edges += Delaunay.from(points).triangles.length;
  }
  console.log(`d3-hot: ${edges} corners, ${inside > 0}`);
}, 0);
