// The work of `ci/capture-packages`, which says what it does.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const given = process.argv.slice(2);
const isVerified = !given.includes('--no-verify');
const [list, directory, ...named] = given.filter((it) => it !== '--no-verify');
if (!list || !directory) {
  console.error('usage: ci/capture-packages [--no-verify] LIST DIR [ENGINE...]');
  process.exit(64);
}
const program = process.env.HARNESS_PROGRAM ?? resolve(import.meta.dirname, '../target/release/jsc-harness');
const engines = named.length > 0 ? named : installed();
const names = readFileSync(list, 'utf8').split('\n').filter((it) => it.trim() && !it.startsWith('#'));
const counts = { loads: 0, verified: 0 };
for (const name of names) {
  const started = Date.now();
  const result = tried(name);
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(`${name.padEnd(28)} ${seconds.padStart(6)} s  ${result}`);
}
console.log(`of ${names.length} packages ${counts.loads} load by every path${isVerified ? `, ${counts.verified} are verified` : ''}`);
process.exit(counts.loads === names.length ? 0 : 1);

function tried(name) {
  const out = join(resolve(directory), 'captured', name.replace(/[^\w.-]/g, '-'));
  rmSync(out, { recursive: true, force: true });
  const captured = call(directory, 'capture', name, '--out', out);
  if (!existsSync(out)) return `not captured: ${last(captured.stderr)}`;
  const loaded = load(out);
  const lacks = captured.status === 0 ? '' : ` (not captured: ${last(captured.stderr)})`;
  if (loaded.wrong) return `${loaded.wrong}${lacks}`;
  counts.loads++;
  const shown = loaded.printed.trim().slice(0, 100);
  if (!isVerified) return `loads: ${shown}`;
  const verified = call(out, 'verify', '--path', 'full,graph', '--engine', engines.join(','));
  if (verified.status !== 0) return `loads: ${shown}; verify ${verified.status}: ${last(verified.stdout + verified.stderr)}`;
  counts.verified++;
  return `loads, verified: ${shown}`;
}

/** By every path on every engine: what it prints, or what is wrong. */
function load(out) {
  const cache = mkdtempSync(join(tmpdir(), 'capture-packages-'));
  const prelude = existsSync(join(out, 'prelude.mjs')) ? ['--prelude', 'prelude.mjs'] : [];
  const [, entry] = readFileSync(join(out, 'jsc-harness.toml'), 'utf8').match(/^entry = (".*")$/m);
  let printed;
  try {
    for (const engine of engines) {
      for (const path of ['parse', 'full', 'full', 'graph', 'graph']) {
        const cached = path === 'parse' ? [] : ['--cache-dir', join(cache, path)];
        const options = ['--engine', engine, '--path', path, ...cached, '--import-map', 'import-map.json', ...prelude];
        const ran = call(out, 'run', ...options, JSON.parse(entry));
        if (ran.status !== 0) return { wrong: `does not run by ${path} on ${engine}: ${last(ran.stderr)}` };
        printed ??= ran.stdout;
        if (ran.stdout !== printed) return { wrong: `prints ${ran.stdout.trim()} by ${path} on ${engine}, otherwise ${printed}` };
      }
    }
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
  return { printed };
}

function installed() {
  const listed = call('.', 'engine', 'list', '--format', 'json');
  return JSON.parse(listed.stdout).filter((it) => it.state === 'ready').map((it) => it.name);
}

function call(cwd, ...words) {
  return spawnSync(program, words, { cwd, encoding: 'utf8', timeout: 900_000, maxBuffer: 1 << 28 });
}

/** The last words of many, without the least important ones. */
function last(text) {
  return text.trim().split('\n').filter((it) => !/^(note|verify):|^\s*at /.test(it)).slice(-2).join(' | ').slice(0, 200);
}
