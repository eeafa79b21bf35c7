// jsc-harness capture: makes of programs workloads that run on a bare engine. One argument, JSON:
// { entries, out, results, conditions, dom }.
// Says what it did as one line of JSON on standard output, and what went wrong on standard error.

import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { bundleCommonJS } from './commonjs.mjs';
import { Graph } from './graph.mjs';
import { mentioned, prelude } from './globals.mjs';
import { importMap } from './import-map.mjs';
import { digest, licenseFiles, Places, slashes } from './places.mjs';
import { builtin, Resolving } from './resolving.mjs';

const VERSION = JSON.parse(readFileSync(new URL('package-lock.json', import.meta.url), 'utf8')).packages;

async function capture({ entries, out, results, conditions, dom }) {
  const firstFile = entries.map((it) => resolve(it)).find(isFile);
  const project = projectOf(firstFile ? dirname(realpathSync(firstFile)) : process.cwd());
  const places = new Places(project);
  const resolving = new Resolving(conditions);
  const graph = new Graph(resolving);
  const workloads = workloadsOf(entries, project, resolving);
  for (const { target } of workloads) graph.add(target);
  // CommonJS may require ES modules, which may import CommonJS.
  let commonjs;
  for (let before = -1; before !== graph.size; ) {
    before = graph.size;
    const known = graph.problems.length;
    commonjs = await bundleCommonJS({ graph, places, resolving, project });
    commonjs.required.forEach((file) => graph.add(file));
    // Each run finds all problems of the bundle again.
    if (before !== graph.size) graph.problems.length = known;
  }
  const files = new Map(commonjs.files);
  const origins = new Map();
  const found = new Set();
  for (const [file, { bytes }] of graph.modules) {
    const place = places.of(file);
    files.set(place, bytes);
    origins.set(place, file);
  }
  for (const bytes of files.values()) mentioned(bytes.toString('utf8'), found);
  const first = await prelude(found, dom);
  if (first) files.set('prelude.mjs', first.bytes);
  files.set('import-map.json', json(importMap({ graph, places, commonjs, workloads })));
  for (const it of workloads.filter((it) => it.text)) files.set(it.entry, Buffer.from(it.text));
  // Every file belongs to a package, and every package has a licence.
  [...commonjs.inputs, ...(first?.inputs ?? [])].forEach((file) => places.packageOf(file));
  for (const owner of places.packages.filter((it) => !it.isOwn)) {
    for (const name of licenseFiles(owner.root)) {
      files.set(`licenses/${owner.directory.slice('modules/'.length)}/${name}`, readFileSync(join(owner.root, name)));
    }
  }
  for (const it of workloads) it.entry ??= commonjs.placeOf('node', it.target) ?? places.of(it.target);
  files.set('jsc-harness.toml', Buffer.from(definitions(workloads, first)));
  const problems = told(graph.problems, places);
  const manifest = {
    schema: 1,
    tools: tools(),
    conditions,
    workloads: workloads.map(({ name, entry, what }) => ({ name, entry, of: what })),
    packages: places.packages.filter((it) => !it.isOwn).map(({ name, version, license, directory }) => ({ name, version, license, directory })),
    globals: first?.globals ?? [],
    replaced: replaced({ graph, places, commonjs }),
    problems: problems.map(({ isFatal, ...it }) => it),
    files: [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, bytes]) => ({
      path,
      sha256: digest(bytes),
      bytes: bytes.length,
      origin: origin(path, origins, places, commonjs),
    })),
  };
  files.set('manifest.json', json(manifest));
  write(out, files, results);
  return { problems, manifest };
}

/** A workload for each entry; no two have the same name. */
function workloadsOf(entries, project, resolving) {
  const names = new Set();
  return [...new Set(entries)].map((entry) => {
    const it = workload(entry, project, resolving);
    const { name } = it;
    for (let n = 2; names.has(it.name); n++) it.name = `${name}-${n}`;
    names.add(it.name);
    if (it.text) it.entry = `${it.name}.mjs`;
    return it;
  });
}

/** A workload of an entry: a file, or the name of a package. */
function workload(entry, project, resolving) {
  const path = resolve(entry);
  if (isFile(path)) {
    const target = realpathSync(path);
    const inside = relative(project, target);
    // What lies elsewhere is called by its own name: no path of a machine may be here.
    const name = inside.startsWith('..') ? basename(target) : slashes(inside);
    return { name, target, what: name };
  }
  const target = /^[./]/.test(entry) ? undefined : resolving.named(entry, process.cwd());
  if (!target) throw new Error(`${entry} is neither a file nor a package that can be imported from here`);
  const name = entry.replace(/[^\w@.-]/g, '-').replace(/^@/, '');
  return {
    name,
    what: entry,
    specifier: entry,
    target,
    text:
      `// Reads every export of ${entry} once.\nimport * as all from ${JSON.stringify(entry)};\n\n` +
      'const types = {};\n' +
      'for (const name of Object.keys(all).sort()) {\n' +
      '  const type = typeof all[name];\n  types[type] = (types[type] ?? 0) + 1;\n}\n' +
      'const sorted = Object.fromEntries(Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1)));\n' +
      `console.log(${JSON.stringify(`${entry}:`)}, JSON.stringify(sorted));\n`,
  };
}

/** The nearest directory with a package.json. */
function projectOf(directory) {
  for (let it = directory; ; it = dirname(it)) {
    if (existsSync(join(it, 'package.json'))) return it;
    if (it === dirname(it)) return directory;
  }
}

function definitions(workloads, first) {
  let text = '# Made by jsc-harness capture. manifest.json says of what.\n';
  for (const { name, entry, what } of workloads) {
    text += `\n[[workload]]\nname = ${JSON.stringify(name)}\nentry = ${JSON.stringify(entry)}\n`;
    text += `why = ${JSON.stringify(`Captured from ${what}.`)}\nimport-map = "import-map.json"\n`;
    if (first) text += 'prelude = "prelude.mjs"\n';
  }
  return text;
}

/** What was not taken as it is, and why. */
function replaced({ graph, places, commonjs }) {
  const list = commonjs.replaced.map(({ kind, file, place }) =>
    kind === 'require'
      ? { what: `node:module in ${places.of(file)}`, by: place, why: 'what it requires with createRequire, bundled' }
      : {
          what: places.of(file),
          by: place,
          why: `CommonJS, bundled with all CommonJS that it requires; for importers that ${kind === 'node' ? 'Node' : 'only bundlers'} would load`,
        },
  );
  const builtins = new Map();
  for (const { imports } of graph.modules.values()) {
    for (const { specifier, target } of imports) {
      if (builtin(specifier) === target) builtins.set(specifier, places.of(target));
    }
  }
  for (const [what, by] of builtins) list.push({ what, by, why: 'a built-in module of Node' });
  return list.sort((a, b) => (a.what < b.what ? -1 : 1));
}

function told(problems, places) {
  const words = problems.map(({ file, specifier, why, isFatal }) => ({ module: places.of(file), specifier, why, isFatal }));
  const key = (it) => JSON.stringify([it.module, it.specifier ?? '', it.why]);
  return [...new Map(words.map((it) => [key(it), it])).entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, it]) => it);
}

function tools() {
  const names = Object.keys(VERSION['']?.dependencies ?? {}).sort();
  return Object.fromEntries(names.map((name) => [name, VERSION[`node_modules/${name}`].version]));
}

function origin(path, origins, places, commonjs) {
  const file = origins.get(path);
  if (file) {
    const { directory, root } = places.packageOf(file);
    return { package: directory.slice('modules/'.length), path: slashes(relative(root, file)) };
  }
  return commonjs.files.has(path) ? 'bundled CommonJS' : 'made by capture';
}

/** All or nothing: into a directory beside it, which then takes its place. The folder `results` of what was there stays. */
function write(out, files, results) {
  mkdirSync(dirname(out), { recursive: true });
  const scratch = mkdtempSync(join(dirname(out), `.${basename(out)}-`));
  const before = `${scratch}-before`;
  try {
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(scratch, path)), { recursive: true });
      writeFileSync(join(scratch, path), bytes);
    }
    // A temporary directory is for its owner only; this is none.
    chmodSync(scratch, 0o777 & ~process.umask());
    if (existsSync(out)) renameSync(out, before);
    renameSync(scratch, out);
  } catch (error) {
    rmSync(scratch, { recursive: true, force: true });
    if (existsSync(before)) renameSync(before, out);
    throw error;
  }
  if (existsSync(join(before, results))) renameSync(join(before, results), join(out, results));
  rmSync(before, { recursive: true, force: true });
}

/** What went wrong: of a syntax error in CommonJS, all places. */
function inWords({ errors, message }) {
  if (!Array.isArray(errors)) return message;
  return errors.map(({ text, location }) => (location ? `${location.file}:${location.line}:${location.column + 1}: ${text}` : text)).join('; ');
}

const isFile = (path) => existsSync(path) && statSync(path).isFile();
const json = (value) => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);

try {
  const { problems, manifest } = await capture(JSON.parse(process.argv[2]));
  for (const { module, specifier, why, isFatal } of problems) {
    console.error(`${isFatal ? 'error' : 'note'}: ${module}: ${specifier === undefined ? '' : `'${specifier}': `}${why}`);
  }
  const isWhole = problems.every((it) => !it.isFatal);
  console.log(JSON.stringify({ files: manifest.files.length, workloads: manifest.workloads.map((it) => it.name), isWhole }));
} catch (error) {
  console.error(`error: cannot capture: ${inWords(error)}`);
  process.exitCode = 4;
}
