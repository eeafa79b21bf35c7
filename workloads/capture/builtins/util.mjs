// node:util: what @jspm/core has of it works; for the rest unenv has the names.

import names from 'unenv/node/util';
import works from '@jspm/core/nodelibs/util';

export * from 'unenv/node/util';
export {
  _extend, callbackify, debuglog, deprecate, format, inherits, inspect, isArray, isBoolean, isBuffer, isDate, isError,
  isFunction, isNull, isNullOrUndefined, isNumber, isObject, isPrimitive, isRegExp, isString, isSymbol, isUndefined,
  log, promisify, types,
} from '@jspm/core/nodelibs/util';
export default { ...names, ...works };
