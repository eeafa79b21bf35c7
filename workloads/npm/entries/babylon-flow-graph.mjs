// The package's own table from block names to dynamic imports; each import brings its part of the graph when asked.
import { blockFactory } from '@babylonjs/core/FlowGraph/Blocks/flowGraphBlockFactory.js';
import { FlowGraphBlockNames } from '@babylonjs/core/FlowGraph/Blocks/flowGraphBlockNames.js';
import { describe } from '../digest.mjs';

const blocks = {};
const unknown = [];
for (const name of Object.values(FlowGraphBlockNames).sort()) {
  try {
    blocks[name] = await blockFactory(name)();
  } catch (error) {
    unknown.push(error.message);
  }
}

const Add = await blockFactory('FlowGraphAddBlock')();
const sum = new Add();

console.log(describe('babylon-flow-graph', blocks, 1));
console.log(unknown.length, unknown[0]);
console.log(sum.getClassName(), sum.dataInputs.map((input) => input.name).join('+'), Add === blocks.FlowGraphAddBlock);
