// The globals that a program mentions and that a bare engine lacks, in one module that runs first. None is written here: they
// are those of unenv, core-js and the other packages below.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { builtin } from './resolving.mjs';

/** The classes of the streams standard. */
const STREAMS = [
  'ByteLengthQueuingStrategy', 'CountQueuingStrategy', 'ReadableByteStreamController', 'ReadableStream',
  'ReadableStreamBYOBReader', 'ReadableStreamBYOBRequest', 'ReadableStreamDefaultController',
  'ReadableStreamDefaultReader', 'TransformStream', 'TransformStreamDefaultController', 'WritableStream',
  'WritableStreamDefaultController', 'WritableStreamDefaultWriter',
];

/** Performance and its entries; the engine's own `performance` has now() only. */
const PERFORMANCE = ['Performance', 'PerformanceEntry', 'PerformanceMark', 'PerformanceMeasure', 'PerformanceObserver'];

/** Of each global the module that has it, and how it is called there; nothing when importing the module defines it. */
const GLOBALS = {
  ...Object.fromEntries(STREAMS.map((it) => [it, ['web-streams-polyfill', it]])),
  ...Object.fromEntries(PERFORMANCE.map((it) => [it, ['node:perf_hooks', it]])),
  AbortController: ['abort-controller', 'AbortController'],
  AbortSignal: ['abort-controller', 'AbortSignal'],
  Blob: ['fetch-blob', 'Blob'],
  BroadcastChannel: ['node:worker_threads', 'BroadcastChannel'],
  Buffer: ['node:buffer', 'Buffer'],
  DOMException: ['core-js/actual/dom-exception'],
  DOMMatrix: ['@thednp/dommatrix', 'default'],
  Event: ['event-target-shim', 'Event'],
  EventTarget: ['event-target-shim', 'EventTarget'],
  File: ['fetch-blob/file.js', 'File'],
  FormData: ['formdata-polyfill/esm.min.js', 'FormData'],
  Headers: ['whatwg-fetch', 'Headers'],
  MessageChannel: ['node:worker_threads', 'MessageChannel'],
  MessagePort: ['node:worker_threads', 'MessagePort'],
  Request: ['whatwg-fetch', 'Request'],
  Response: ['whatwg-fetch', 'Response'],
  TextDecoder: ['@kayahr/text-encoding/no-encodings', 'TextDecoder'],
  TextDecoderStream: ['@stardazed/streams-text-encoding', 'TextDecoderStream'],
  TextEncoder: ['@kayahr/text-encoding/no-encodings', 'TextEncoder'],
  TextEncoderStream: ['@stardazed/streams-text-encoding', 'TextEncoderStream'],
  URL: ['core-js/actual/url'],
  URLSearchParams: ['core-js/actual/url-search-params'],
  atob: ['core-js/actual/atob'],
  btoa: ['core-js/actual/btoa'],
  clearImmediate: ['core-js/actual/clear-immediate'],
  crypto: ['polyfill-crypto.getrandomvalues', 'default'],
  fetch: ['whatwg-fetch', 'fetch'],
  global: ['unenv/polyfill/globalthis', 'default'],
  navigator: ['capture-global:browserless', 'navigator'],
  process: ['unenv/node/process', 'default'],
  self: ['core-js/actual/self'],
  setImmediate: ['core-js/actual/set-immediate'],
  structuredClone: ['core-js/actual/structured-clone'],
};

/** What the modules of others need when they are loaded. */
const NEEDS = {
  Blob: ['ReadableStream'],
  BroadcastChannel: ['MessageChannel'],
  Buffer: ['atob', 'btoa'],
  File: ['ReadableStream'],
  FormData: ['Blob', 'File', 'ReadableStream', 'DOMException'],
  MessageChannel: ['Buffer', 'EventTarget', 'Event', 'atob', 'btoa'],
  MessagePort: ['MessageChannel'],
  ...Object.fromEntries(STREAMS.map((it) => [it, ['ReadableStream', 'DOMException']])),
  TextDecoderStream: ['TextDecoder', 'TransformStream'],
  TextEncoderStream: ['TextEncoder', 'TransformStream'],
  Request: ['AbortController', 'AbortSignal', 'URLSearchParams'],
};

/** What is defined first, for the same reason. */
const FIRST = [
  'atob', 'btoa', 'self', 'global', 'DOMException', 'EventTarget', 'Event', 'AbortController', 'AbortSignal', 'URLSearchParams', 'URL',
  'ReadableStream', 'TransformStream', 'TextDecoder', 'TextEncoder', 'Blob', 'File',
];

/** Some draw names at random when they are loaded; a capture has to be the same each time. */
const BEFORE = `export const { random } = Math;
let drawn = 0;
Math.random = () => (drawn += 1) / 4294967296;
`;
const AFTER = `import { random } from 'capture-global:before';
Math.random = random;
`;

/** Who only asks which browser this is gets an answer: none. */
const BROWSERLESS = `export const navigator = { userAgent: '', platform: '', language: 'en', languages: ['en'] };
`;

/** Who asks for parts of Node's version without looking whether there is one. */
const ASKS_FOR_NODE = /\bversions\.node\s*\.|Unable to determine current node version/;
const NOT_NODE = `const { node, ...versions } = it.versions;
Object.defineProperty(it, 'versions', { value: versions, configurable: true, enumerable: true });
`;

/** A document, and what goes with it: early, because events are to be those that it dispatches. It needs atob. */
const DOM = `import * as all from 'linkedom';
const { window } = all.parseHTML('<!doctype html><html><head></head><body></body></html>');
const more = ['document', 'customElements', 'MutationObserver', 'Image', 'addEventListener', 'removeEventListener'];
for (const name of [...Object.keys(all), ...more]) {
  if (window[name]) globalThis[name] ??= window[name];
}
globalThis.window ??= globalThis;
`;
const LOCATION = `globalThis.location ??= new URL('about:blank');
`;

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** The globals that a text mentions; `versions.node` among them if it cannot do without. */
export function mentioned(text, found) {
  if (ASKS_FOR_NODE.test(text)) found.add('versions.node');
  for (const name of Object.keys(GLOBALS)) {
    if (!found.has(name) && new RegExp(`(?<![\\w$])${name}(?![\\w$])`).test(text)) found.add(name);
  }
}

function withNeeds(found) {
  const all = new Set(found);
  // A set gives what is added while it is walked.
  for (const name of all) (NEEDS[name] ?? []).forEach((it) => all.add(it));
  return all;
}

/** The module that defines them, and by which packages; nothing when there are none. With `hasDOM` it has a document, too. */
export async function prelude(found, hasDOM) {
  if (hasDOM) ['atob', 'btoa', 'navigator', 'self', 'URL'].forEach((it) => found.add(it));
  const isNode = found.has('versions.node');
  const names = [...withNeeds(found)].filter((it) => it in GLOBALS).sort();
  names.sort((a, b) => (FIRST.indexOf(a) + 1 || 99) - (FIRST.indexOf(b) + 1 || 99));
  if (names.length === 0) return undefined;
  // The modules of others look for globals when they are loaded: each is defined before the next is imported.
  const parts = names.map((name) => {
    const [specifier, exported] = GLOBALS[name];
    // What has versions.node is taken for Node, and asked for `require` and files: only who fails without it is given it.
    const notNode = name === 'process' && !isNode ? NOT_NODE : '';
    const value = name === 'crypto' ? '{ getRandomValues: it }' : 'it';
    const text = exported
      ? `import { ${exported} as it } from ${JSON.stringify(specifier)};\n${notNode}globalThis.${name} ??= ${value};\n`
      : `import ${JSON.stringify(specifier)};\n`;
    return [name, text];
  });
  const [dom, location] = hasDOM ? [[['dom', DOM]], [['location', LOCATION]]] : [[], []];
  const early = parts.filter(([name]) => hasDOM && /^(atob|btoa)$/.test(name));
  const texts = new Map([['before', BEFORE], ...early, ...dom, ['browserless', BROWSERLESS], ...parts, ...location, ['after', AFTER]]);
  const result = await build({
    absWorkingDir: HERE,
    stdin: { contents: [...texts.keys()].map((it) => `import 'capture-global:${it}';`).join('\n'), resolveDir: HERE },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['import', 'module', 'default'],
    target: 'esnext',
    legalComments: 'inline',
    write: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [
      {
        name: 'capture-globals',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^capture-global:/ }, ({ path }) => ({ path: path.slice(15), namespace: 'capture-global' }));
          onLoad({ filter: /.*/, namespace: 'capture-global' }, ({ path }) => ({
            contents: texts.get(path),
            resolveDir: HERE,
          }));
          onResolve({ filter: /^node:/ }, ({ path }) => ({ path: builtin(path) }));
        },
      },
    ],
  });
  const defined = names.map((name) => ({ name, from: GLOBALS[name][0].replace(/^capture-global:.*/, 'capture') }));
  if (hasDOM) defined.push({ name: 'document', from: 'linkedom' });
  const inputs = Object.keys(result.metafile.inputs).filter((it) => !it.includes(':') && it !== '<stdin>');
  return {
    bytes: Buffer.from(result.outputFiles[0].contents),
    inputs: inputs.map((it) => join(HERE, it)),
    globals: defined.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}
