// node:events: what @jspm/core has of it works; for the rest unenv has the names.

import works from '@jspm/core/nodelibs/events';

export * from 'unenv/node/events';
export {
  EventEmitter, defaultMaxListeners, init, listenerCount, on, once,
} from '@jspm/core/nodelibs/events';
export default works;
