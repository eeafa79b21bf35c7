// Folds a whole namespace into eight hexadecimal digits, so that every export is read and none could be dropped.
// Only what the standard fixes goes in: names, types, arities and own keys; no values, which may hold random identifiers.

const START = 0x811c9dc5;
const PRIME = 0x01000193;

export function digestNamespace(namespace, depth = 2) {
  const names = Object.keys(namespace).sort();
  let hash = fold(START, `namespace:${names.length}`);
  for (const name of names) {
    hash = foldValue(fold(hash, name), namespace[name], depth);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/** The line that each entry prints first. */
export function describe(label, namespace, depth) {
  return `${label}: ${Object.keys(namespace).length} exports, digest ${digestNamespace(namespace, depth)}`;
}

function foldValue(hash, value, depth) {
  const type = typeof value;
  hash = fold(hash, type);
  if (type === 'function') {
    hash = fold(hash, `${value.name}/${value.length}`);
    return depth > 0 && value.prototype ? foldShape(hash, value.prototype) : hash;
  }
  if (type === 'object' && value !== null) {
    return depth > 0 ? foldMembers(hash, value, depth) : hash;
  }
  return hash;
}

// Methods are looked at through their descriptors: calling a getter on a prototype would throw in many classes.
function foldShape(hash, prototype) {
  for (const name of Object.getOwnPropertyNames(prototype).sort()) {
    const { value, get, set } = Object.getOwnPropertyDescriptor(prototype, name);
    hash = fold(hash, `${name}:${typeof value}:${typeof get}:${typeof set}`);
    if (typeof value === 'function' && name !== 'constructor') {
      hash = fold(hash, `${value.name}/${value.length}`);
    }
  }
  return hash;
}

function foldMembers(hash, object, depth) {
  const names = Object.getOwnPropertyNames(object).sort();
  hash = fold(hash, `members:${names.length}`);
  for (const name of names.slice(0, 64)) {
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    hash = fold(hash, name);
    if ('value' in descriptor) {
      hash = foldValue(hash, descriptor.value, depth - 1);
    }
  }
  return hash;
}

// Of each text its length and three characters: this runs within every load that is timed, and is no part of what a load is.
function fold(hash, text) {
  const { length } = text;
  hash = Math.imul(hash ^ length, PRIME);
  hash = Math.imul(hash ^ text.charCodeAt(0), PRIME);
  hash = Math.imul(hash ^ text.charCodeAt(length >> 1), PRIME);
  return Math.imul(hash ^ text.charCodeAt(length - 1), PRIME);
}
