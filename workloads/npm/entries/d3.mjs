import * as d3 from 'd3';
import { describe } from '../digest.mjs';

const scale = d3.scaleLinear([0, 97], [0, 500]).nice();
const line = d3.line().curve(d3.curveMonotoneX).digits(2);
const rows = d3.csvParse('name,parent\nroot,\na,root\nb,root\nc,a\n');
const tree = d3.tree().size([100, 100])(d3.stratify().id((row) => row.name).parentId((row) => row.parent)(rows));
// Stopped at once and stepped by hand: a running simulation would hold the event loop.
const simulation = d3.forceSimulation(d3.range(6).map((id) => ({ id }))).force('charge', d3.forceManyBody()).stop().tick(20);
const cells = d3.Delaunay.from([[0, 0], [1, 0], [0, 1], [1, 1], [0.4, 0.6]]);

console.log(describe('d3', d3));
console.log(scale.domain().join('..'), scale.ticks(5).join(','), d3.format(',.2f')(1234567.891));
console.log(line([[0, 1], [1, 3], [2, 2], [3, 5]]));
console.log(tree.descendants().map((node) => `${node.id}@${node.x.toFixed(1)},${node.y.toFixed(1)}`).join(' '));
console.log(simulation.nodes().map((node) => node.x.toFixed(2)).join(' '), cells.triangles.length);
console.log(d3.geoPath(d3.geoMercator()).digits(1)({ type: 'LineString', coordinates: [[0, 0], [30, 20], [60, -10]] }));
