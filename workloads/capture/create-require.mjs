// ES modules that make themselves a `require` with createRequire of node:module: what they require is captured, too.

const CALLED = /\bcreateRequire\b/;
const LITERAL = String.raw`\(\s*(["'])((?:(?!\1)[^\\\n])+)\1\s*[,)]`;

/** What a module requires by a `require` of its own, sorted; nothing when it makes none. */
export function requiredByHand(source) {
  if (!CALLED.test(source)) return undefined;
  const makers = new Set(['createRequire']);
  for (const [, alias] of source.matchAll(/\bcreateRequire\s+as\s+([\w$]+)/g)) makers.add(alias);
  const maker = [...makers].map(escaped).join('|');
  // What it is called there, and the helpers of bundlers that call it.
  const callers = new Set(['require', '__require', '_require', 'nodeRequire']);
  for (const [, name] of source.matchAll(new RegExp(String.raw`([\w$]+)\s*=\s*(?:[\w$]+\s*\.\s*)*(?:${maker})\s*\(`, 'g'))) callers.add(name);
  const found = new Set();
  const caller = [...callers].map(escaped).join('|');
  const calls = [
    new RegExp(String.raw`(?<![\w$.])(?:${caller})\s*${LITERAL}`, 'g'),
    new RegExp(String.raw`(?:${maker})\s*\([^()]*\)\s*${LITERAL}`, 'g'),
  ];
  for (const call of calls) {
    for (const [, , specifier] of source.matchAll(call)) found.add(specifier);
  }
  return [...found].sort();
}

/**
 * The CommonJS text of a table: by specifier what requires it. The specifiers are literal, so that a bundler follows them, and
 * nothing runs before it is asked for.
 */
export function tableText(specifiers) {
  const rows = specifiers.map((it) => `  ${JSON.stringify(it)}: () => require(${JSON.stringify(it)}),\n`);
  return `module.exports = {\n  __proto__: null,\n${rows.join('')}};\n`;
}

/** The ES module that has the place of node:module for one importer: its createRequire knows the table. */
export function moduleText(table) {
  return `import real from 'node:module';
import table from ${JSON.stringify(table)};
export * from 'node:module';
export function createRequire(from) {
  const original = real.createRequire(from);
  return Object.assign((specifier) => (table[specifier] ?? original)(specifier), original);
}
export default { ...real, createRequire };
`;
}

const escaped = (name) => name.replaceAll('$', '\\$');
