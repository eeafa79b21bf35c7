// node:crypto: what @jspm/core has of it works; for the rest unenv has the names.

import names from 'unenv/node/crypto';
import works from '@jspm/core/nodelibs/crypto';

export * from 'unenv/node/crypto';
export {
  Cipher, Cipheriv, Decipher, Decipheriv, DiffieHellman, DiffieHellmanGroup, Hash, Hmac, Sign, Verify, constants,
  createCipher, createCipheriv, createCredentials, createDecipher, createDecipheriv, createDiffieHellman,
  createDiffieHellmanGroup, createECDH, createHash, createHmac, createSign, createVerify, getCiphers, getDiffieHellman,
  getHashes, getRandomValues, listCiphers, pbkdf2, pbkdf2Sync, privateDecrypt, privateEncrypt, prng, pseudoRandomBytes,
  publicDecrypt, publicEncrypt, randomBytes, randomFill, randomFillSync, randomUUID, rng,
} from '@jspm/core/nodelibs/crypto';
export default { ...names, ...works, webcrypto: names.webcrypto };
