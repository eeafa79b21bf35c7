// The hot part begins when the load has ended: a long text becomes HTML, again and again.
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

function page(seed) {
  const rows = Array.from({ length: 12 }, (_, row) => `| ${seed + row} | *${row}* | ~~${seed}~~ |`);
  return `# Page ${seed}\n\nSee [${seed}](#${seed}) or www.example.org/${seed}.\n\n| a | b | c |\n| - | - | - |\n${rows.join('\n')}\n\n- [x] \`done\`\n- [ ] &amp;\n`;
}

setTimeout(() => {
  let length = 0;
  for (let seed = 0; seed < 240; seed++) {
    length += micromark(page(seed), { extensions: [gfm()], htmlExtensions: [gfmHtml()] }).length;
  }
  console.log(`micromark-hot: ${length} characters`);
}, 0);
