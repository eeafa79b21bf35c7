// Names: which ones an import asks for, and whether an ES module has them.

import { readFileSync } from 'node:fs';
import { parseModule } from './formats.mjs';

/** The names that the text of an import or export declaration asks its module for; of a namespace none. */
export function namesAskedFor(text) {
  const plain = text.replace(/\/\*[^]*?\*\/|\/\/.*/g, ' ');
  const names = new Set();
  const listed = plain.match(/\{([^}]*)\}\s*from\b/)?.[1] ?? '';
  for (const item of listed.split(',')) {
    const name = item.trim().split(/\s+as\s+/)[0];
    if (name) names.add(/^["']/.test(name) ? name.slice(1, -1) : name);
  }
  if (/^import\s+(?!\{|\*)[\p{ID_Start}$_][\p{ID_Continue}$]*\s*(,|\bfrom\b)/u.test(plain)) names.add('default');
  return [...names].sort();
}

/** Whether an ES module exports all of `names`. `find` follows its star exports. */
export function exportsAll(file, names, find) {
  const missing = new Set(names);
  const seen = new Set();
  const queue = [file];
  while (missing.size > 0 && queue.length > 0) {
    const next = queue.shift();
    if (seen.has(next)) continue;
    seen.add(next);
    const parsed = parseModule(readFileSync(next, 'utf8'));
    // Whoever loads it will say what is wrong with it.
    if (!parsed) return true;
    for (const it of parsed[1]) {
      // `default` is never among what a star exports.
      if (it.name !== undefined && (it.name !== 'default' || next === file)) missing.delete(it.name);
    }
    for (const it of parsed[0].filter((it) => it.type === 'reexport-star')) {
      const target = find(it.specifier, next);
      if (target) queue.push(target);
    }
  }
  return missing.size === 0;
}
