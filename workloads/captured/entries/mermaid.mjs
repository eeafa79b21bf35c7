import './clock.mjs';
import mermaid from 'mermaid';

// Drawing needs a browser, so the program reads what it has got, and sets itself up.
mermaid.initialize({ startOnLoad: false, theme: 'forest' });
console.log('mermaid:', Object.keys(mermaid).sort().join(' '));
console.log(mermaid.mermaidAPI.getConfig().theme, mermaid.getRegisteredDiagramsMetadata().map((it) => it.id).join(' '));
