// Names with a `#` go through this package's own `imports`; micromark's are chosen by conditions in its `exports`.
import * as micromark from 'micromark';
import * as gfm from 'micromark-extension-gfm';
import { describe } from '#digest';

const text = `# Module *records*

| path | parses |
| ---- | -----: |
| full | 0      |

1. ~~parse~~ &hearts; \`decode\`
2. see [the graph][g] or www.example.org

- [x] done[^1]

[g]: <graph> "A graph"
[^1]: A footnote.
`;

const html = micromark.micromark(text, {
  extensions: [gfm.gfm()],
  htmlExtensions: [gfm.gfmHtml()],
});

console.log(describe('micromark', micromark), describe('gfm', gfm));
console.log(`${html.length} characters, one module by two names: ${(await import('#digest')) === (await import('../digest.mjs'))}`);
console.log(html.split('\n').slice(0, 3).join(' '), html.slice(-60).trim());
