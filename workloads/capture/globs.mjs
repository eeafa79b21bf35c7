// import() of a template: which files its pattern may mean, as bundlers have it.

import { readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** So many files that it is no choice any more, but a folder of everything. */
const MOST = 2000;

/** The files that a relative pattern of `importer` matches, with the specifier of each; `*` stands for what has no slash. */
export function matching(importer, pattern) {
  const folder = pattern.slice(0, pattern.lastIndexOf('/', pattern.indexOf('*')) + 1);
  if (!/^\.{1,2}\//.test(folder)) return [];
  const segments = pattern.slice(folder.length).split('/');
  const found = [];
  const walk = (specifier, [first, ...rest]) => {
    const isMatch = new RegExp(`^${first.split('*').map(escape).join('.+')}$`);
    for (const it of entries(join(dirname(importer), specifier))) {
      if (found.length >= MOST || !isMatch.test(it.name)) continue;
      if (rest.length > 0 && it.isDirectory()) walk(`${specifier}${it.name}/`, rest);
      if (rest.length === 0 && it.isFile() && /\.([cm]?js|json)$/.test(it.name)) {
        found.push({ specifier: specifier + it.name, target: realpathSync(join(dirname(importer), specifier, it.name)) });
      }
    }
  };
  walk(folder, segments);
  return found;
}

function entries(directory) {
  try {
    return readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
