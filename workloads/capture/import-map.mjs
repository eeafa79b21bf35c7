// The import map of a capture: what each specifier means that does not lead to its captured place by itself.

import { posix } from 'node:path';
import { outside } from './commonjs.mjs';

export function importMap({ graph, places, commonjs, workloads }) {
  const imports = new Map();
  const scopes = new Map();
  const placeOf = (target) => commonjs.places.get(target) ?? places.of(target);
  for (const { specifier, target } of workloads) {
    if (specifier) imports.set(specifier, `./${placeOf(target)}`);
  }
  for (const file of commonjs.required) imports.set(outside(places.of(file)), `./${places.of(file)}`);
  for (const [file, { imports: requests }] of graph.modules) {
    const from = places.of(file);
    for (const { specifier, target } of requests) {
      const address = `./${placeOf(target)}`;
      if (/^\.{0,2}\//.test(specifier)) {
        const plain = `./${posix.join(posix.dirname(from), specifier)}`;
        // A path means the same for every importer.
        if (plain !== address) imports.set(plain, address);
        continue;
      }
      // For all of a package alike, but for those that see it otherwise.
      const directory = `./${places.packageOf(file).directory}/`;
      const known = scopes.get(directory)?.get(specifier);
      const scope = known === undefined || known === address ? directory : `./${from}`;
      if (!scopes.has(scope)) scopes.set(scope, new Map());
      scopes.get(scope).set(specifier, address);
    }
  }
  const sorted = (map) => Object.fromEntries([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
  const ofScopes = [...scopes].map(([scope, map]) => [scope, sorted(map)]);
  return { imports: sorted(imports), scopes: sorted(ofScopes) };
}
