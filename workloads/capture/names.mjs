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
    const it = lookedAt(next);
    // Whoever loads it will say what is wrong with it.
    if (!it.names) return true;
    // `default` is never among what a star exports.
    for (const name of missing) if (it.names.has(name) && (name !== 'default' || next === file)) missing.delete(name);
    for (const specifier of it.stars) {
      const target = find(specifier, next);
      if (target) queue.push(target);
    }
  }
  return missing.size === 0;
}

/** Whether a module looks as if it could not be loaded without a DOM: it has a class of elements, or keeps the document. */
export const needsDOM = (file) => lookedAt(file).isOfDOM;

const known = new Map();

function lookedAt(file) {
  let it = known.get(file);
  if (!it) {
    const text = readFileSync(file, 'utf8');
    const parsed = parseModule(text);
    it = {
      names: parsed && new Set(parsed[1].map(({ name }) => name)),
      stars: (parsed?.[0] ?? []).filter(({ type }) => type === 'reexport-star').map(({ specifier }) => specifier),
      isOfDOM: /\bextends\s+HTML\w*Element\b|[\w$]\s*=\s*document\s*[,;]/.test(text),
    };
    known.set(file, it);
  }
  return it;
}
