// node:stream: what @jspm/core has of it works; for the rest unenv has the names.

import works from '@jspm/core/nodelibs/stream';

export * from 'unenv/node/stream';
export {
  Duplex, PassThrough, Readable, Stream, Transform, Writable, finished, pipeline, promises,
} from '@jspm/core/nodelibs/stream';
export default works;
