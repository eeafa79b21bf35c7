// What a file is: an ES module, CommonJS, JSON, or something that cannot be captured.

import { readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { init, parse } from 'es-module-lexer';
import { transformSync } from 'esbuild';

await init;

const types = new Map();

/** `module`, `commonjs`, `json`, `wasm`, `addon` or `other`. */
export function formatOf(file) {
  switch (extname(file)) {
    case '.mjs':
      return 'module';
    case '.cjs':
      return 'commonjs';
    case '.json':
      return 'json';
    case '.wasm':
      return 'wasm';
    case '.node':
      return 'addon';
    case '.js':
    case '':
      return packageType(dirname(file)) ?? (looksLikeModule(file) ? 'module' : 'commonjs');
    default:
      return looksLikeModule(file) ? 'module' : 'other';
  }
}

/** Its imports and exports; nothing when it does not parse as a module. */
export function parseModule(source) {
  try {
    return parse(source);
  } catch {
    return undefined;
  }
}

/** Why a module or JSON does not parse. */
export function syntaxError(format, bytes) {
  try {
    if (format === 'json') JSON.parse(bytes.toString('utf8'));
    if (format === 'module') transformSync(bytes.toString('utf8'), { format: 'esm', target: 'esnext', logLevel: 'silent' });
  } catch (error) {
    const [first] = error.errors ?? [];
    return first ? `${first.text} (line ${first.location?.line ?? 1})` : error.message;
  }
  return undefined;
}

/** Whether only bundlers take a file for an ES module: it has no `.mjs`, and its package no type. */
export function isForBundlers(file) {
  return extname(file) !== '.mjs' && packageType(dirname(file)) !== 'module';
}

/** What `type` of the nearest package.json says; a bundler's `module` files are told by their text. */
function packageType(directory) {
  if (!types.has(directory)) {
    let type;
    try {
      const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
      type = manifest.type === 'module' ? 'module' : undefined;
    } catch {
      const parent = dirname(directory);
      type = parent === directory || parent.endsWith('node_modules') ? undefined : packageType(parent);
    }
    types.set(directory, type);
  }
  return types.get(directory);
}

/** As Node's module detection: syntax that only modules have. */
function looksLikeModule(file) {
  const parsed = parseModule(readFileSync(file, 'utf8'));
  return parsed !== undefined && parsed[3];
}
