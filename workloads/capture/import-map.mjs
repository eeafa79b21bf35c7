// The import map of a capture: what each specifier means that does not lead to its captured place by itself.

import { posix } from 'node:path';
import { outside } from './commonjs.mjs';

export function importMap({ graph, places, commonjs, workloads }) {
  const imports = new Map();
  const scopes = new Map();
  const paths = new Map();
  const set = (scope, specifier, address) => {
    if (!scopes.has(scope)) scopes.set(scope, new Map());
    scopes.get(scope).set(specifier, address);
  };
  for (const { specifier, target } of workloads) {
    if (specifier) imports.set(specifier, `./${commonjs.placeOf('node', target) ?? places.of(target)}`);
  }
  for (const file of commonjs.required) imports.set(outside(places.of(file)), `./${places.of(file)}`);
  for (const [file, { imports: requests, isForBundlers }] of graph.modules) {
    const from = places.of(file);
    const addressOf = ({ specifier, target, asCommonJS }) => {
      if (/^(node:)?module$/.test(specifier) && graph.requirers.has(file)) return commonjs.placeOf('require', file);
      return asCommonJS ? commonjs.placeOf(isForBundlers ? 'bundlers' : 'node', target) : places.of(target);
    };
    for (const request of requests) {
      const { specifier } = request;
      const address = `./${addressOf(request)}`;
      if (/^\.{0,2}\//.test(specifier)) {
        const plain = `./${posix.join(posix.dirname(from), specifier)}`;
        if (!paths.has(plain)) paths.set(plain, []);
        paths.get(plain).push({ from, address });
        continue;
      }
      // For all of a package alike, but for those that see it otherwise.
      const directory = `./${places.packageOf(file).directory}/`;
      const known = scopes.get(directory)?.get(specifier);
      set(known === undefined || known === address ? directory : `./${from}`, specifier, address);
    }
  }
  for (const [plain, requests] of paths) {
    // A path means the same for nearly every importer. But one may see CommonJS as Node does, and another as bundlers do.
    const usual = requests[0].address;
    if (usual !== plain) imports.set(plain, usual);
    for (const { from, address } of requests) {
      if (address !== usual) set(`./${from}`, plain, address);
    }
  }
  const sorted = (map) => Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
  const ofScopes = [...scopes].map(([scope, map]) => [scope, sorted(map)]);
  return { imports: sorted(imports), scopes: sorted(ofScopes) };
}
