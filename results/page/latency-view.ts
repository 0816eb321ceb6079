import { outcomes, type Outcome, type ReportData } from '../report/report-data.ts';
import { densityOf, paintDensity, type Points } from './density.ts';
import { shadeFaults } from './fault-view.ts';
import type { Filter } from './filter.ts';
import { mark } from './lanes.ts';
import { firstInvokedAt, logLatencies, operationLines } from './operations.ts';
import { linkedPlot, logarithmic, plotPadding } from './plot.ts';
import { durationText } from './ticks.ts';
import { viewShell, type Frame, type Hit, type View } from './view.ts';

const height = 240;
/** Up to so many points each is drawn as a shape; above, cells of `cellSize` CSS pixels are. */
const shapesMax = 4000;
const cellSize = 2;
/** How far the pointer may be from the point it means. */
const reach = 8;
/** ok below, so that the rare outcomes are never covered. */
const shapes = { ok: 'dot', fail: 'cross', info: 'triangle' } as const;

/** Latency of every operation over the time of its invocation, on a logarithmic scale. */
export function latencyView(data: ReportData, filter: Filter): View {
  const { facts, columns } = data;
  const { root, plot, note } = viewShell('latency', 'Latency of every operation', [
    { sample: 'ok', text: 'ok' },
    { sample: 'fail', text: 'fail' },
    { sample: 'info', text: 'info: no answer' },
    { sample: 'lag', text: 'lag of ftcheck itself' },
    { sample: 'band', text: 'fault in force' },
  ]);
  const logs = logLatencies(columns, facts.end);
  const scale = decadesOf(logs, facts.tickNs);
  const toY = (log: number): number =>
    plotPadding + (1 - (log - scale.from) / (scale.to - scale.from)) * (height - 2 * plotPadding);
  const points = (outcome: Outcome): Points => ({
    x: columns.invoked,
    y: logs,
    passes: filter.passes,
    classes: columns.outcome,
    class: outcomes.indexOf(outcome),
  });
  const paintOver = (context: CanvasRenderingContext2D, frame: Frame): void => {
    paintLag(context, frame, data, toY);
    const first = firstInvokedAt(columns, Math.floor(frame.from));
    const last = firstInvokedAt(columns, Math.floor(frame.to) + 1);
    for (const outcome of outcomes) {
      const isDense = last - first > shapesMax;
      context.fillStyle = frame.palette[outcome];
      context.strokeStyle = frame.palette[outcome];
      context.lineWidth = 1.5;
      if (isDense && outcome === 'ok') paintCells(context, frame, points(outcome), first, last);
      else paintShapes(context, frame, points(outcome), first, last, outcome);
    }
    note.textContent = last - first > shapesMax ? 'darker: more operations' : '';
  };
  const paintCells = (
    context: CanvasRenderingContext2D,
    frame: Frame,
    of: Points,
    first: number,
    last: number,
  ): void => {
    const top = plotPadding;
    const width = frame.right - frame.left;
    const density = densityOf(of, first, last, {
      columns: Math.floor(width / cellSize),
      rows: Math.floor((height - 2 * top) / cellSize),
      xFrom: frame.from,
      xTo: frame.to,
      yFrom: scale.from,
      yTo: scale.to,
    });
    if (density.most === 0) return;
    context.imageSmoothingEnabled = false;
    const image = paintDensity(density, frame.palette.ok);
    context.drawImage(image, frame.left, top, width, height - 2 * top);
  };
  /** At most one shape for a few pixels: what is drawn twice in one place is not seen twice. */
  const paintShapes = (
    context: CanvasRenderingContext2D,
    frame: Frame,
    of: Points,
    first: number,
    last: number,
    outcome: Outcome,
  ): void => {
    const radius = outcome === 'ok' ? 2 : 4;
    const cells = outcome === 'ok' ? 2 : 0.5;
    const drawn = new Set<number>();
    context.globalAlpha = outcome === 'ok' ? 0.75 : 1;
    for (let row = first; row < last; row++) {
      if (of.passes[row] !== 1 || of.classes[row] !== of.class) continue;
      const x = frame.x(of.x[row] ?? 0);
      const y = toY(of.y[row] ?? 0);
      const place = Math.round(x * cells) * 4096 + Math.round(y * cells);
      if (drawn.has(place)) continue;
      drawn.add(place);
      mark(context, shapes[outcome], x, y, radius);
    }
    context.globalAlpha = 1;
  };
  const chart = linkedPlot({
    plot,
    height,
    y: logarithmic,
    yLimits: () => [10 ** scale.from, 10 ** scale.to],
    yAxis: {
      splits: () => decades(scale),
      values: (_plot, splits) => splits.map((ticks) => durationText(ticks * facts.tickNs)),
    },
    series: () => [{ scale: 'y', paths: () => null, points: { show: false } }],
    under: (context, frame) => shadeFaults(context, frame, facts.faults, height),
    over: paintOver,
  });
  let shown: Frame | null = null;
  return {
    root,
    plot,
    draw: (frame) => {
      shown = frame;
      chart.show(frame, [
        [frame.from, frame.to],
        [null, null],
      ]);
    },
    hit: (x, y) => (shown === null ? null : nearest(data, filter, logs, shown, toY, { x, y })),
  };
}

interface Decades {
  readonly from: number;
  readonly to: number;
}

/** Whole powers of ten of the run's unit, so that the axis stays as it is while one zooms. */
function decadesOf(logs: Float32Array, tickNs: number): Decades {
  let least = Infinity;
  let most = -Infinity;
  for (const log of logs) {
    if (log < least) least = log;
    if (log > most) most = log;
  }
  if (logs.length === 0) return { from: 3, to: 6 };
  // Ticks may be no power of ten of a second; labels are to be.
  const shift = Math.log10(tickNs) % 1;
  const from = Math.floor(least + shift + 1e-4) - shift;
  return { from, to: Math.max(from + 1, Math.ceil(most + shift + 0.02) - shift) };
}

function decades({ from, to }: Decades): number[] {
  const ticks: number[] = [];
  for (let log = from; log <= to + 1e-9; log++) ticks.push(10 ** log);
  return ticks;
}

/** While ftcheck itself was late, what clients saw is partly its own doing. */
function paintLag(
  context: CanvasRenderingContext2D,
  frame: Frame,
  { facts }: ReportData,
  toY: (log: number) => number,
): void {
  context.strokeStyle = frame.palette.faint;
  context.lineWidth = 1.5;
  context.setLineDash([2, 3]);
  context.beginPath();
  facts.lag.forEach(({ at, maxMs }, index) => {
    const before = facts.lag[index - 1]?.at ?? 0;
    const y = toY(Math.log10(Math.max(1, (maxMs * 1e6) / facts.tickNs)));
    context.moveTo(frame.x(before), y);
    context.lineTo(frame.x(at), y);
  });
  context.stroke();
  context.setLineDash([]);
}

function nearest(
  data: ReportData,
  filter: Filter,
  logs: Float32Array,
  frame: Frame,
  toY: (log: number) => number,
  { x, y }: { readonly x: number; readonly y: number },
): Hit | null {
  const { columns } = data;
  const ticksPerPixel = (frame.to - frame.from) / (frame.right - frame.left);
  const at = frame.from + (x - frame.left) * ticksPerPixel;
  const last = firstInvokedAt(columns, at + reach * ticksPerPixel);
  let best = -1;
  let bestDistance = reach;
  for (let row = firstInvokedAt(columns, at - reach * ticksPerPixel); row < last; row++) {
    if (filter.passes[row] !== 1) continue;
    const dx = frame.x(columns.invoked[row] ?? 0) - x;
    const distance = Math.hypot(dx, toY(logs[row] ?? 0) - y);
    if (distance >= bestDistance) continue;
    best = row;
    bestDistance = distance;
  }
  if (best === -1) return null;
  const centre = { x: frame.x(columns.invoked[best] ?? 0), y: toY(logs[best] ?? 0) };
  return {
    lines: operationLines(data, best),
    box: { x: centre.x - 6, y: centre.y - 6, width: 12, height: 12 },
  };
}
