import * as namespace from 'three/src/Three.js';

// Every export is read once, so that no bundler drops one; nothing else runs but the modules themselves.
const kinds = {};
for (const name of Object.keys(namespace)) {
  const kind = typeof namespace[name];
  kinds[kind] = (kinds[kind] ?? 0) + 1;
}
console.log('three-src-import:', JSON.stringify(kinds));
