// Where specifiers lead: as Node resolves them, and where that leads nowhere as bundlers do. Node's built-in modules are
// those of unenv, but for one.

import { builtinModules, createRequire } from 'node:module';
import { existsSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { moduleResolve } from 'import-meta-resolve';
import enhanced from 'enhanced-resolve';
import { defineEnv } from 'unenv';
import { formatOf } from './formats.mjs';

const own = createRequire(import.meta.url);
const { alias } = defineEnv({ nodeCompat: true, npmShims: false }).env;
const extensions = ['.mjs', '.js', '.json', '.cjs'];

/** Modules of unenv that ask the engine for what a bare one lacks, and others in their place. */
const INSTEAD = { crypto: '@jspm/core/nodelibs/crypto' };

/** The files of unenv that stand for Node's built-in module `specifier`; nothing for anything else. */
export function builtin(specifier) {
  const name = specifier.replace(/^node:/, '');
  if (!specifier.startsWith('node:') && !builtinModules.includes(name)) return undefined;
  const target = INSTEAD[name] ?? alias[`node:${name}`] ?? alias[name];
  if (!target) return undefined;
  return fileURLToPath(moduleResolve(target, new URL(import.meta.url), new Set(['import', 'browser', 'default'])));
}

export class Resolving {
  #conditions;
  #likeBundlers;
  #required;

  /** `conditions` hold besides import, module-sync and default. */
  constructor(conditions) {
    this.#conditions = new Set(['import', 'module-sync', ...conditions]);
    const common = { extensions, mainFields: ['module', 'main'], symlinks: true };
    this.#likeBundlers = enhanced.create.sync({ ...common, conditionNames: [...this.#conditions, 'module', 'default'] });
    this.#required = enhanced.create.sync({
      ...common,
      mainFields: ['main'],
      extensions: ['.js', '.json', '.node', '.cjs', '.mjs'],
      conditionNames: ['require', 'module-sync', ...conditions, 'default'],
    });
  }

  /** The file that an `import` of `specifier` in `importer` means; nothing when there is none. */
  imported(specifier, importer) {
    const node = builtin(specifier);
    // A package may have the name of a built-in module; Node prefers its own.
    if (node) return node;
    if (/^(https?|data|blob|node):/.test(specifier)) return undefined;
    const likeNode = attempt(() => {
      const url = moduleResolve(specifier, pathToFileURL(importer), this.#conditions);
      return url.protocol === 'file:' && isFile(fileURLToPath(url)) ? fileURLToPath(url) : undefined;
    });
    if (likeNode && formatOf(likeNode) !== 'commonjs') return likeNode;
    // Where Node would load CommonJS, many packages have the same as ES modules for bundlers.
    const likeBundlers = attempt(() => this.#likeBundlers(dirname(importer), specifier));
    if (!likeNode) return likeBundlers;
    return likeBundlers && formatOf(likeBundlers) === 'module' ? likeBundlers : likeNode;
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

/** The file of one of our own packages. */
export const ownFile = (specifier) => own.resolve(specifier);

function attempt(resolve) {
  try {
    const found = resolve();
    return found ? realpathSync(found.split('?')[0]) : undefined;
  } catch {
    return undefined;
  }
}

function isFile(path) {
  return existsSync(path) && statSync(path).isFile();
}
