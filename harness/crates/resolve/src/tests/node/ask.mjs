// Answers questions about resolution: `node ask.mjs FILE`, where FILE holds [[URL of an importer, specifier], ...]. An importer
// exports `locate`, its own import.meta.resolve, and `load`, its own import().
//
// Prints [[located, loaded], ...]: a URL (`located`) or nothing (`loaded`), or the code of the error after a `!`.
import { readFileSync } from 'node:fs';

const attempt = async (act) => {
  try {
    return await act();
  } catch (error) {
    return '!' + (error.code ?? error);
  }
};

const answers = [];
for (const [importer, specifier] of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  const { locate, load } = await import(importer);
  answers.push([
    await attempt(() => locate(specifier)),
    await attempt(() => load(specifier).then(() => '')),
  ]);
}
console.log(JSON.stringify(answers));
