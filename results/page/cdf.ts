import uPlot from 'uplot';
import type { LatencyWindow, ReportData } from '../report/report-data.ts';
import { choice, element } from './elements.ts';
import { logarithmic, plotPadding } from './plot.ts';
import { readPalette, type Palette } from './palette.ts';
import { msText } from './ticks.ts';
import { viewShell } from './view.ts';

const height = 260;

/** Each place has its own colour and its own dashes. */
const looks = {
  all: { colour: 'faint', dash: [] },
  before: { colour: 'ok', dash: [8, 3] },
  during: { colour: 'fail', dash: [] },
  after: { colour: 'recover', dash: [2, 3] },
} as const satisfies Record<LatencyWindow['place'], { colour: keyof Palette; dash: readonly number[] }>;

const placeNames = { all: 'whole run', before: 'before', during: 'during', after: 'after' } as const;

export interface CdfView {
  readonly root: HTMLElement;
  readonly redraw: () => void;
}

/** Distribution of latency before, during and after a fault that one chooses, against the whole run. Null: nothing was ok. */
export function cdfView({ facts }: ReportData, width: () => number): CdfView | null {
  const windows = facts.windows.filter(({ cdf }) => cdf.length > 0);
  if (windows.length === 0) return null;
  const { root, plot } = viewShell('cdf', 'Share of operations that took no longer', [
    { sample: 'cdf-before', text: 'before the fault' },
    { sample: 'cdf-during', text: 'during' },
    { sample: 'cdf-after', text: 'after' },
    { sample: 'cdf-all', text: 'whole run' },
  ]);
  const faults = facts.faults.filter(({ id }) => windows.some(({ fault }) => fault === id));
  const { root: control, select } = choice(
    'Fault',
    faults.map(({ id, name, targets }) => [id, `${id} ${name} → ${targets.join(', ')}`] as const),
  );
  const tip = element('p', { class: 'cdf-readout' });
  if (faults.length > 0) plot.before(control);
  plot.before(tip);
  let made: uPlot | null = null;
  const redraw = (): void => {
    const chosen = windows.filter(({ fault }) => fault === null || fault === select.value);
    made?.destroy();
    made = drawCdf(plot, chosen, width(), readPalette(), (ms) => {
      tip.textContent = ms === null ? percentileWords(chosen) : sharesWords(chosen, ms);
    });
    tip.textContent = percentileWords(chosen);
  };
  select.addEventListener('change', redraw);
  return { root, redraw };
}

function drawCdf(
  plot: HTMLElement,
  windows: readonly LatencyWindow[],
  width: number,
  palette: Palette,
  tell: (ms: number | null) => void,
): uPlot {
  const joined = uPlot.join(
    windows.map(({ cdf }): uPlot.AlignedData => [cdf.map(([ms]) => ms), cdf.map(([, share]) => share)]),
  );
  const all = windows.flatMap(({ cdf }) => cdf.map(([ms]) => ms)).filter((ms) => ms > 0);
  const least = all.reduce((a, b) => Math.min(a, b), Infinity);
  const most = all.reduce((a, b) => Math.max(a, b), 0);
  const from = Math.floor(Math.log10(least));
  const to = Math.max(from + 1, Math.ceil(Math.log10(most)));
  const axis = { stroke: palette.ink, font: palette.smallFont, ticks: { show: false } };
  const grid = { stroke: palette.grid, width: 1 };
  return new uPlot(
    {
      width,
      height,
      padding: [plotPadding, 24, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: false, y: false, setScale: false } },
      scales: {
        x: { time: false, ...logarithmic, auto: false, range: () => [10 ** from, 10 ** to] },
        y: { auto: false, range: () => [0, 1] },
      },
      axes: [
        {
          ...axis,
          grid,
          gap: 9,
          splits: () => Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index)),
          values: (_plot, splits) => splits.map(msText),
        },
        {
          ...axis,
          grid,
          size: 52,
          splits: () => [0, 0.25, 0.5, 0.75, 0.9, 1],
          values: (_plot, splits) => splits.map((share) => `${Math.round(share * 100)} %`),
        },
      ],
      series: [
        {},
        ...windows.map(({ place }): uPlot.Series => {
          const { colour, dash } = looks[place];
          return {
            scale: 'y',
            stroke: palette[colour],
            width: place === 'all' ? 1.5 : 2,
            dash: [...dash],
            spanGaps: true,
            points: { show: false },
          };
        }),
      ],
      hooks: {
        setCursor: [
          (self) => {
            const { left } = self.cursor;
            tell(left === undefined || left < 0 ? null : self.posToVal(left, 'x'));
          },
        ],
      },
    },
    joined,
    plot,
  );
}

/** `within 2.5 ms: before 99.1 %, during 64.0 %` */
function sharesWords(windows: readonly LatencyWindow[], ms: number): string {
  const shares = windows.map(({ place, cdf }) => {
    const share = cdf.findLast(([at]) => at <= ms)?.[1] ?? 0;
    return `${placeNames[place]} ${(share * 100).toFixed(1)} %`;
  });
  return `within ${msText(ms)}: ${shares.join(', ')}`;
}

/** `during: p50 553 µs, p99 264 ms, max 313 ms` */
function percentileWords(windows: readonly LatencyWindow[]): string {
  const words = (name: string, ms: number | null): readonly string[] =>
    ms === null ? [] : [`${name} ${msText(ms)}`];
  return windows
    .map(({ place, p50Ms, p90Ms, p99Ms, maxMs }) => {
      const parts = [
        ...words('p50', p50Ms),
        ...words('p90', p90Ms),
        ...words('p99', p99Ms),
        ...words('max', maxMs),
      ];
      return `${placeNames[place]}: ${parts.join(', ')}`;
    })
    .join(' · ');
}
