'use strict';
// Draws what `data` holds. All numbers that need statistics come computed; here they are only put on axes.
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  // Every point of the timeline by itself: what a series has in common stands in the data once.
  const points = data.timeline.series.flatMap(({ nights, time_ms, gain, ...of }) => nights.map((night, place) => {
    const at = (columns) => (columns?.[0][place] == null ? undefined : columns.map((column) => column[place]));
    return { ...of, ...data.timeline.nights[night], time_ms: at(time_ms), gain: at(gain) };
  }));
  const measured = new Set(points.map((point) => point.path).concat(data.newest.flatMap((run) => run.growth?.map((row) => row.path) ?? [])));
  const PATHS = ['parse', 'bytecode', 'full', 'graph'].filter((path) => path !== 'graph' || measured.has(path));
  const PATH_COLORS = { domain: PATHS, range: PATHS.map((path) => `var(--${path})`) };
  const CACHED_COLORS = { domain: PATHS.slice(1), range: PATH_COLORS.range.slice(1) };
  const PHASES = ['fetch', 'analyze', 'rebuild', 'decode', 'codegen', 'link', 'evaluate', 'rest'];
  const PHASE_COLORS = {
    domain: PHASES,
    range: ['#8a8f98', '#e15759', '#4e9fd1', '#7b61c9', '#f0a04b', '#2f9e77', '#c9b23a', 'var(--edge)'],
  };
  // Means over the workloads of another suite are another series.
  const mean = (suite) => `${suite}, geometric mean`;

  const three = d3.format('.3~r');
  const number = (value) => (value == null ? '–' : value >= 1000 ? d3.format(',.0f')(value) : three(value));
  const times = (value) => (value == null ? '–' : `${d3.format('.2f')(value)}×`);
  const range = (low, high, write = number) => (low == null ? 'no interval' : `${write(low)} to ${write(high)}`);
  const when = d3.utcFormat('%Y-%m-%d %H:%M');
  const bytes = (value) => (value == null ? '–' : value < 1e6 ? `${number(value / 1e3)} kB` : `${number(value / 1e6)} MB`);
  const narrow = (width) => width < 560;

  // ---- elements

  function element(name, attributes = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (value != null) made.setAttribute(key, value);
    }
    made.append(...children.filter((child) => child != null));
    return made;
  }

  function choice(label, options, chosen, changed) {
    const select = element('select', {}, ...options.map((option) => element('option', { value: option }, option)));
    select.value = chosen;
    select.addEventListener('change', () => changed(select.value));
    return element('label', {}, label, select);
  }

  // A part of the page: a title, choices of its own, a chart and a sentence on how to read it. `draw` gets the width, and
  // draws again when that changes.
  function part(id, title, { choices = [], draw, how, missing }) {
    const chart = element('div', { class: 'chart' });
    const caption = element('figcaption', { class: 'caption' });
    const section = element(
      'section',
      { id },
      element('h2', {}, title),
      choices.length ? element('div', { class: 'choice' }, ...choices) : null,
    );
    document.getElementById('charts').append(section);
    if (missing) {
      section.append(element('p', { class: 'note' }, missing));
      return;
    }
    section.append(element('figure', {}, chart, caption));
    caption.append(...[how].flat());
    let drawn = 0;
    const again = () => {
      const width = Math.floor(chart.clientWidth);
      if (width > 0 && width !== drawn) {
        drawn = width;
        chart.replaceChildren(draw(width));
      }
    };
    new ResizeObserver(again).observe(chart);
    again();
    return () => {
      drawn = 0;
      again();
    };
  }

  const code = (text) => element('code', {}, text);

  // ---- what is chosen for the whole page

  const loads = data.newest.filter((run) => run.purpose === 'workloads');
  const growths = data.newest.filter((run) => run.purpose === 'growth');
  const conditions = [...new Set(data.newest.map((run) => run.condition))];
  // A warm page cache is the primary condition.
  const first = loads.find((run) => run.condition.startsWith('warm')) ?? data.newest[0];
  // What an address asks for, as in #suite=suite+bench&workload=d3&at=gain; whatever is not there is left as it would be.
  const asked = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  const chosen = {
    condition: conditions.includes(asked.condition) ? asked.condition : first?.condition,
    suite: asked.suite,
    engine: asked.engine,
    workload: asked.workload,
  };

  // The address of what is shown, to be kept or sent.
  function keep(changes) {
    Object.assign(chosen, changes);
    const said = Object.entries(chosen).filter(([, value]) => value !== undefined);
    window.history.replaceState(null, '', `#${new URLSearchParams(said)}`);
  }

  // The suites of a condition, the one with most runs first: what is measured every night comes before what somebody tried.
  function suitesOf(condition) {
    const here = points.filter((point) => point.condition === condition);
    const runs = d3.rollups(here, (group) => new Set(group.map((point) => point.run)).size, (point) => point.suite);
    return d3.sort(runs, ([, count]) => -count, ([name]) => name).map(([name]) => name);
  }

  function build() {
    const suites = suitesOf(chosen.condition);
    if (!suites.includes(chosen.suite)) chosen.suite = suites[0];
    const run = loads.find((it) => it.condition === chosen.condition && it.suite === chosen.suite);
    const growth = growths.find((it) => it.condition === chosen.condition);
    const engines = (run ?? growth)?.engines ?? [];
    if (!engines.includes(chosen.engine)) chosen.engine = engines[0];

    const form = document.getElementById('choices');
    form.replaceChildren();
    if (conditions.length) {
      form.append(choice('Measured with', conditions, chosen.condition, (value) => {
        keep({ condition: value });
        build();
      }));
    }
    if (suites.length > 1) {
      form.append(choice('Workloads', suites, chosen.suite, (value) => {
        keep({ suite: value });
        build();
      }));
    }
    if (engines.length > 1) {
      form.append(choice('Engine', engines, chosen.engine, (value) => {
        keep({ engine: value });
        build();
      }));
    }
    document.getElementById('headline').replaceChildren();
    document.getElementById('charts').replaceChildren();
    const shown = points
      .filter((point) => point.condition === chosen.condition)
      .map((point) => ({ ...point, at: new Date(point.time), workload: point.workload ?? mean(point.suite) }));
    if (run) headline(run, engines.indexOf(chosen.engine));
    gains(shown);
    absolute(shown);
    if (run) {
      const engine = engines.indexOf(chosen.engine);
      forest(run, engine);
      phases(run, engine);
      samples(run, engine);
      cache(run, engine);
      peers(run);
    }
    grown(growth);
    if (run) table(run, engines.indexOf(chosen.engine));
    links();
    about(run ?? growth);
  }

  // ---- parts

  function headline(run, engine) {
    const place = document.getElementById('headline');
    for (const { path, gain, workloads } of run.summaries[0].engines[engine].geometric_means) {
      if (!gain) continue;
      const { low, high } = gain.interval ?? {};
      place.append(element(
        'div',
        { class: 'card' },
        element('span', {}, `JavaScriptCore ${run.engines[engine]}: `, element('b', { class: path }, path), ' against parse'),
        element('strong', {}, times(gain.value)),
        element('span', {}, `95 %: ${range(low, high, times)}; ${run.suite}, geometric mean of ${workloads} ${workloads === 1 ? 'workload' : 'workloads'}, ${run.time.slice(0, 10)}`),
      ));
    }
  }

  const ends = (values) => ({ value: values[0], low: values[1], high: values[2] });

  // Room beside a single moment, so that it does not fill the whole axis.
  function timeDomain(points) {
    const [first, last] = d3.extent(points, (point) => point.at);
    const room = Math.max((last - first) * 0.04, (last - first) < 60_000 ? 3_600_000 : 0);
    return [new Date(+first - room), new Date(+last + room)];
  }

  function overTime(rows, width, options) {
    const engines = d3.groupSort(rows, (group) => group[0].at, (row) => row.engine);
    return Plot.plot({
      width,
      height: 70 + 220 * engines.length,
      marginLeft: 52,
      marginRight: engines.length > 1 ? 56 : 16,
      marginBottom: 40,
      x: { type: 'utc', domain: timeDomain(rows), label: 'start of the run (UTC)', ticks: Math.max(2, Math.floor(width / 110)) },
      fy: { label: null, padding: 0.12, axis: engines.length > 1 ? 'right' : null },
      ...options,
    });
  }

  // Dots with their intervals, the paths a little beside each other.
  function estimates(rows) {
    return PATHS.flatMap((path, place) => {
      const of = rows.filter((row) => row.path === path);
      const at = { x: 'at', fy: 'engine', dx: 4 * (place - 1) };
      return [
        Plot.ruleX(of.filter((row) => row.low != null), { ...at, y1: 'low', y2: 'high', stroke: 'path', strokeWidth: 1.5 }),
        Plot.dot(of, { ...at, y: 'value', fill: 'path', r: 3.5 }),
      ];
    });
  }

  function gains(all) {
    const rows = all.filter((point) => point.gain).map((point) => ({ ...point, ...ends(point.gain) }));
    const workloads = names(rows);
    let workload = workloads.includes(chosen.workload) ? chosen.workload : workloads[0];
    const redraw = part('gain', 'Gain over time', {
      choices: [choice('Workload', workloads, workload, (value) => { workload = value; keep({ workload }); redraw(); })],
      missing: rows.length ? undefined : missing('workloads'),
      draw: (width) => {
        const shown = rows.filter((row) => row.workload === workload);
        return overTime(shown, width, {
          ariaLabel: 'Gain over time',
          y: { label: '↑ gain (time by parse / time by path)', grid: true, nice: true, tickFormat: (value) => `${value}×` },
          color: { ...CACHED_COLORS, legend: true },
          marks: [
            Plot.ruleY([1], { stroke: 'var(--quiet)', strokeDasharray: '4 3' }),
            Plot.areaY(shown.filter((row) => row.low != null), { x: 'at', y1: 'low', y2: 'high', fy: 'engine', fill: 'path', z: series, fillOpacity: 0.15 }),
            Plot.line(shown, { x: 'at', y: 'value', fy: 'engine', stroke: 'path', z: series, strokeWidth: 1.5 }),
            ...estimates(shown),
            Plot.tip(shown, Plot.pointer({ x: 'at', y: 'value', fy: 'engine', title: (row) => told(row, `${times(row.value)} (${range(row.low, row.high, times)})`) })),
          ],
        });
      },
      how: 'How to read it: 2× means that the parse path takes twice as long; above the dashed line the cache helps. Each dot is one run, its bar the 95 % interval. A line breaks where the workloads changed.',
    });
  }

  function absolute(all) {
    const rows = all.filter((point) => point.time_ms).map((point) => ({ ...point, ...ends(point.time_ms) }));
    const workloads = names(rows);
    let workload = workloads.includes(chosen.workload) ? chosen.workload : workloads[0];
    const environments = data.environments.filter((environment) => environment.condition === chosen.condition);
    const redraw = part('absolute', 'Load time over time, by environment', {
      choices: [choice('Workload', workloads, workload, (value) => { workload = value; keep({ workload }); redraw(); })],
      missing: rows.length ? undefined : missing('workloads'),
      draw: (width) => {
        const shown = rows.filter((row) => row.workload === workload);
        const begins = d3.rollups(shown, (group) => d3.least(group, (row) => row.at), (row) => row.environment).map(([, row]) => row);
        return overTime(shown, width, {
          ariaLabel: 'Load time over time',
          y: { label: '↑ load time (ms, median)', grid: true, zero: true, nice: true },
          color: { ...PATH_COLORS, legend: true },
          marks: [
            Plot.ruleX(begins, { x: 'at', fy: 'engine', stroke: 'var(--edge)' }),
            Plot.text(begins, { x: 'at', fy: 'engine', text: (row) => `E${row.environment}`, frameAnchor: 'top', textAnchor: 'start', dx: 4, fill: 'var(--quiet)' }),
            Plot.line(shown, { x: 'at', y: 'value', fy: 'engine', stroke: 'path', z: (row) => `${series(row)} ${row.environment}`, strokeWidth: 1.5 }),
            ...estimates(shown),
            Plot.ruleY([0]),
            Plot.tip(shown, Plot.pointer({ x: 'at', y: 'value', fy: 'engine', title: (row) => told(row, `${number(row.value)} ms (${range(row.low, row.high)})`) })),
          ],
        });
      },
      how: [
        'How to read it: milliseconds, lower is better. E1, E2, … mark where an environment begins; times of two environments do not compare, so lines do not cross from one to the next.',
        element('ul', {}, ...environments.map((environment) => element('li', {}, `E${environment.number}, from ${environment.since.slice(0, 10)}: JavaScriptCore ${environment.engine} (${environment.fingerprint.slice(0, 8)}) on ${environment.machine}; ${environment.system}`))),
      ],
    });
  }

  const series = (row) => `${row.path} ${row.content}`;

  function told(row, what) {
    const revision = row.revision ? `\ncommit ${row.revision}` : '';
    return `${row.path}: ${what}\n${row.workload}, JavaScriptCore ${row.engine}, E${row.environment}\n${when(row.at)} UTC${revision}`;
  }

  function names(rows) {
    const found = [...new Set(rows.map((row) => row.workload))].sort(d3.ascending);
    const means = suitesOf(chosen.condition).map(mean);
    const first = [mean(chosen.suite), ...means.filter((name) => name !== mean(chosen.suite))].filter((name) => found.includes(name));
    return [...first, ...found.filter((name) => !means.includes(name))];
  }

  const missing = (purpose) =>
    purpose === 'growth'
      ? element('span', {}, 'No run under these conditions has this; it comes with ', code('jsc-harness measure --growth --history'), '.')
      : element('span', {}, 'No run under these conditions has this; it comes with ', code('jsc-harness measure --history'), '.');

  // Ticks of a logarithmic axis of ratios.
  function ratioTicks(low, high) {
    const all = high / low > 8 ? [0.1, 0.25, 0.5, 1, 2, 4, 8, 16, 32] : [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6];
    return all.filter((tick) => low <= tick && tick <= high);
  }

  function forest(run, engine) {
    const metrics = run.summaries;
    let metric = metrics[0];
    const redraw = part('forest', 'Gain of each workload', {
      choices: [choice('Metric', metrics.map((it) => it.metric), metric.metric, (value) => {
        metric = metrics.find((it) => it.metric === value);
        redraw();
      })],
      draw: (width) => {
        const summary = metric.engines[engine];
        const rows = summary.workloads.flatMap((workload) => workload.cells
          .filter((cell) => cell.gain)
          .map((cell) => ({ workload: workload.workload, path: cell.path, value: cell.gain.value, ...cell.gain.interval })));
        rows.push(...summary.geometric_means
          .filter((mean) => mean.gain)
          .map((mean) => ({ workload: 'geometric mean', path: mean.path, value: mean.gain.value, ...mean.gain.interval })));
        const order = summary.workloads.map((workload) => workload.workload);
        const by = new Map(rows.filter((row) => row.path === 'full').map((row) => [row.workload, row.value]));
        order.sort((a, b) => d3.descending(by.get(a) ?? 0, by.get(b) ?? 0));
        const low = d3.min(rows, (row) => row.low ?? row.value);
        const high = d3.max(rows, (row) => row.high ?? row.value);
        const domain = [Math.min(0.95, low * 0.97), Math.max(1.05, high * 1.03)];
        return Plot.plot({
          width,
          ariaLabel: 'Gain of each workload',
          height: 60 + 34 * (order.length + 1),
          marginLeft: labelRoom(order.concat('geometric mean')),
          marginBottom: 40,
          x: { type: 'log', domain, ticks: thinned(ratioTicks(...domain), width), tickFormat: (value) => `${value}×`, label: `gain in ${metric.metric} (parse / path, logarithmic) →`, labelAnchor: 'right', grid: true },
          fy: { domain: order.concat('geometric mean'), label: null, padding: 0.15, axis: 'left' },
          y: { domain: PATHS.slice(1), axis: null },
          color: { ...CACHED_COLORS, legend: true },
          marks: [
            Plot.ruleX([1], { stroke: 'var(--quiet)', strokeDasharray: '4 3' }),
            Plot.ruleY(rows.filter((row) => row.low != null), { y: 'path', fy: 'workload', x1: 'low', x2: 'high', stroke: 'path', strokeWidth: 2 }),
            Plot.dot(rows, { x: 'value', y: 'path', fy: 'workload', fill: 'path', r: (row) => (row.workload === 'geometric mean' ? 5 : 3.5), symbol: (row) => (row.workload === 'geometric mean' ? 'diamond' : 'circle') }),
            Plot.tip(rows, Plot.pointer({ x: 'value', y: 'path', fy: 'workload', title: (row) => `${row.workload} by ${row.path}\n${times(row.value)} (${range(row.low, row.high, times)})` })),
          ],
        });
      },
      how: `How to read it: a dot is the ratio, its bar the 95 % interval from pairs of loads of the same block. Right of the dashed line the path is better than parse; a bar that crosses it shows no difference. The newest run: ${run.run}.`,
    });
  }

  function thinned(ticks, width) {
    const most = Math.max(3, Math.floor((width - 140) / 42));
    if (ticks.length <= most) return ticks;
    const kept = ticks.filter((tick) => [0.25, 0.5, 1, 1.5, 2, 3, 4, 8, 16].includes(tick));
    return kept.length ? kept : ticks.slice(0, most);
  }

  const labelRoom = (labels) => Math.min(160, 16 + 7 * d3.max(labels, (label) => label.length));

  function phases(run, engine) {
    const of = run.phases.filter((row) => row.engine === engine);
    const whole = new Map();
    for (const row of of) {
      if (row.path === 'parse' || !whole.has(row.workload)) whole.set(row.workload, row.load);
    }
    const rows = of.flatMap((row) => {
      const known = d3.sum(row.phases, ([, ms]) => ms);
      return [...row.phases, ['rest', Math.max(0, row.load - known)]].map(([phase, ms]) => ({
        workload: row.workload, path: row.path, phase, ms, share: (100 * ms) / whole.get(row.workload),
      }));
    });
    const order = [...new Set(of.map((row) => row.workload))];
    part('phases', 'Where the time goes', {
      draw: (width) => Plot.plot({
        width,
        ariaLabel: 'Phases of each load',
        height: 60 + 64 * order.length,
        marginLeft: labelRoom(order),
        marginRight: 58,
        marginBottom: 40,
        x: { label: 'share of the time by parse (%) →', grid: true, ticks: narrow(width) ? 4 : 10 },
        y: { domain: PATHS.filter((path) => of.some((row) => row.path === path)), label: null, axis: 'right', tickSize: 0 },
        fy: { domain: order, label: null, axis: 'left', padding: 0.2 },
        color: { ...PHASE_COLORS, legend: true },
        marks: [
          Plot.barX(rows, Plot.stackX({ x: 'share', y: 'path', fy: 'workload', fill: 'phase', order: PHASES, insetTop: 1, insetBottom: 1 })),
          Plot.ruleX([0]),
          Plot.tip(rows, Plot.pointer(Plot.stackX({ x: 'share', y: 'path', fy: 'workload', z: 'phase', order: PHASES, title: (row) => `${row.workload} by ${row.path}\n${row.phase}: ${number(row.ms)} ms, ${number(row.share)} % of the time by parse` }))),
        ],
      }),
      how: 'How to read it: a bar is the mean load by one path, 100 % the mean load by parse. Full has no analyze and no codegen; rebuild and decode are what takes their place. Rest is the loader’s own work between phases.',
    });
  }

  function samples(run, engine) {
    const all = run.samples.filter((row) => row.engine === engine && row.ms != null);
    const workloads = names(all);
    let workload = workloads.includes(chosen.workload) ? chosen.workload : workloads[0];
    const redraw = part('samples', 'Every sample', {
      choices: [choice('Workload', workloads, workload, (value) => { workload = value; keep({ workload }); redraw(); })],
      missing: all.length ? undefined : missing('workloads'),
      draw: (width) => {
        const shown = all.filter((row) => row.workload === workload);
        return Plot.plot({
          width,
          ariaLabel: `Every sample of ${workload}`,
          height: 300,
          marginLeft: 52,
          marginBottom: 40,
          x: { label: 'minutes since the run began →', transform: (second) => second / 60, nice: true },
          y: { label: '↑ load time (ms)', grid: true, nice: true },
          color: { ...PATH_COLORS, legend: true },
          symbol: { domain: ['valid', 'not used'], range: ['circle', 'times'] },
          marks: [
            Plot.dot(shown, { x: 'second', y: 'ms', stroke: 'path', fill: (row) => (row.wrong ? 'none' : row.path), fillOpacity: 0.5, r: 3, symbol: (row) => (row.wrong ? 'not used' : 'valid') }),
            Plot.tip(shown, Plot.pointer({ x: 'second', y: 'ms', title: (row) => `${row.path}: ${number(row.ms)} ms${row.wrong ? `\n${row.wrong}` : ''}` })),
          ],
        });
      },
      how: 'How to read it: each mark is one fresh process, in the order in which they ran. A cloud that drifts or falls into two bands means that the machine changed meanwhile. Crosses are not used: their block was void, or something was wrong with them.',
    });
  }

  function cache(run, engine) {
    const rows = run.phases
      .filter((row) => row.engine === engine && row.path === 'full' && row.cache_bytes != null && row.source_bytes > 0)
      .map((row) => ({ ...row, ratio: row.cache_bytes / row.source_bytes }));
    part('cache', 'Size of the cache', {
      missing: rows.length ? undefined : 'No workload of this run was loaded from a cache.',
      draw: (width) => Plot.plot({
        width,
        ariaLabel: 'Size of the cache',
        height: 50 + 26 * rows.length,
        marginLeft: labelRoom(rows.map((row) => row.workload)),
        marginRight: 70,
        marginBottom: 40,
        x: { label: 'bytes of cache for each byte of source →', grid: true, ticks: narrow(width) ? 4 : 8 },
        y: { domain: d3.sort(rows, (row) => -row.ratio).map((row) => row.workload), label: null },
        marks: [
          Plot.barX(rows, { x: 'ratio', y: 'workload', fill: 'var(--full)', insetTop: 2, insetBottom: 2 }),
          Plot.text(rows, { x: 'ratio', y: 'workload', text: (row) => bytes(row.cache_bytes), textAnchor: 'start', dx: 4 }),
          Plot.ruleX([0]),
          Plot.tip(rows, Plot.pointerY({ x: 'ratio', y: 'workload', title: (row) => `${row.workload}: ${bytes(row.cache_bytes)} of cache for ${bytes(row.source_bytes)} of source, ${times(row.ratio)}` })),
        ],
      }),
      how: 'How to read it: all entries that a load by full takes, divided by its sources; beside each bar their size. Shorter is better.',
    });
  }

  function peers(run) {
    const all = run.peer_summaries.filter((row) => row.value).map((row) => ({ ...row, ...row.value.interval, value: row.value.value }));
    const wrong = run.peer_summaries.filter((row) => row.error);
    const workloads = names(all);
    let workload = workloads.includes(chosen.workload) ? chosen.workload : workloads[0];
    const order = run.peers.map((peer) => peer.name);
    const own = (row) => (row.peer.startsWith('jsc-harness') ? `var(--${row.peer.split(', ')[1]})` : 'var(--quiet)');
    const redraw = part('peers', 'Other runtimes', {
      choices: [choice('Workload', workloads, workload, (value) => { workload = value; keep({ workload }); redraw(); })],
      missing: all.length ? undefined : element('span', {}, 'The newest run under these conditions has no other runtimes; they come with ', code('jsc-harness measure --peers --history'), '.'),
      draw: (width) => {
        const shown = all.filter((row) => row.workload === workload);
        return Plot.plot({
          width,
          ariaLabel: 'Other runtimes',
          height: 50 + 28 * order.length,
          marginLeft: labelRoom(order),
          marginRight: 24,
          marginBottom: 40,
          x: { label: 'time of the whole process (ms, median) →', grid: true, zero: true, nice: true, ticks: narrow(width) ? 4 : 8 },
          y: { domain: order, label: null },
          marks: [
            Plot.barX(shown, { x: 'value', y: 'peer', fill: own, fillOpacity: 0.75, insetTop: 3, insetBottom: 3 }),
            Plot.ruleY(shown.filter((row) => row.low != null), { x1: 'low', x2: 'high', y: 'peer', stroke: 'var(--text)', strokeWidth: 1.5 }),
            Plot.ruleX([0]),
            Plot.tip(shown, Plot.pointerY({ x: 'value', y: 'peer', title: (row) => `${row.peer}: ${number(row.value)} ms (${range(row.low, row.high)})${row.against_full ? `\n${times(row.against_full.value)} of jsc-harness, full` : ''}` })),
          ],
        });
      },
      how: [
        'How to read it: from the start of a process to its end, so what starting a runtime costs is part of it; lower is better, the thin line is the 95 % interval. All ran in the same blocks and printed the same; a runtime without a bar did not.',
        element('ul', {}, ...run.peers.map((peer) => element('li', {}, `${peer.name}: ${peer.version}, `, code(peer.command)))),
        wrong.length ? element('ul', {}, ...wrong.map((row) => element('li', {}, `${row.workload} by ${row.peer}: ${row.error}`))) : '',
      ],
    });
  }

  function grown(run) {
    const rows = (run?.growth ?? [])
      .filter((part) => run.engines.findIndex((engine) => part.engine.includes(engine)) === Math.max(0, run.engines.indexOf(chosen.engine)))
      .flatMap((part) => part.steps.filter((step) => step.value).map((step) => ({
        ...part, size: step.size, value: step.value.value, ...step.value.interval, step: step.exponent?.value,
      })));
    const WORDS = { modules: 'modules in the graph', bytes: 'bytes of source a module' };
    const kinds = [...new Set(rows.map((row) => row.series))];
    const metrics = [...new Set(rows.map((row) => row.metric))];
    let kind = kinds[0];
    let metric = metrics[0];
    const redraw = part('growth', 'How costs grow with size', {
      choices: rows.length ? [
        choice('Growing', kinds, kind, (value) => { kind = value; redraw(); }),
        choice('Cost', metrics, metric, (value) => { metric = value; redraw(); }),
      ] : [],
      missing: rows.length ? undefined : missing('growth'),
      draw: (width) => {
        const shown = rows.filter((row) => row.series === kind && row.metric === metric);
        const exponents = PATHS.map((path) => shown.find((row) => row.path === path)).filter((row) => row?.exponent);
        const drawing = Plot.plot({
          width,
          ariaLabel: 'How costs grow with size',
          height: 360,
          marginLeft: 56,
          marginBottom: 40,
          x: { type: 'log', label: `${WORDS[kind] ?? kind} (logarithmic) →`, grid: true, ticks: narrow(width) ? 4 : 8, tickFormat: '~s' },
          y: { type: 'log', label: `↑ ${metric} (${shown[0]?.unit}, logarithmic)`, grid: true, ticks: 6, tickFormat: '~r' },
          color: { ...PATH_COLORS, legend: true },
          marks: [
            Plot.line(shown, { x: 'size', y: 'value', stroke: 'path', strokeWidth: 1.5 }),
            Plot.ruleX(shown.filter((row) => row.low != null), { x: 'size', y1: 'low', y2: 'high', stroke: 'path', strokeWidth: 1.5 }),
            Plot.dot(shown, { x: 'size', y: 'value', fill: 'path', r: 3.5 }),
            Plot.tip(shown, Plot.pointer({ x: 'size', y: 'value', title: (row) => `${row.path}: ${number(row.value)} ${row.unit} at ${number(row.size)}${row.step == null ? '' : `\nexponent from the size before: ${row.step.toFixed(2)}`}` })),
          ],
        });
        const fitted = exponents.map((row) => `${row.path} ${row.exponent.value.toFixed(2)}${row.exponent.interval ? ` (${range(row.exponent.interval.low, row.exponent.interval.high, d3.format('.2f'))})` : ''}`);
        return element('div', {}, drawing, element('p', { class: 'fit' }, `Exponents over all sizes: ${fitted.join(', ') || 'none'}.`));
      },
      how: 'How to read it: on these axes a power of the size is a straight line, and its slope the exponent: 1 is linear, less means that a fixed cost still dominates, more that large graphs cost more than their share.',
    });
  }

  function table(run, engine) {
    const metric = run.summaries[0];
    const columns = [
      ['workload', 'text'], ['path', 'text'], ['modules'], [`median (95 %), ${metric.unit}`], ['gain (95 %)'],
      ['parses'], ['cache/source'], ['samples'], ['errors'],
    ];
    const between = ({ interval }, write) => (interval ? `(${write(interval.low)}–${write(interval.high)})` : '');
    const cell = (value, write = number) => element('td', { 'data-sort': value ?? -1 }, value == null ? '–' : write(value));
    const rows = metric.engines[engine].workloads.flatMap((workload) => workload.cells.map((it) => element(
      'tr',
      {},
      element('td', { class: 'text' }, workload.workload),
      element('td', { class: 'text' }, element('b', { class: it.path }, it.path)),
      cell(workload.modules, d3.format(',')),
      cell(it.value?.value, (value) => `${number(value)} ${between(it.value, number)}`),
      cell(it.gain?.value, (value) => `${times(value)} ${between(it.gain, times)}`),
      cell(it.parses, d3.format(',')),
      cell(it.cache_bytes_per_source_byte),
      cell(it.value?.samples),
      cell(it.errors),
    )));
    const head = element('tr', {}, ...columns.map(([name, kind]) =>
      element('th', { scope: 'col', class: kind, 'data-sort-method': kind === 'text' ? null : 'number' }, name)));
    const made = element('table', { class: 'sorts' }, element('thead', {}, head), element('tbody', {}, ...rows));
    document.getElementById('charts').append(element(
      'section',
      { id: 'table' },
      element('h2', {}, 'All numbers of the newest run'),
      element('p', { class: 'caption' }, `How to read it: ${metric.meaning}; a click on a heading sorts. Parses counts modules analyzed and pieces of code compiled in each load. Gains compare within a row.`),
      element('div', { class: 'scroll', tabindex: 0 }, made),
    ));
    new Tablesort(made, { descending: true });
  }

  // Flame graphs and bisects, which are files of their own.
  function links() {
    if (!data.links.length) return;
    document.getElementById('charts').append(element(
      'section',
      { id: 'links' },
      element('h2', {}, 'Where differences go, and where they come from'),
      element('p', { class: 'caption' }, 'Flame graphs of ', code('jsc-harness profile --keep'), ' (red: dearer in the second), and what ', code('jsc-harness bisect'), ' has found.'),
      element('ul', {}, ...data.links.map((it) => element('li', {}, element('a', { href: it.href }, it.title)))),
    ));
  }

  function about(run) {
    const place = document.getElementById('about');
    place.replaceChildren(element('p', {}, `Made of ${data.runs} ${data.runs === 1 ? 'run' : 'runs'} by `, code('jsc-harness report'), '.'));
    if (!run) {
      document.getElementById('charts').replaceChildren(element('p', { class: 'note' }, 'There are no results yet. Next: ', code('jsc-harness measure --history')));
      return;
    }
    const voids = d3.sum(Object.values(run.voids));
    place.append(
      element('p', {}, `The newest run, ${run.run}: ${run.machine}; commit ${run.revision ?? 'unknown'}; ${run.rounds} blocks of each workload, ${voids} of ${run.blocks} blocks void${voids ? ` (${Object.entries(run.voids).map(([why, count]) => `${why} ${count}`).join(', ')})` : ''}; load average ${run.load_average.map((it) => it.toFixed(2)).join(' before and ')} after.`),
      element('p', {}, 'Again: ', code(`jsc-harness ${run.command}`)),
    );
  }

  build();
  if (asked.at) document.getElementById(asked.at)?.scrollIntoView();
})();
