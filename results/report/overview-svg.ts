import { countText, msText, plural } from '../units-text.ts';
import { html, type Html } from './html.ts';
import { loadBins, type LoadBin } from './load-over-time.ts';
import { inForce } from './faults-in-force.ts';
import type { ReportData } from './report-data.ts';
import { linearScale, roundSteps, type Scale } from './time-scale.ts';

const width = 960;
const left = 64;
const right = width - 12;
const throughputBox = { top: 26, bottom: 126 };
const latencyBox = { top: 172, bottom: 292 };
const height = 320;
const binCount = 220;

/** Throughput and latency over the run with the faults behind them: what is seen without scripts. */
export function overviewSvg({ facts, columns }: ReportData): Html {
  const { end, tickNs } = facts;
  const faults = inForce(facts.faults);
  const x = linearScale(0, end, left, right);
  const bins = loadBins(columns, end, binCount);
  const secondsPerBin = (((bins[0]?.to ?? 1) - (bins[0]?.from ?? 0)) * tickNs) / 1e9;
  const rateMax = Math.max(1, ...bins.map(({ ok }) => ok / secondsPerBin));
  const summary =
    `Throughput up to ${countText(Math.round(rateMax))} ok operations a second over ${((end * tickNs) / 1e9).toFixed(1)} s` +
    (faults.length === 0 ? ', no fault in force' : `, with ${plural(faults.length, 'fault')} shaded`);
  return html`<svg class="plot" role="img" viewBox="0 0 ${width} ${height}" aria-labelledby="overview-title">
    <title id="overview-title">${summary}</title>
    <defs>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <line class="hatch" x1="0" y1="0" x2="0" y2="6" />
      </pattern>
    </defs>
    ${faults.map((fault) => {
      const from = x(fault.effect);
      const across = Math.max(2, x(fault.end) - from);
      const top = throughputBox.top - 10;
      return html`<g>
        <title>${fault.id} ${fault.name} on ${fault.targets.join(', ')}</title>
        <rect
          class="fault-band"
          x="${fixed(from)}"
          y="${top}"
          width="${fixed(across)}"
          height="${latencyBox.bottom - top}"
        />
        <rect
          fill="url(#hatch)"
          x="${fixed(from)}"
          y="${top}"
          width="${fixed(across)}"
          height="${latencyBox.bottom - top}"
        />
        <text class="label" x="${fixed(from + 2)}" y="${top - 3}">${fault.id}</text>
      </g>`;
    })}
    ${throughputPlot(bins, x, rateMax, secondsPerBin)} ${latencyPlot(bins, x, tickNs)}
    ${secondsAxis(end, tickNs, x)}
  </svg>`;
}

const fixed = (value: number): string => value.toFixed(1);

function throughputPlot(bins: readonly LoadBin[], x: Scale, rateMax: number, secondsPerBin: number): Html {
  const { top, bottom } = throughputBox;
  const y = (rate: number): number => bottom - (rate / rateMax) * (bottom - top);
  const path = bins.map(({ to, ok }) => `V${fixed(y(ok / secondsPerBin))}H${fixed(x(to))}`).join('');
  return html`<g>
    <text class="label" x="${left}" y="${top - 16}" text-anchor="start" dx="-56">ok/s</text>
    ${grid(roundSteps(rateMax, 4), y, (rate) => countText(rate))}
    <path class="throughput" d="M${fixed(x(bins[0]?.from ?? 0))},${bottom}${path}V${bottom}Z" />
  </g>`;
}

function latencyPlot(bins: readonly LoadBin[], x: Scale, tickNs: number): Html {
  const { top, bottom } = latencyBox;
  const ms = (ticks: number): number => Math.max(0.001, (ticks * tickNs) / 1e6);
  const longest = Math.max(1, ...bins.map(({ maxTicks }) => (maxTicks === null ? 0 : ms(maxTicks))));
  const shortest = Math.min(
    longest / 10,
    ...bins.map(({ medianTicks }) => (medianTicks === null ? longest : ms(medianTicks))),
  );
  const [low, high] = [Math.floor(Math.log10(shortest)), Math.ceil(Math.log10(longest))];
  const y = (value: number): number =>
    bottom - ((Math.log10(value) - low) / Math.max(1, high - low)) * (bottom - top);
  const decades = Array.from({ length: Math.max(1, high - low) + 1 }, (_, i) => 10 ** (low + i));
  const middle = ({ from, to }: LoadBin): string => fixed(x((from + to) / 2));
  return html`<g>
    <text class="label" x="${left}" y="${top - 16}" dx="-56"
      >latency: line median, dots slowest (logarithmic)</text
    >
    ${grid(decades, y, msText)}
    <path class="median" d="${medianPath(bins, middle, (ticks) => fixed(y(ms(ticks))))}" />
    ${bins.map((bin) =>
      bin.maxTicks === null
        ? null
        : html`<circle class="slowest" cx="${middle(bin)}" cy="${fixed(y(ms(bin.maxTicks)))}" r="1.6" />`,
    )}
  </g>`;
}

/** Interrupted where nothing succeeded. */
function medianPath(
  bins: readonly LoadBin[],
  place: (bin: LoadBin) => string,
  y: (ticks: number) => string,
): string {
  let isDown = false;
  return bins
    .map((bin) => {
      const command =
        bin.medianTicks === null ? '' : `${isDown ? 'L' : 'M'}${place(bin)},${y(bin.medianTicks)}`;
      isDown = bin.medianTicks !== null;
      return command;
    })
    .join('');
}

const grid = (
  values: readonly number[],
  y: (value: number) => number,
  text: (value: number) => string,
): Html[] =>
  values.map(
    (value) =>
      html`<line
          class="grid"
          x1="${left}"
          x2="${right}"
          y1="${fixed(y(value))}"
          y2="${fixed(y(value))}"
        /><text class="label" x="${left - 6}" y="${fixed(y(value) + 4)}" text-anchor="end">
          ${text(value)}
        </text>`,
  );

function secondsAxis(end: number, tickNs: number, x: Scale): Html {
  const seconds = roundSteps((end * tickNs) / 1e9, 10);
  return html`<g>
    ${seconds.map((second) => {
      const place = fixed(x((second * 1e9) / tickNs));
      return html`<line
          class="axis"
          x1="${place}"
          x2="${place}"
          y1="${latencyBox.bottom}"
          y2="${latencyBox.bottom + 5}"
        />
        <text class="label" x="${place}" y="${latencyBox.bottom + 19}" text-anchor="middle"
          >${second} s</text
        >`;
    })}
  </g>`;
}
