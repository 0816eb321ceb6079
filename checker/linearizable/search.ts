import type { Json } from '../../core/json.ts';
import type { LookAhead, Model } from '../../core/model.ts';
import type { OperationTable } from '../history/operation-table.ts';
import { isContradictory } from './contradiction.ts';
import { makeBrake } from './search-brake.ts';
import { makeExplorer, type Explorer } from './search-explorer.ts';
import { makeHelper, type Helper } from './search-helper.ts';
import { searchClosure, type Closure } from './search-closure.ts';
import { makeStates } from './states.ts';
import { foreseenOperations, tableOperations, type SearchOperations } from './timeline-operations.ts';
import { makeTimeline, type Timeline } from './timeline.ts';

/** `exhausted`: there is no further linearization; the first time, that there is none at all. */
export type SearchStatus = 'running' | 'found' | 'exhausted';

/** A search for linearizations of one part, to be run a little at a time. */
export interface Search {
  /**
   * Goes on for so many choices at most, or to the next linearization, or until `isExpired` says so: it is asked so often that only a single
   * step of the model can make it late.
   */
  run(choices: number, isExpired?: () => boolean): SearchStatus;
  /** The state in which the linearization just found ends. */
  foundState(): unknown;
  /** The linearization just found: indexes of the operations given, in order; an unknown one that took no effect is missing. */
  order(): number[];
  bytes(): number;
  progress(): SearchProgress;
}

/** What is known when a search is given up. */
export interface SearchProgress {
  /** Everything that returned before this position is linearizable; -Infinity: nothing is known yet. */
  readonly provenTo: number;
  /** Most operations open at once; unknown ones are open for ever, and not counted. */
  readonly widest: number;
  readonly unknown: number;
}

export interface SearchOptions {
  /** What the memo of the last blocks may take. */
  readonly windowBytes: number;
  /** What the object holds at first; undefined: as the model begins by itself. */
  readonly initial?: Json | undefined;
  /** So many choices are tried before a search is helped that gets no further. */
  readonly patience?: number;
}

/** With what the model tells in advance. */
export const makeSearch = (
  model: Model<unknown>,
  ahead: LookAhead<unknown>,
  options: SearchOptions,
): Search => searchOf(model, foreseenOperations(ahead), ahead, options);

/** With nothing told in advance, and no object for each operation. */
export const makeTableSearch = (
  model: Model<unknown>,
  table: OperationTable,
  options: SearchOptions,
): Search => searchOf(model, tableOperations(table), {}, options);

const neverExpired = (): boolean => false;
const sliceChoicesMost = 200;
/** Columns of operations and of the timeline. */
const bytesPerOperation = 80;

/** What there is as soon as it is known which operations change nothing. */
interface Work {
  readonly timeline: Timeline;
  readonly explorer: Explorer;
  readonly helper: Helper;
  readonly isContradictory: boolean;
}

function searchOf(
  model: Model<unknown>,
  operations: SearchOperations,
  ahead: Pick<LookAhead<unknown>, 'outlook'>,
  { windowBytes, initial, patience = 1000 }: SearchOptions,
): Search {
  const sliceChoices = Math.min(sliceChoicesMost, patience);
  const states = makeStates(model, operations, ahead, initial);
  const brake = makeBrake(states);
  const closing = searchClosure(states, operations, brake);
  let closure: Closure | null | 'running' = 'running';
  let work: Work | null = null;

  const begun = (isPure: (kind: number) => boolean): Work => {
    const timeline = makeTimeline(operations, isPure);
    const explorer = makeExplorer(timeline, states, { initial: [0], windowBytes, brake, isStretch: false });
    return {
      timeline,
      explorer,
      helper: makeHelper({ timeline, states, explorer, closing, windowBytes, brake, patience }),
      isContradictory: isContradictory(timeline, operations),
    };
  };
  /** A model that does not tell which operations change nothing is asked for all that they do. */
  const begin = (choices: number): Work | null => {
    const { isPure } = model;
    if (isPure !== undefined) return begun((kind) => isPure(operations.kindAt(kind)));
    closure = closing.run(choices);
    if (closure === 'running') return null;
    return begun(closure?.isPure ?? (() => false));
  };

  return {
    run: (choices, isExpired = neverExpired) => {
      brake.release(isExpired);
      work ??= begin(choices);
      if (work === null) return 'running';
      if (work.isContradictory) return 'exhausted';
      for (let left = choices; left > 0 && !brake.isPulled(); ) {
        const slice = Math.min(left, sliceChoices);
        const status = work.explorer.run(slice);
        if (status !== 'running') return status;
        left -= slice + work.helper.help(slice);
        if (work.helper.isRefuted()) return 'exhausted';
      }
      return 'running';
    },
    foundState: () => states.stateAt(work?.explorer.foundState() ?? 0),
    order: () => work?.explorer.order() ?? [],
    bytes: () =>
      states.bytes() +
      (work === null ? 0 : work.explorer.bytes() + work.helper.bytes()) +
      bytesPerOperation * operations.count,
    progress: () => progressOf(work),
  };
}

function progressOf(work: Work | null): SearchProgress {
  if (work === null) return { provenTo: -Infinity, widest: 0, unknown: 0 };
  const { explorer, timeline } = work;
  const furthest = explorer.furthest();
  return {
    provenTo: furthest >= timeline.last ? Infinity : (timeline.returned[furthest] ?? -Infinity),
    widest: explorer.widest(),
    unknown: timeline.unknown.reduce((sum, { sources }) => sum + sources.length, 0),
  };
}
