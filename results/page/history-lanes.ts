import { neverTick, outcomes, type ReportData } from '../report/report-data.ts';
import { clipToPlot, labelInside, mark } from './lanes.ts';
import { endOf, operationTexts } from './operations.ts';
import type { Frame } from './view.ts';

/** One lane of the history: the operations of one client, in order of invocation. */
export interface ClientLane {
  readonly client: number;
  readonly rows: Uint32Array;
}

/** Rows by client; a client without operations that pass has no lane. */
export function lanesOf({ columns, facts }: ReportData, passes: Uint8Array): ClientLane[] {
  const counts = new Uint32Array(facts.clients.length);
  for (let row = 0; row < columns.count; row++) {
    const client = columns.client[row] ?? 0;
    if (passes[row] === 1) counts[client] = (counts[client] ?? 0) + 1;
  }
  const rowsByClient = facts.clients.map((_, client) => new Uint32Array(counts[client] ?? 0));
  const filled = new Uint32Array(facts.clients.length);
  for (let row = 0; row < columns.count; row++) {
    const client = columns.client[row] ?? 0;
    const rows = rowsByClient[client];
    if (passes[row] !== 1 || rows === undefined) continue;
    const at = filled[client] ?? 0;
    rows[at] = row;
    filled[client] = at + 1;
  }
  return rowsByClient.map((rows, client) => ({ client, rows })).filter(({ rows }) => rows.length > 0);
}

/** The first place in the lane whose operation was invoked at `tick` or later. */
export function firstInLane({ rows }: ClientLane, invoked: Uint32Array, tick: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((invoked[rows[middle] ?? 0] ?? 0) < tick) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Operations in sight of a lane: places [first, last) in it. What began before the left edge and goes on is in sight, too. */
export function placesInSight(
  lane: ClientLane,
  { columns, facts }: ReportData,
  frame: Frame,
): { readonly first: number; readonly last: number } {
  let first = firstInLane(lane, columns.invoked, frame.from);
  const last = firstInLane(lane, columns.invoked, frame.to + 1);
  // A client waits for one operation before it begins the next; but what timed out may still be open under a few later ones.
  for (let back = 0; back < 32 && first > 0; back++) {
    if (endOf(columns, lane.rows[first - 1] ?? 0, facts.end) < frame.from) break;
    first--;
  }
  return { first, last };
}

export interface LaneBox {
  readonly top: number;
  readonly height: number;
}

/** Fewer pixels than that for each operation, and a band tells how many there are instead. */
const pixelsMin = 3;

export const isDense = (count: number, frame: Frame): boolean =>
  count > (frame.right - frame.left) / pixelsMin;

export function drawLane(
  context: CanvasRenderingContext2D,
  frame: Frame,
  data: ReportData,
  lane: ClientLane,
  box: LaneBox,
  highlighted: ReadonlySet<number>,
): void {
  const { first, last } = placesInSight(lane, data, frame);
  clipToPlot(context, frame, box.top + box.height, () => {
    if (isDense(last - first, frame)) drawBand(context, frame, data, lane, { first, last }, box);
    else drawBars(context, frame, data, lane, { first, last }, box);
    for (let place = first; place < last; place++) {
      const row = lane.rows[place] ?? 0;
      if (highlighted.has(row)) drawHighlight(context, frame, data, row, box);
    }
  });
}

interface Places {
  readonly first: number;
  readonly last: number;
}

/** So many times the lane's average fill its height: a burst is cut there, or all else would be flat. */
const bandFull = 2;

/** A column for each two pixels: the higher, the more operations began in it; fails and infos are marked one by one. */
function drawBand(
  context: CanvasRenderingContext2D,
  frame: Frame,
  { columns }: ReportData,
  lane: ClientLane,
  { first, last }: Places,
  { top, height }: LaneBox,
): void {
  const columnWidth = 2;
  const counts = new Uint32Array(Math.ceil((frame.right - frame.left) / columnWidth) + 1);
  const others = new Map<number, 'fail' | 'info'>();
  for (let place = first; place < last; place++) {
    const row = lane.rows[place] ?? 0;
    const column = Math.floor((frame.x(columns.invoked[row] ?? 0) - frame.left) / columnWidth);
    if (column < 0) continue;
    counts[column] = (counts[column] ?? 0) + 1;
    const outcome = outcomes[columns.outcome[row] ?? 0];
    if (outcome === 'fail' || outcome === 'info') others.set(column, outcome);
  }
  const usable = height - 3;
  const full = (bandFull * (last - first)) / counts.length;
  context.fillStyle = frame.palette.ok;
  context.globalAlpha = 0.65;
  counts.forEach((count, column) => {
    const tall = count === 0 ? 0 : Math.min(usable, Math.max(1.5, (count / full) * usable));
    context.fillRect(frame.left + column * columnWidth, top + 1 + usable - tall, columnWidth, tall);
  });
  context.globalAlpha = 1;
  context.lineWidth = 1.5;
  for (const [column, outcome] of others) {
    context.fillStyle = context.strokeStyle = frame.palette[outcome];
    const x = frame.left + (column + 0.5) * columnWidth;
    mark(context, outcome === 'fail' ? 'cross' : 'triangle', x, top + height / 2, Math.min(4, height / 3));
  }
}

function drawBars(
  context: CanvasRenderingContext2D,
  frame: Frame,
  data: ReportData,
  lane: ClientLane,
  { first, last }: Places,
  box: LaneBox,
): void {
  for (let place = first; place < last; place++) {
    drawBar(context, frame, data, lane.rows[place] ?? 0, box);
  }
  const { columns } = data;
  context.fillStyle = frame.palette.ink;
  for (let place = first; place < last; place++) {
    const point = columns.point[lane.rows[place] ?? 0] ?? neverTick;
    if (point === neverTick || point < frame.from || point > frame.to) continue;
    const x = frame.x(point);
    context.fillRect(x - 0.75, box.top, 1.5, box.height - 1);
  }
}

/** ok: filled; fail: an outline with a cross; info: an outline that stays open on the right, as its effect may come later. */
function drawBar(
  context: CanvasRenderingContext2D,
  frame: Frame,
  data: ReportData,
  row: number,
  { top, height }: LaneBox,
): void {
  const { columns, facts } = data;
  const { palette } = frame;
  const outcome = outcomes[columns.outcome[row] ?? 0] ?? 'info';
  const x = Math.max(frame.left - 4, frame.x(columns.invoked[row] ?? 0));
  const end = Math.min(frame.right + 4, frame.x(endOf(columns, row, facts.end)));
  const width = Math.max(1.5, end - x - 0.5);
  const y = top + 2;
  const tall = height - 4;
  context.fillStyle = context.strokeStyle = palette[outcome];
  context.lineWidth = 1.5;
  context.globalAlpha = outcome === 'ok' ? 0.45 : 0.15;
  context.fillRect(x, y, width, tall);
  context.globalAlpha = 1;
  if (outcome === 'ok') context.fillRect(x, y, 1.5, tall);
  else openBar(context, outcome, { x, y, width, height: tall });
  if (height < 12 || width < 24) return;
  context.font = palette.smallFont;
  context.fillStyle = palette.ink;
  const inset = outcome === 'fail' ? 14 : 0;
  labelInside(
    context,
    operationTexts(data, row),
    { x: x + inset, width: width - inset },
    top + height / 2,
    frame,
  );
}

function openBar(
  context: CanvasRenderingContext2D,
  outcome: 'fail' | 'info',
  {
    x,
    y,
    width,
    height,
  }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
): void {
  context.setLineDash(outcome === 'info' ? [3, 2] : []);
  context.beginPath();
  context.moveTo(x + width, y);
  context.lineTo(x, y);
  context.lineTo(x, y + height);
  context.lineTo(x + width, y + height);
  if (outcome === 'fail') context.closePath();
  context.stroke();
  context.setLineDash([]);
  if (outcome === 'fail')
    mark(context, 'cross', x + Math.min(7, width / 2), y + height / 2, Math.min(4, height / 3));
}

/** Of the counterexample: framed, with a flag above that is seen also where the frame is thin. */
function drawHighlight(
  context: CanvasRenderingContext2D,
  frame: Frame,
  { columns, facts }: ReportData,
  row: number,
  { top, height }: LaneBox,
): void {
  const x = frame.x(columns.invoked[row] ?? 0);
  const width = Math.max(3, frame.x(endOf(columns, row, facts.end)) - x);
  context.strokeStyle = context.fillStyle = frame.palette.mark;
  context.lineWidth = 2.5;
  context.strokeRect(x - 1, top + 1, width + 2, height - 2);
  mark(context, 'wedge', x, top + 1, 4);
}
