import * as namespace from 'lodash-es';

// Every export is read once, so that no bundler drops one; nothing else runs but the modules themselves.
const kinds = {};
for (const name of Object.keys(namespace)) {
  const kind = typeof namespace[name];
  kinds[kind] = (kinds[kind] ?? 0) + 1;
}
console.log('lodash-es-import:', JSON.stringify(kinds));
