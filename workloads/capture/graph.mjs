// The graph of a program: its ES modules, and the CommonJS files that they import.

import { readFileSync } from 'node:fs';
import { formatOf, isForBundlers, parseModule, syntaxError } from './formats.mjs';
import { matching } from './globs.mjs';
import { namesAskedFor } from './names.mjs';
import { requiredByHand } from './create-require.mjs';

export class Graph {
  /** ES modules and JSON: by file, their bytes and their imports. */
  modules = new Map();
  /** CommonJS files that an ES module imports, with the names that are asked of each beyond those that Node finds. */
  commonjs = new Map();
  /** ES modules that make a `require` of their own, with what they require. */
  requirers = new Map();
  /** CommonJS files that a program starts with. */
  roots = new Set();
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
    if (this.commonjs.has(file)) this.roots.add(file);
    while (this.#queue.length > 0) this.#walk(this.#queue.shift());
  }

  /** How much was found so far. */
  get size() {
    return this.modules.size + this.commonjs.size;
  }

  #reach(file) {
    if (this.modules.has(file) || this.commonjs.has(file)) return;
    const format = formatOf(file);
    if (format === 'commonjs') {
      this.#reachCommonJS(file, []);
      return;
    }
    if (format === 'addon' || format === 'other') {
      this.problem(file, undefined, `it is ${nameOf(format)}`, true);
      return;
    }
    const bytes = readFileSync(file);
    const wrong = syntaxError(format, bytes);
    if (wrong) this.problem(file, undefined, wrong, true);
    this.modules.set(file, { format, bytes, imports: [] });
    if (format === 'module') this.#queue.push(file);
  }

  #reachCommonJS(file, names) {
    if (!this.commonjs.has(file)) this.commonjs.set(file, new Set());
    for (const name of names) this.commonjs.get(file).add(name);
  }

  #walk(file) {
    const module = this.modules.get(file);
    const source = module.bytes.toString('utf8');
    const parsed = parseModule(source);
    // What is wrong with it has been said.
    if (!parsed) return;
    // A package that only bundlers take for ES modules expects of CommonJS what bundlers make of it.
    module.isForBundlers = isForBundlers(file);
    for (const found of parsed[0]) {
      if (found.type === 'import-meta') continue;
      if (typeof found.specifier !== 'string') {
        this.problem(file, source.slice(found.start, found.end), 'a computed import(), which may lead to what is not captured', false);
      } else if (found.glob) {
        this.#importAll(module, file, found.specifier);
      } else {
        this.#import(module, file, found, source.slice(found.importStart, found.importEnd));
      }
    }
    const required = parsed[0].some((it) => /^(node:)?module$/.test(it.specifier)) && requiredByHand(source);
    if (required) this.requirers.set(file, required);
  }

  #import(module, file, { specifier, type, attributes }, text) {
    const isDynamic = type.includes('dynamic');
    const names = isDynamic ? [] : namesAskedFor(text);
    const target = this.#resolving.imported(specifier, file, names);
    if (!target) {
      this.problem(file, specifier, 'it leads nowhere', !isDynamic);
      return;
    }
    const format = formatOf(target);
    if (format === 'addon' || format === 'other') {
      this.problem(file, specifier, `it leads to ${nameOf(format)}`, !isDynamic);
      return;
    }
    // Without the attribute only bundlers import JSON: they make a module of it. What import() is given is not looked at.
    const asCommonJS = format === 'commonjs' || (format === 'json' && !attributes && !isDynamic);
    module.imports.push({ specifier, target, asCommonJS });
    if (asCommonJS) this.#reachCommonJS(target, module.isForBundlers ? names : []);
    else this.#reach(target);
  }

  /** `import()` of a template: all files that it may mean. */
  #importAll(module, file, pattern) {
    const found = matching(file, pattern);
    if (found.length === 0) {
      this.problem(file, pattern, 'a computed import(), which may lead to what is not captured', false);
    }
    for (const { specifier, target } of found) {
      const format = formatOf(target);
      if (format === 'addon' || format === 'other') continue;
      const asCommonJS = format === 'commonjs';
      module.imports.push({ specifier, target, asCommonJS });
      if (asCommonJS) this.#reachCommonJS(target, []);
      else this.#reach(target);
    }
  }

  problem(file, specifier, why, isFatal) {
    this.problems.push({ file, specifier, why, isFatal });
  }
}

const nameOf = (format) => (format === 'addon' ? 'a native addon' : 'no JavaScript');
