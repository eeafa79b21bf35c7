import * as lodash from 'lodash-es';
import { describe } from '../digest.mjs';

const people = [
  { name: 'Ada', field: 'mathematics', born: 1815 },
  { name: 'Grace', field: 'compilers', born: 1906 },
  { name: 'Alan', field: 'mathematics', born: 1912 },
];

console.log(describe('lodash-es', lodash));
console.log(JSON.stringify(lodash.mapValues(lodash.groupBy(people, 'field'), (group) => lodash.map(group, 'name'))));
console.log(lodash.chunk(lodash.range(7), 3).join(';'), lodash.kebabCase('moduleRecordCache'), lodash.startCase('star-export'));
console.log(lodash.default(people).sortBy('born').map('name').reverse().value().join(','));
console.log(lodash.isEqual(lodash.cloneDeep(people), people), lodash.template('<%= a %>+<%= b %>')({ a: 1, b: 2 }));
