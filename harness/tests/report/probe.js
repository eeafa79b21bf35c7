// Runs inside the report before its own scripts, and says in the end what a person would see.
(() => {
  const errors = [];
  addEventListener('error', (event) => errors.push(String(event.message ?? event.type)));
  addEventListener('unhandledrejection', (event) => errors.push(String(event.reason)));
  for (const level of ['error', 'warn']) {
    console[level] = (...words) => errors.push(words.join(' '));
  }

  // Not animation frames: a window that nobody looks at has none.
  const moment = () => new Promise((done) => setTimeout(done, 50));
  const box = (element) => element.getBoundingClientRect();
  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  function chart(section) {
    // A legend's swatches are small drawings of their own.
    const svg = [...section.querySelectorAll('.chart svg')].find((it) => box(it).width > 100);
    const marks = svg ? svg.querySelectorAll('path, rect, circle, line').length : 0;
    const texts = svg ? [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim()) : [];
    const outside = texts.filter((text) => box(text).left < -0.5 || box(text).right > innerWidth + 0.5);
    const overlapping = [];
    for (const axis of svg?.querySelectorAll('g[aria-label$="tick label"]') ?? []) {
      const ticks = [...axis.querySelectorAll('text')].filter((text) => text.textContent);
      ticks.slice(1).forEach((tick, place) => {
        if (overlap(box(ticks[place]), box(tick))) overlapping.push(`${ticks[place].textContent}|${tick.textContent}`);
      });
    }
    return {
      id: section.id,
      title: section.querySelector('h2').textContent,
      caption: section.querySelector('.caption')?.textContent ?? '',
      note: section.querySelector('.note')?.textContent ?? null,
      marks,
      labels: texts.map((text) => text.textContent),
      outside: outside.map((text) => text.textContent),
      overlapping,
      height: svg ? box(svg).height : 0,
    };
  }

  const column = (table, place) => [...table.tBodies[0].rows].map((row) => row.cells[place].textContent);

  async function look() {
    await moment();
    const seen = {
      width: innerWidth,
      scroll_width: document.documentElement.scrollWidth,
      dark: matchMedia('(prefers-color-scheme: dark)').matches,
      background: getComputedStyle(document.body).backgroundColor,
      color: getComputedStyle(document.body).color,
      fetched: performance.getEntriesByType('resource').map((it) => it.name),
      text: document.body.innerText,
      chosen: [...document.querySelectorAll('#choices select, #gain select')].map((it) => it.value),
      links: [...document.querySelectorAll('#links a')].map((it) => it.getAttribute('href')),
      charts: [...document.querySelectorAll('main section')].map(chart),
      sorted: null,
      after_choice: null,
    };
    const table = document.querySelector('table');
    if (table) {
      seen.sorted = { before: column(table, 0) };
      table.tHead.rows[0].cells[0].click();
      seen.sorted.once = column(table, 0);
      table.tHead.rows[0].cells[0].click();
      seen.sorted.twice = column(table, 0);
    }
    const select = document.querySelector('#samples select');
    if (select) {
      const before = document.querySelector('#samples .chart').innerHTML;
      select.value = select.options[select.options.length - 1].value;
      select.dispatchEvent(new Event('change'));
      await moment();
      const after = document.querySelector('#samples .chart').innerHTML;
      seen.after_choice = { options: select.options.length, redrawn: before !== after };
    }
    seen.errors = errors;
    return seen;
  }

  // JSON in which nothing is written otherwise in a document.
  function say(seen) {
    const out = document.createElement('pre');
    out.id = 'probe';
    out.textContent = JSON.stringify(seen).replace(/[<>&\u00a0]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
    document.body.append(out);
  }

  addEventListener('load', () => look().then(say, (error) => say({ failed: String(error) })));
})();
