// CommonJS files become ES modules: all of them in one run of esbuild, so that a file that several of them need is one module
// still. Each is given the named exports that Node finds in it.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, relative } from 'node:path';
import { build } from 'esbuild';
import { initSync, parse as parseCommonJS } from 'cjs-module-lexer';
import { formatOf } from './formats.mjs';
import { builtin } from './resolving.mjs';
import { slashes } from './places.mjs';

initSync?.();

const DIRECTORY = 'commonjs';
const isName = (text) => /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(text);

/**
 * Bundles the CommonJS files that `graph` has found. ES modules that one of them requires stay outside, and are added to the
 * graph.
 */
export async function bundleCommonJS({ graph, places, resolving, project }) {
  const entries = [...graph.commonjs].sort();
  if (entries.length === 0) return { places: new Map(), files: new Map(), inputs: [], required: [] };
  const names = new Map();
  const taken = new Set();
  for (const file of entries) {
    const owner = places.packageOf(file);
    const base = `${owner.directory.slice('modules/'.length)}/${slashes(relative(owner.root, file))}`;
    let name = base.replace(/[^\w@./+-]/g, '_').replace(/\.[^./]*$/, '');
    while (taken.has(name)) name += '_';
    taken.add(name);
    names.set(file, name);
  }
  const required = new Set();
  const problem = (file, specifier, why) => graph.problem(file, specifier, why, false);
  const result = await build({
    absWorkingDir: project,
    entryPoints: entries.map((file) => ({ in: `capture-entry:${file}`, out: names.get(file) })),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'neutral',
    target: 'esnext',
    outdir: `${project}/${DIRECTORY}`,
    chunkNames: 'chunks/[hash]',
    legalComments: 'inline',
    write: false,
    metafile: true,
    logLevel: 'silent',
    loader: { '.node': 'empty', '.wasm': 'empty' },
    plugins: [plugin({ resolving, places, required, problem })],
  });
  const files = new Map();
  for (const output of result.outputFiles) {
    files.set(slashes(relative(project, output.path)), Buffer.from(output.contents));
  }
  const inputs = Object.keys(result.metafile.inputs)
    .filter((it) => !/^[\w-]+:/.test(it))
    .map((it) => `${project}/${it}`);
  return {
    places: new Map(entries.map((file) => [file, `${DIRECTORY}/${names.get(file)}.js`])),
    files,
    inputs,
    required: [...required].sort(),
  };
}

/** What an ES module of the graph is called inside of the bundle: a specifier that the import map knows. */
export const outside = (place) => `captured:${place}`;

function plugin({ resolving, places, required, problem }) {
  return {
    name: 'capture',
    setup({ onResolve, onLoad }) {
      // Modules of ours are called by places: esbuild writes names into what it makes, and no path of a machine may be there.
      const byPlace = new Map();
      const named = (file, namespace) => {
        const path = `${places.of(file)}.${namespace === 'capture-entry' ? 'mjs' : 'cjs'}`;
        byPlace.set(path, file);
        return { path, namespace };
      };
      const star = (path) => `capture-star:${path.slice(0, -'.cjs'.length)}.mjs`;
      onResolve({ filter: /^capture-entry:/ }, ({ path }) => named(path.slice('capture-entry:'.length), 'capture-entry'));
      onLoad({ filter: /.*/, namespace: 'capture-entry' }, ({ path }) => ({
        contents: entry(byPlace.get(path)),
        resolveDir: dirname(byPlace.get(path)),
        loader: 'js',
      }));
      onResolve({ filter: /^capture-star:/ }, ({ path }) => ({
        path: path.slice('capture-star:'.length),
        namespace: 'capture-star',
      }));
      onResolve({ filter: /^captured:/ }, ({ path }) => ({ path, external: true }));
      onResolve({ filter: /.*/ }, ({ path: specifier, importer, namespace, kind }) => {
        if (namespace === 'capture-entry') return { path: specifier };
        if (kind === 'entry-point') return undefined;
        const isRequire = kind.startsWith('require');
        const find = isRequire ? 'required' : 'imported';
        const target = resolving[find](specifier, importer);
        if (!target) {
          problem(importer, specifier, `a ${isRequire ? 'require' : 'import'}() that leads nowhere: it throws when it runs`);
          return { path: specifier, namespace: 'capture-missing' };
        }
        const format = formatOf(target);
        if (format === 'addon') {
          problem(importer, specifier, 'it leads to a native addon: it throws when it runs');
          return { path: specifier, namespace: 'capture-missing' };
        }
        if (format === 'module') {
          required.add(target);
          return named(target, builtin(specifier) ? 'capture-builtin' : 'capture-module');
        }
        return { path: target };
      });
      onLoad({ filter: /.*/, namespace: 'capture-missing' }, ({ path }) => ({
        contents:
          `const error = new Error(${JSON.stringify(`Cannot find module '${path}'`)});\n` +
          `error.code = 'MODULE_NOT_FOUND';\nthrow error;\n`,
      }));
      // Node's require of a built-in module gives what its ES module has as default; of an ES module, its namespace.
      onLoad({ filter: /.*/, namespace: 'capture-builtin' }, ({ path }) => ({
        contents: `const it = require('${star(path)}');\nmodule.exports = it.default ?? it;\n`,
      }));
      onLoad({ filter: /.*/, namespace: 'capture-module' }, ({ path }) => ({
        contents: `module.exports = require('${star(path)}');\n`,
      }));
      onLoad({ filter: /.*/, namespace: 'capture-star' }, ({ path }) => {
        const specifier = JSON.stringify(outside(path.slice(0, -'.mjs'.length)));
        return {
          contents: `import * as it from ${specifier};\nexport * from ${specifier};\nexport default it.default;\n`,
        };
      });
      // The two that every CommonJS file has, where it asks for them.
      onLoad({ filter: /\.c?js$/, namespace: 'file' }, ({ path }) => {
        const text = readFileSync(path, 'utf8');
        if (!/\b__(file|dir)name\b/.test(text)) return undefined;
        const place = `/${places.of(path)}`;
        const head = `var __filename = ${JSON.stringify(place)}, __dirname = ${JSON.stringify(dirname(place))};`;
        return { contents: text.startsWith('#!') ? text.replace('\n', `\n${head} `) : `${head} ${text}`, loader: 'js' };
      });
    },
  };
}

/** An ES module with the exports that Node gives a CommonJS file: `default` is `module.exports`. */
function entry(file) {
  const specifier = JSON.stringify(file);
  let text = `const it = require(${specifier});\nexport default it;\n`;
  [...exportsOf(file, new Set())].sort().forEach((name, place) => {
    if (name === 'default') return;
    text += `const $${place} = it?.[${JSON.stringify(name)}];\nexport { $${place} as ${isName(name) ? name : JSON.stringify(name)} };\n`;
  });
  return text;
}

function exportsOf(file, seen) {
  const names = new Set();
  if (seen.has(file) || extname(file) === '.json') return names;
  seen.add(file);
  let parsed;
  try {
    parsed = parseCommonJS(readFileSync(file, 'utf8'));
  } catch {
    return names;
  }
  for (const name of parsed.exports) names.add(name);
  for (const specifier of parsed.reexports) {
    try {
      const target = createRequire(file).resolve(specifier);
      for (const name of exportsOf(target, seen)) names.add(name);
    } catch {
      // Its own run will say so.
    }
  }
  return names;
}
