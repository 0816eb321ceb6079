import uPlot from 'uplot';
import type { ReportData } from '../report/report-data.ts';
import { binsOf, type Bins } from './bins.ts';
import { shadeFaults } from './fault-view.ts';
import type { Filter } from './filter.ts';
import { mark } from './lanes.ts';
import { linkedPlot, plotPadding } from './plot.ts';
import { countText, durationText, niceStep, ticksBetween, timeText } from './ticks.ts';
import { viewShell, type Frame, type Hit, type View } from './view.ts';

const height = 130;
const binPixelsMin = 4;
/** On the whole run's average. A rate told from one operation would be the inverse of the bin's width. */
const perBinMin = 4;
/** Rows for fails and infos below the zero line: a few of them would not be seen on the scale of the oks. */
const rugHeight = 9;

/** Completions for each second, in bins that follow the zoom. */
export function throughputView({ facts, columns }: ReportData, filter: Filter): View {
  const { root, plot, note } = viewShell('throughput', 'Throughput', [
    { sample: 'ok-area', text: 'ok/s' },
    { sample: 'fail-line', text: 'fail + info/s' },
    { sample: 'fail', text: 'some fail' },
    { sample: 'info', text: 'some info' },
  ]);
  let bins: Bins = {
    first: 0,
    width: 1,
    ok: new Float64Array(),
    fail: new Float64Array(),
    info: new Float64Array(),
  };
  let rates: uPlot.AlignedData = [[]];
  let shown: Frame | null = null;
  const seconds = (from: number, to: number): number => ((to - from) * facts.tickNs) / 1e9;
  /** The run may end within its last bin. */
  const rate = (bin: number, count: number): number => {
    const from = bins.first + bin * bins.width;
    const to = Math.max(from + 1, Math.min(from + bins.width, facts.end));
    return count / seconds(from, to);
  };
  const paintRug = (context: CanvasRenderingContext2D, frame: Frame, plot: uPlot): void => {
    const zero = plot.valToPos(0, 'y') + plot.bbox.top / window.devicePixelRatio;
    (['fail', 'info'] as const).forEach((outcome, row) => {
      context.fillStyle = context.strokeStyle = frame.palette[outcome];
      context.lineWidth = 1.3;
      const y = zero + rugHeight * (row + 0.5) + 1;
      bins[outcome].forEach((count, bin) => {
        const x = frame.x(bins.first + (bin + 0.5) * bins.width);
        if (count > 0) mark(context, outcome === 'fail' ? 'cross' : 'triangle', x, y, 3);
      });
    });
  };
  const chart = linkedPlot({
    plot,
    height,
    y: {},
    yLimits: () => {
      const most = mostOf(rates) * 1.05;
      // Room for both rows below zero, in the axis's own unit.
      return [(-most * 2 * rugHeight) / (height - 2 * plotPadding - 2 * rugHeight), most];
    },
    yAxis: {
      splits: (_plot, _axis, _min, max) => ticksBetween(0, max, 4),
      values: (_plot, splits) => splits.map((value) => compact(value)),
    },
    series: ({ palette }) => [
      {
        scale: 'y',
        stroke: palette.ok,
        width: 1.5,
        fill: `${palette.ok}33`,
        fillTo: 0,
        paths: stepped(),
        points: { show: false },
      },
      {
        scale: 'y',
        stroke: palette.fail,
        width: 1.5,
        dash: [4, 2],
        paths: stepped(),
        points: { show: false },
      },
    ],
    under: (context, frame) => shadeFaults(context, frame, facts.faults, height),
    over: paintRug,
  });
  return {
    root,
    plot,
    draw: (frame) => {
      shown = frame;
      const binsMax = (frame.right - frame.left) / binPixelsMin;
      const widthMin = Math.max(
        (frame.to - frame.from) / binsMax,
        facts.end / Math.max(1, columns.count / perBinMin),
      );
      bins = binsOf(
        columns,
        filter.passes,
        frame,
        Math.max(1, niceStep(widthMin * facts.tickNs) / facts.tickNs),
      );
      rates = ratesOf(bins, rate);
      note.textContent = `bins of ${durationText(bins.width * facts.tickNs)}, by completion`;
      chart.show(frame, rates);
    },
    hit: (x) => (shown === null ? null : binHit(bins, shown, x, rate, facts.tickNs)),
  };
}

const mostOf = ([, ...rates]: uPlot.AlignedData): number =>
  rates.reduce((most, each) => [...each].reduce<number>((a, b) => Math.max(a, b ?? 0), most), 1);

/** One point more than there are bins, so that the last step has its width. */
function ratesOf(bins: Bins, rate: (bin: number, count: number) => number): uPlot.AlignedData {
  const size = bins.ok.length;
  const times = Array.from({ length: size + 1 }, (_, bin) => bins.first + bin * bins.width);
  const ok = times.map((_, bin) => rate(Math.min(bin, size - 1), bins.ok[Math.min(bin, size - 1)] ?? 0));
  const others = times.map((_, index) => {
    const bin = Math.min(index, size - 1);
    return rate(bin, (bins.fail[bin] ?? 0) + (bins.info[bin] ?? 0));
  });
  return [times, ok, others];
}

function stepped(): uPlot.Series.PathBuilder {
  const build = uPlot.paths.stepped?.({ align: 1 });
  if (build === undefined) throw new Error('uPlot was built without stepped paths');
  return build;
}

const compact = (value: number): string =>
  value >= 10_000
    ? `${countText(value / 1000)}k`
    : Number.isInteger(value)
      ? countText(value)
      : String(value);

function binHit(
  bins: Bins,
  frame: Frame,
  x: number,
  rate: (bin: number, count: number) => number,
  tickNs: number,
): Hit | null {
  const at = frame.from + ((x - frame.left) / (frame.right - frame.left)) * (frame.to - frame.from);
  const bin = Math.floor((at - bins.first) / bins.width);
  const ok = bins.ok[bin];
  if (ok === undefined) return null;
  const begin = bins.first + bin * bins.width;
  const text = (tick: number): string => timeText(tick * tickNs, bins.width * tickNs);
  const left = Math.max(frame.left, frame.x(begin));
  return {
    lines: [
      `${text(begin)} to ${text(begin + bins.width)}`,
      `${countText(ok)} ok, ${countText(rate(bin, ok))}/s`,
      `${countText(bins.fail[bin] ?? 0)} fail, ${countText(bins.info[bin] ?? 0)} info`,
    ],
    box: {
      x: left,
      y: plotPadding,
      width: Math.min(frame.right, frame.x(begin + bins.width)) - left,
      height: height - 2 * plotPadding,
    },
  };
}
