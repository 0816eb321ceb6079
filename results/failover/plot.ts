import type { FaultSummary } from './summary.ts';
import { html, type Html } from '../report/html.ts';
import { msText } from '../units-text.ts';

const size = { width: 760, height: 300 } as const;
const plot = { left: 52, right: 130, top: 14, bottom: 44 } as const;
const inner = {
  width: size.width - plot.left - plot.right,
  height: size.height - plot.top - plot.bottom,
} as const;
/** Told apart by dashes as well as by colour. */
const curves = ['detect', 'agree', 'outage'] as const;
const shares = [0, 0.25, 0.5, 0.75, 1] as const;
const ticksWanted = 6;

/** The cumulative distributions of one fault as one SVG; `spanMs`: the end of the axis, the same for all faults of a page. */
export function distributionPlot({ fault, distributions, trials }: FaultSummary, spanMs: number): Html {
  const x = (ms: number): number => plot.left + (Math.min(ms, spanMs) / spanMs) * inner.width;
  const y = (share: number): number => plot.top + (1 - share) * inner.height;
  const drawn = curves.filter((name) => distributions[name].length > 0);
  return html`<svg
    viewBox="0 0 ${size.width} ${size.height}"
    role="img"
    aria-label="${`Cumulative distribution of detect, agree and outage after ${fault}, ${trials} trials`}"
  >
    ${shares.map(
      (share) =>
        html`<line
            class="grid"
            x1="${plot.left}"
            x2="${plot.left + inner.width}"
            y1="${y(share).toFixed(1)}"
            y2="${y(share).toFixed(1)}"
          /><text class="end" x="${plot.left - 6}" y="${(y(share) + 4).toFixed(1)}"
            >${Math.round(share * 100)} %</text
          >`,
    )}
    ${ticks(spanMs).map(
      (ms) =>
        html`<line
            class="grid"
            x1="${x(ms).toFixed(1)}"
            x2="${x(ms).toFixed(1)}"
            y1="${plot.top}"
            y2="${plot.top + inner.height}"
          /><text class="middle" x="${x(ms).toFixed(1)}" y="${size.height - 24}"
            >${ms === 0 ? '0' : msText(ms)}</text
          >`,
    )}
    <text class="middle" x="${plot.left + inner.width / 2}" y="${size.height - 6}">
      since the fault took effect
    </text>
    ${drawn.map((name) => html`<path class="curve ${name}" d="${stepPath(distributions[name], x, y)}" />`)}
    ${drawn.map(
      (name, i) =>
        html`<line
            class="curve ${name}"
            x1="${plot.left + inner.width + 12}"
            x2="${plot.left + inner.width + 40}"
            y1="${plot.top + 10 + 20 * i}"
            y2="${plot.top + 10 + 20 * i}"
          /><text x="${plot.left + inner.width + 46}" y="${plot.top + 14 + 20 * i}">${name}</text>`,
    )}
  </svg>`;
}

/** What did not come within the limit has no place on the axis: its curve ends below 100 %. */
function stepPath(
  ascending: readonly number[],
  x: (ms: number) => number,
  y: (share: number) => number,
): string {
  let path = `M${x(0).toFixed(1)} ${y(0).toFixed(1)}`;
  for (const [i, ms] of ascending.entries()) {
    if (ms === Infinity) break;
    path += `H${x(ms).toFixed(1)}V${y((i + 1) / ascending.length).toFixed(1)}`;
  }
  return path;
}

/** The end of an axis that shows every outage which ended. */
export function spanOf(results: readonly FaultSummary[]): number {
  const all = results.flatMap(({ distributions }) => distributions.outage).filter(Number.isFinite);
  const longest = Math.max(1, ...all);
  const step = stepOf(longest);
  return Math.ceil((longest * 1.02) / step) * step;
}

/** 1, 2 or 5 of a power of ten. */
function stepOf(spanMs: number): number {
  const rough = spanMs / ticksWanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough) ?? 10;
  return factor * power;
}

function ticks(spanMs: number): number[] {
  const step = stepOf(spanMs);
  return Array.from({ length: Math.floor(spanMs / step + 1e-9) + 1 }, (_, i) => i * step);
}
