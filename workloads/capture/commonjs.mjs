// CommonJS files become ES modules: all of them in one run of esbuild, so that a file that several of them need is one module
// still. Each is given the named exports that Node finds in it.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, relative } from 'node:path';
import { build } from 'esbuild';
import { initSync, parse as parseCommonJS } from 'cjs-module-lexer';
import { moduleText, tableText } from './create-require.mjs';
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
  const entries = entriesOf(graph, places);
  if (entries.length === 0) return { placeOf: () => undefined, replaced: [], files: new Map(), inputs: [], required: [] };
  const required = new Set();
  const problem = (file, specifier, why) => graph.problem(file, specifier, why, false);
  const result = await build({
    absWorkingDir: project,
    entryPoints: entries.map((it, place) => ({ in: `capture-entry:${place}`, out: it.name })),
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
    plugins: [plugin({ entries, graph, resolving, places, required, problem })],
  });
  const files = new Map();
  for (const output of result.outputFiles) {
    files.set(slashes(relative(project, output.path)), Buffer.from(output.contents));
  }
  const inputs = Object.keys(result.metafile.inputs)
    .filter((it) => !/^[\w-]+:/.test(it))
    .map((it) => `${project}/${it}`);
  const byKey = new Map(entries.map((it) => [`${it.kind} ${it.file}`, `${DIRECTORY}/${it.name}.js`]));
  return {
    /** The place of a CommonJS file as importers of one kind see it (`node`, `bundlers`), or of the `module` of a file (`require`). */
    placeOf: (kind, file) => byKey.get(`${kind} ${file}`),
    replaced: entries.map((it) => ({ kind: it.kind, file: it.file, place: `${DIRECTORY}/${it.name}.js` })),
    files,
    inputs,
    required: [...required].sort(),
  };
}

/** The modules to make: of each CommonJS file one for those that expect what Node gives, and one for those of bundlers. */
function entriesOf(graph, places) {
  const kinds = new Map();
  const want = (file, kind) => kinds.set(`${kind} ${file}`, { file, kind });
  for (const { imports, isForBundlers } of graph.modules.values()) {
    for (const { target } of imports.filter((it) => it.asCommonJS)) want(target, isForBundlers ? 'bundlers' : 'node');
  }
  for (const file of graph.requirers.keys()) want(file, 'require');
  for (const file of graph.roots) want(file, 'node');
  const entries = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it);
  const taken = new Set();
  for (const it of entries) {
    const owner = places.packageOf(it.file);
    const base = `${owner.directory.slice('modules/'.length)}/${slashes(relative(owner.root, it.file))}`;
    it.name = base.replace(/[^\w@./+-]/g, '_').replace(/\.[^./]*$/, '') + SUFFIX[it.kind];
    while (taken.has(it.name)) it.name += '_';
    taken.add(it.name);
  }
  return entries;
}

const SUFFIX = { node: '', bundlers: '+bundlers', require: '+module' };

/** What an ES module of the graph is called inside of the bundle: a specifier that the import map knows. */
export const outside = (place) => `captured:${place}`;

function plugin({ entries, graph, resolving, places, required, problem }) {
  return {
    name: 'capture',
    setup({ onResolve, onLoad }) {
      // Modules of ours are called by places: esbuild writes names into what it makes, and no path of a machine may be there.
      const byPlace = new Map();
      const named = (file, namespace) => {
        const path = `${places.of(file)}.cjs`;
        byPlace.set(path, file);
        return { path, namespace };
      };
      const star = (path) => `capture-star:${path.slice(0, -'.cjs'.length)}.mjs`;
      const byName = new Map(entries.map((it) => [`${it.name}.mjs`, it]));
      onResolve({ filter: /^capture-entry:/ }, ({ path }) => ({
        path: `${entries[path.slice('capture-entry:'.length)].name}.mjs`,
        namespace: 'capture-entry',
      }));
      onLoad({ filter: /.*/, namespace: 'capture-entry' }, ({ path }) => {
        const { file, kind } = byName.get(path);
        const names = graph.commonjs.get(file) ?? [];
        return {
          contents: kind === 'require' ? moduleText(`capture-table:${path}`) : entry(file, kind, names),
          resolveDir: dirname(file),
          loader: 'js',
        };
      });
      onResolve({ filter: /^capture-table:/ }, ({ path }) => ({
        path: path.slice('capture-table:'.length).replace(/mjs$/, 'cjs'),
        namespace: 'capture-table',
      }));
      const ofTable = (path) => byName.get(path.replace(/cjs$/, 'mjs')).file;
      onLoad({ filter: /.*/, namespace: 'capture-table' }, ({ path }) => ({
        contents: tableText(graph.requirers.get(ofTable(path))),
        resolveDir: dirname(ofTable(path)),
        loader: 'js',
      }));
      onResolve({ filter: /^capture-star:/ }, ({ path }) => ({
        path: path.slice('capture-star:'.length),
        namespace: 'capture-star',
      }));
      onResolve({ filter: /^captured:/ }, ({ path }) => ({ path, external: true }));
      onResolve({ filter: /.*/ }, ({ path: specifier, importer: from, namespace, kind }) => {
        if (kind === 'entry-point') return undefined;
        if (namespace === 'capture-entry') {
          const node = builtin(specifier);
          if (!node) return { path: specifier };
          required.add(node);
          return { path: outside(places.of(node)), external: true };
        }
        const importer = namespace === 'capture-table' ? ofTable(from) : from;
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
          // import() gives the ES module itself.
          if (!isRequire) return { path: outside(places.of(target)), external: true };
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

/**
 * An ES module with the exports that Node gives a CommonJS file: `default` is `module.exports`. Who is written for bundlers may
 * ask for more `names`, and for the default of what was compiled from an ES module.
 */
function entry(file, kind, names) {
  const isForBundlers = kind === 'bundlers';
  const known = exportsOf(file, new Set());
  const all = new Set(isForBundlers ? [...known, ...names] : known);
  let text = `const it = require(${JSON.stringify(file)});\n`;
  text += isForBundlers ? "export default it?.__esModule && 'default' in it ? it.default : it;\n" : 'export default it;\n';
  [...all].sort().forEach((name, place) => {
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
