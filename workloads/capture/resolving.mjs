// Where specifiers lead: as Node resolves them, and where that leads nowhere as bundlers do. Node's built-in modules are
// those of unenv, but for one.

import { builtinModules } from 'node:module';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { moduleResolve } from 'import-meta-resolve';
import enhanced from 'enhanced-resolve';
import { defineEnv } from 'unenv';
import { formatOf } from './formats.mjs';
import { exportsAll, needsDOM } from './names.mjs';

const { alias } = defineEnv({ nodeCompat: true, npmShims: false }).env;
const extensions = ['.mjs', '.js', '.json', '.cjs'];

/** Modules in the place of those of unenv: what needs less of the engine or does more, and what is the global `process`. */
const INSTEAD = {
  crypto: './builtins/crypto.mjs',
  events: './builtins/events.mjs',
  process: './builtins/process.mjs',
  stream: './builtins/stream.mjs',
  'stream/promises': '@jspm/core/nodelibs/stream/promises',
  string_decoder: '@jspm/core/nodelibs/string_decoder',
  sys: './builtins/util.mjs',
  util: './builtins/util.mjs',
  'util/types': '@jspm/core/nodelibs/util/types',
  zlib: './builtins/zlib.mjs',
};

/** What a package has in the place of a module that it wants to do without. */
const EMPTY = fileURLToPath(new URL('builtins/empty.cjs', import.meta.url));

/** The files of unenv that stand for Node's built-in module `specifier`; nothing for anything else. */
export function builtin(specifier) {
  const name = specifier.replace(/^node:/, '');
  if (!specifier.startsWith('node:') && !builtinModules.includes(name)) return undefined;
  const target = INSTEAD[name] ?? alias[`node:${name}`] ?? alias[name];
  if (!target) return undefined;
  if (target.startsWith('.')) return fileURLToPath(new URL(target, import.meta.url));
  return fileURLToPath(moduleResolve(target, new URL(import.meta.url), new Set(['import', 'browser', 'default'])));
}

export class Resolving {
  #conditions;
  #isBrowser;
  #likeBundlers;
  #required;
  #known = new Map();

  /** `conditions` hold besides import, module-sync and default. With `browser`, so does the field of that name. */
  constructor(conditions) {
    this.#conditions = new Set(['import', 'module-sync', ...conditions]);
    this.#isBrowser = conditions.includes('browser');
    const browser = this.#isBrowser ? ['browser'] : [];
    const common = { extensions, mainFields: [...browser, 'module', 'main'], aliasFields: browser, symlinks: true };
    this.#likeBundlers = enhanced.create.sync({ ...common, conditionNames: [...this.#conditions, 'module', 'default'] });
    this.#required = enhanced.create.sync({
      ...common,
      mainFields: [...browser, 'main'],
      extensions: ['.js', '.json', '.node', '.cjs', '.mjs'],
      conditionNames: ['require', 'module-sync', ...conditions, 'default'],
    });
  }

  /** The file that an `import` of `specifier` in `importer` means, which asks for `names`; nothing when there is none. */
  imported(specifier, importer, names = []) {
    const key = JSON.stringify([specifier, importer, names]);
    if (!this.#known.has(key)) this.#known.set(key, this.#find(specifier, importer, names));
    return this.#known.get(key);
  }

  #find(specifier, importer, names) {
    const node = builtin(specifier);
    // A package may have the name of a built-in module; Node prefers its own.
    if (node) return node;
    if (/^(https?|data|blob|node):/.test(specifier)) return undefined;
    const likeNode = this.#likeNode(specifier, importer, names);
    if (likeNode && formatOf(likeNode) !== 'commonjs' && !this.#isBrowser) return likeNode;
    const likeBundlers = attempt(() => this.#likeBundlers(dirname(importer), specifier));
    if (!likeNode || !likeBundlers) return likeNode ?? likeBundlers;
    if (formatOf(likeNode) !== 'commonjs') return likeBundlers;
    // Where Node would load CommonJS, many packages have the same as ES modules for bundlers; not always all of it.
    const isSame = () => exportsAll(likeBundlers, names, (it, from) => this.imported(it, from));
    if (formatOf(likeBundlers) === 'module') return isSame() ? likeBundlers : likeNode;
    return this.#isBrowser ? likeBundlers : likeNode;
  }

  /** As Node does; with the condition `node` only where there is no doing without. */
  #likeNode(specifier, importer, names) {
    const resolve = (conditions) => {
      const url = moduleResolve(specifier, pathToFileURL(importer), conditions);
      return url.protocol === 'file:' && isFile(fileURLToPath(url)) ? fileURLToPath(url) : undefined;
    };
    const found = attempt(() => resolve(this.#conditions));
    if (specifier.startsWith('.') || (found && this.#isFit(found, names))) return found;
    const ofNode = attempt(() => resolve(new Set(['node', ...this.#conditions])));
    return ofNode && ofNode !== found && this.#isFit(ofNode, names) ? ofNode : found;
  }

  /** Whether an ES module exports what is asked for, and needs no DOM when it is loaded. */
  #isFit(file, names) {
    if (formatOf(file) !== 'module') return true;
    return exportsAll(file, names, (it, from) => this.imported(it, from)) && !needsDOM(file);
  }

  /** The file that a `require` of `specifier` in `importer` means; nothing when there is none. */
  required(specifier, importer) {
    return builtin(specifier) ?? attempt(() => this.#required(dirname(importer), specifier));
  }

  /** The file that a package's name means in a directory. */
  named(specifier, directory) {
    return this.imported(specifier, join(directory, 'index.mjs'));
  }
}

function attempt(resolve) {
  try {
    const found = resolve();
    if (found === false) return EMPTY;
    return found ? realpathSync(found.split('?')[0]) : undefined;
  } catch {
    return undefined;
  }
}

function isFile(path) {
  return existsSync(path) && statSync(path).isFile();
}
