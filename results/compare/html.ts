import { differenceText, findingsOf, legend, rowsOf, settingText } from './cells.ts';
import { element, escapeHtml } from './markup.ts';
import { metrics } from './metrics.ts';
import { style } from './page-style.ts';
import { colourOf, differencePlot, dotPlot, latencyCurves } from './plots.ts';
import type { Comparison } from './schema.ts';
import { headline } from './table.ts';

/** A comparison as one page that needs no other file, no network and no scripts. */
export function renderPage(comparison: Comparison): string {
  const title = `ftcheck compare: ${headline(comparison)}`;
  const body = [
    element('h1', {}, escapeHtml(headline(comparison))),
    element('p', {}, escapeHtml(`${settingText(comparison)}.`)),
    notes(comparison),
    thresholds(comparison),
    table(comparison),
    element('p', { class: 'small' }, escapeHtml(legend(comparison))),
    ...differences(comparison),
    section(
      'Latency',
      latencyCurves(comparison.columns),
      'Share of ok operations that took at most so long, mean over rounds.',
    ),
    ...distributions(comparison),
    runs(comparison),
    element('h2', {}, 'Repeat it'),
    element('pre', {}, escapeHtml(comparison.command)),
    environment(comparison),
  ].filter((part) => part !== '');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    element('title', {}, escapeHtml(title)),
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    ...body,
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function section(title: string, content: string, text: string): string {
  if (content === '') return '';
  return [
    element('h2', {}, escapeHtml(title)),
    element('p', { class: 'small' }, escapeHtml(text)),
    content,
  ].join('\n');
}

const list = (items: readonly string[], name: string): string =>
  items.length === 0 ? '' : element('ul', { class: name }, ...items);

const notes = ({ notes: said }: Comparison): string =>
  list(
    said.map((note) =>
      element('li', note.includes('INVALID') ? { class: 'violated' } : {}, escapeHtml(note)),
    ),
    'notes',
  );

const thresholds = ({ thresholds: judged }: Comparison): string =>
  list(
    judged.map(({ verdict, reason, against }) =>
      element(
        'li',
        { class: verdict },
        escapeHtml(`${reason}${against === null ? '' : `, against ${against}`}`),
      ),
    ),
    'thresholds',
  );

function table(comparison: Comparison): string {
  const head = comparison.columns.map(({ label, source }, i) =>
    element(
      'th',
      { scope: 'col', class: colourOf(i) },
      escapeHtml(label),
      source === null ? '' : `<br>${element('small', {}, escapeHtml(source))}`,
    ),
  );
  const rows = rowsOf(comparison).map(({ metric, cells }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row', title: metric.description }, escapeHtml(metric.title)),
      ...cells.map(({ value, range, isBest }) =>
        element(
          'td',
          isBest ? { class: 'best' } : {},
          escapeHtml(isBest ? `${value} *` : value),
          range === '' ? '' : `<br>${element('small', {}, escapeHtml(range))}`,
        ),
      ),
    ),
  );
  return element(
    'div',
    { class: 'scroll' },
    element(
      'table',
      {},
      element('thead', {}, element('tr', {}, '<td></td>', ...head)),
      element('tbody', {}, ...rows, ...nodeRows(comparison)),
    ),
  );
}

function nodeRows({ columns }: Comparison): string[] {
  const slots = [...new Set(columns.flatMap(({ nodes }) => Object.keys(nodes)))].sort();
  return slots.map((slot) =>
    element(
      'tr',
      {},
      element(
        'th',
        { scope: 'row', title: 'processor time, of one core; resident memory, mean and peak' },
        escapeHtml(`CPU, memory ${slot}`),
      ),
      ...columns.map(({ nodes }) => {
        const node = nodes[slot];
        if (node === undefined) return element('td', {}, '-');
        const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
        const peak = element('small', {}, `peak ${mb(node.rssMaxBytes)}`);
        return element('td', {}, `${Math.round(node.cpuShare * 100)} %, ${mb(node.rssMeanBytes)}<br>${peak}`);
      }),
    ),
  );
}

function differences(comparison: Comparison): string[] {
  return findingsOf(comparison).map(({ a, b, found, notFound }) =>
    [
      element('h2', {}, escapeHtml(`${b} against ${a}`)),
      list(
        found.map((one) =>
          element(
            'li',
            {},
            escapeHtml(`${differenceText(one)}${one.better === null ? '' : `: ${one.better} is better`}`),
          ),
        ),
        'found',
      ),
      found.length === 0 ? element('p', {}, 'No difference was found.') : '',
      differencePlot([...found, ...notFound], comparison.columns),
    ].join('\n'),
  );
}

function distributions({ columns }: Comparison): string[] {
  const text = 'A dot for each round, the mean as a line, its interval as a bar.';
  const shown = metrics.filter(
    ({ name, outageQuantile }) => outageQuantile === undefined || name === 'outage.p50',
  );
  return shown.map((metric) =>
    metric.name === 'outage.p50'
      ? section(
          'All outages',
          dotPlot(columns, metric),
          'A dot for each outage, the median as a line, its interval as a bar.',
        )
      : section(metric.title, dotPlot(columns, metric), `${metric.description}. ${text}`),
  );
}

function runs({ columns }: Comparison): string {
  const rows = columns.flatMap(({ label, rounds }) =>
    rounds.map(({ round, verdict, runDir, reason, seed }) =>
      element(
        'tr',
        verdict === 'valid' ? {} : { class: verdict === 'invalid' ? 'violated' : 'undecided' },
        ...[label, String(round), String(seed), verdict, runDir, verdict === 'valid' ? '' : reason].map(
          (text) => element('td', {}, escapeHtml(text)),
        ),
      ),
    ),
  );
  const head = ['system', 'round', 'seed', 'verdict', 'run', ''].map((text) =>
    element('th', { scope: 'col' }, text),
  );
  return element(
    'details',
    {},
    element('summary', {}, `All ${rows.length} runs`),
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        { class: 'runs' },
        element('thead', {}, element('tr', {}, ...head)),
        element('tbody', {}, ...rows),
      ),
    ),
  );
}

const environment = ({ date, ftcheck, environment: { node, platform, cpus } }: Comparison): string =>
  element(
    'p',
    { class: 'small' },
    escapeHtml(`ftcheck ${ftcheck}, Node ${node}, ${platform}, ${cpus} cores, ${date}`),
  );
