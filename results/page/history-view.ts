import { neverTick, type ReportData } from '../report/report-data.ts';
import { contextOf, element } from './elements.ts';
import { gridLines, shadeFaults } from './fault-view.ts';
import type { Filter } from './filter.ts';
import { drawLane, firstInLane, isDense, lanesOf, placesInSight, type ClientLane } from './history-lanes.ts';
import { gutterLabel } from './lanes.ts';
import { endOf, operationLines } from './operations.ts';
import { countText } from './ticks.ts';
import { viewShell, type Frame, type Hit, type View } from './view.ts';

/** An operation chosen with the keyboard. */
export interface Chosen {
  readonly from: number;
  readonly to: number;
  /** Where it lies in the frame that is shown when this is called. */
  readonly hit: () => Hit | null;
}

export interface HistoryView extends View {
  /** The next operation of the lane (+1, -1), or the lane below or above (in lanes). */
  readonly step: (by: { readonly operations?: number; readonly lanes?: number }) => Chosen | null;
}

/** The history as lanes, one for each client: bars from invocation to completion, with linearization points. */
export function historyView(data: ReportData, filter: Filter): HistoryView {
  const { facts, columns } = data;
  const highlighted = new Set((facts.counterexample?.operations ?? []).map(({ row }) => row));
  const hasPoints = columns.point.some((point) => point !== neverTick);
  const { root, plot, note } = viewShell('history', 'History by client', [
    { sample: 'bar-ok', text: 'ok' },
    { sample: 'bar-fail', text: 'fail' },
    { sample: 'bar-info', text: 'info' },
    ...(hasPoints ? [{ sample: 'tick', text: 'took effect (linearization point)' }] : []),
    ...(highlighted.size === 0 ? [] : [{ sample: 'highlight', text: 'counterexample' }]),
  ]);
  const canvas = element('canvas');
  plot.append(canvas);
  let lanes: readonly ClientLane[] = lanesOf(data, filter.passes);
  let laneHeight = heightFor(lanes.length);
  let shown: Frame | null = null;
  let chosenLane = 0;
  let chosenPlace = -1;
  filter.onChange(() => {
    lanes = lanesOf(data, filter.passes);
    laneHeight = heightFor(lanes.length);
    [chosenLane, chosenPlace] = [0, -1];
  });

  const draw = (frame: Frame): void => {
    shown = frame;
    const height = Math.max(1, lanes.length) * laneHeight + 2;
    const context = contextOf(canvas, frame.width, height);
    shadeFaults(context, frame, facts.faults, height);
    gridLines(context, frame, height);
    let inSight = 0;
    let dense = 0;
    lanes.forEach((lane, index) => {
      const { first, last } = placesInSight(lane, data, frame);
      inSight += last - first;
      if (isDense(last - first, frame)) dense++;
      const top = index * laneHeight;
      if (index % Math.ceil(labelHeight / laneHeight) === 0) {
        gutterLabel(context, frame, facts.clients[lane.client] ?? '', top + laneHeight / 2);
      }
      drawLane(context, frame, data, lane, { top, height: laneHeight }, highlighted);
    });
    note.textContent = `${countText(inSight)} in view${dense === 0 ? '' : ', height: how many begin; zoom in to see operations'}`;
  };
  const hitAt = (lane: number, row: number): Hit | null => {
    if (shown === null) return null;
    const x = Math.max(shown.left, shown.x(columns.invoked[row] ?? 0));
    const end = Math.min(shown.right, shown.x(endOf(columns, row, facts.end)));
    return {
      lines: operationLines(data, row),
      box: { x, y: lane * laneHeight + 1, width: Math.max(3, end - x), height: laneHeight - 2 },
    };
  };
  const step: HistoryView['step'] = (by) => {
    if (shown === null || lanes.length === 0) return null;
    const at = atChosen(lanes[chosenLane], chosenPlace, columns.invoked);
    chosenLane = Math.min(lanes.length - 1, Math.max(0, chosenLane + (by.lanes ?? 0)));
    const lane = lanes[chosenLane];
    if (lane === undefined) return null;
    if (by.lanes !== undefined || at === null || at < shown.from || at > shown.to) {
      chosenPlace = firstInLane(
        lane,
        columns.invoked,
        at === null || at > shown.to ? shown.from : Math.max(at, shown.from),
      );
    } else chosenPlace += by.operations ?? 0;
    chosenPlace = Math.min(lane.rows.length - 1, Math.max(0, chosenPlace));
    const row = lane.rows[chosenPlace] ?? 0;
    const index = chosenLane;
    return {
      from: columns.invoked[row] ?? 0,
      to: endOf(columns, row, facts.end),
      hit: () => hitAt(index, row),
    };
  };
  return {
    root,
    plot,
    draw,
    step,
    hit: (x, y) => {
      const index = Math.floor(y / laneHeight);
      const lane = lanes[index];
      if (shown === null || lane === undefined) return null;
      const row = rowUnder(lane, data, shown, x);
      return row === null ? null : hitAt(index, row);
    },
  };
}

const atChosen = (lane: ClientLane | undefined, place: number, invoked: Uint32Array): number | null =>
  lane === undefined || place < 0 ? null : (invoked[lane.rows[place] ?? 0] ?? null);

const labelHeight = 14;

/** Few clients get room for words, many stay on one screen. */
const heightFor = (count: number): number => Math.min(24, Math.max(7, Math.floor(480 / Math.max(1, count))));

/** The operation under the pointer, or one within three pixels of it. */
function rowUnder(lane: ClientLane, data: ReportData, frame: Frame, x: number): number | null {
  const { columns, facts } = data;
  const { first, last } = placesInSight(lane, data, frame);
  if (isDense(last - first, frame)) return null;
  let best: number | null = null;
  let bestDistance = 3;
  for (let place = first; place < last; place++) {
    const row = lane.rows[place] ?? 0;
    const from = frame.x(columns.invoked[row] ?? 0);
    const to = frame.x(endOf(columns, row, facts.end));
    const distance = Math.max(from - x, x - to, 0);
    if (distance > bestDistance) continue;
    best = row;
    bestDistance = distance;
  }
  return best;
}
