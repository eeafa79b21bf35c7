// The graph of a program: its ES modules, and the CommonJS files that they import.

import { readFileSync } from 'node:fs';
import { formatOf, parseModule } from './formats.mjs';

export class Graph {
  /** ES modules and JSON: by file, their bytes and their imports. */
  modules = new Map();
  /** CommonJS files that an ES module imports. */
  commonjs = new Set();
  /** What cannot be captured: module, specifier, why, and whether the program cannot do without. */
  problems = [];

  #resolving;
  #queue = [];

  constructor(resolving) {
    this.#resolving = resolving;
  }

  /** Adds a file and all that it imports. */
  add(file) {
    this.#reach(file);
    while (this.#queue.length > 0) this.#walk(this.#queue.shift());
  }

  #reach(file) {
    if (this.modules.has(file) || this.commonjs.has(file)) return;
    const format = formatOf(file);
    if (format === 'commonjs') {
      this.commonjs.add(file);
      return;
    }
    this.modules.set(file, { format, bytes: readFileSync(file), imports: [] });
    if (format === 'module') this.#queue.push(file);
  }

  #walk(file) {
    const module = this.modules.get(file);
    const source = module.bytes.toString('utf8');
    const parsed = parseModule(source);
    if (!parsed) {
      this.problem(file, undefined, 'it does not parse as a module', true);
      return;
    }
    for (const found of parsed[0]) {
      if (found.type === 'import-meta') continue;
      const isDynamic = found.type.includes('dynamic');
      if (typeof found.specifier !== 'string') {
        this.problem(file, source.slice(found.start, found.end), 'a computed import(), which may lead to what is not captured', false);
        continue;
      }
      const target = this.#resolving.imported(found.specifier, file);
      if (!target) {
        this.problem(file, found.specifier, 'it leads nowhere', !isDynamic);
        continue;
      }
      const format = formatOf(target);
      if (format === 'addon' || format === 'other') {
        this.problem(file, found.specifier, `it leads to ${format === 'addon' ? 'a native addon' : 'no JavaScript'}`, !isDynamic);
        continue;
      }
      // Without the attribute only bundlers import JSON: they make a module of it.
      const asCommonJS = format === 'json' && !found.attributes;
      module.imports.push({ specifier: found.specifier, target, isDynamic, asCommonJS });
      if (asCommonJS) this.commonjs.add(target);
      else this.#reach(target);
    }
  }

  problem(file, specifier, why, isFatal) {
    this.problems.push({ file, specifier, why, isFatal });
  }
}
