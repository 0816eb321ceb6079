import type { Json } from '../../core/json.ts';
import type { LookAhead, Model } from '../../core/model.ts';
import type { OperationTable } from '../history/operation-table.ts';
import { isContradictory } from './contradiction.ts';
import { makeBrake, type Brake } from './search-brake.ts';
import { makeExplorer, type Explorer } from './search-explorer.ts';
import { makeHelper, type Helper } from './search-helper.ts';
import { searchClosure, type ClosureSearch } from './search-closure.ts';
import { progressOf, type SearchProgress } from './search-progress.ts';
import { makeStates, type States } from './states.ts';
import { foreseenOperations, tableOperations, type SearchOperations } from './timeline-operations.ts';
import { bytesOf, makeTimeline, type Timeline } from './timeline.ts';

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

/** What there is as soon as it is known which operations change nothing. */
interface Work {
  readonly timeline: Timeline;
  readonly explorer: Explorer;
  readonly helper: Helper;
  readonly isContradictory: boolean;
}

/** What there is before. */
interface Preparation {
  readonly model: Model<unknown>;
  readonly operations: SearchOperations;
  readonly states: States;
  readonly closing: ClosureSearch;
  readonly brake: Brake;
  readonly options: SearchOptions;
}

function searchOf(
  model: Model<unknown>,
  given: SearchOperations,
  ahead: Pick<LookAhead<unknown>, 'outlook'>,
  options: SearchOptions,
): Search {
  const sliceChoices = Math.min(sliceChoicesMost, options.patience ?? patienceNormally);
  const { count, kindCount } = given;
  const states = makeStates(model, given, ahead, options.initial);
  const brake = makeBrake(states);
  const closing = searchClosure(states, { count, kindCount }, brake);
  let preparation: Preparation | null = { model, operations: given, states, closing, brake, options };
  let work: Work | null = null;
  let choicesTried = 0;

  /** Null: not yet. */
  const begun = (choices: number): Work | null => {
    work ??= preparation === null ? null : begin(preparation, choices);
    if (work !== null) preparation = null; // not needed any more, and large
    return work;
  };
  return {
    run: (choices, isExpired = neverExpired) => {
      brake.release(isExpired);
      const now = begun(choices);
      if (now === null) return 'running';
      const { explorer, helper } = now;
      if (now.isContradictory) return 'exhausted';
      for (let left = choices; left > 0 && !brake.isPulled();) {
        if (helper.isRefuted()) return 'exhausted';
        const slice = Math.min(left, sliceChoices);
        const status = explorer.run(slice);
        if (status !== 'running') return status;
        const spent = slice + helper.help(slice);
        left -= spent;
        choicesTried += spent;
      }
      return helper.isRefuted() ? 'exhausted' : 'running';
    },
    foundState: () => states.stateAt(work?.explorer.foundState() ?? 0),
    order: () => work?.explorer.order() ?? [],
    bytes: () => {
      const operationBytes = work === null ? bytesPerOperation * count : bytesOf(work.timeline);
      const ownBytes = work === null ? 0 : work.explorer.bytes() + work.helper.bytes();
      return states.bytes() + bytesPerKind * kindCount + operationBytes + ownBytes;
    },
    progress: () => progressOf(work, states.count(), choicesTried),
  };
}

const patienceNormally = 1000;
/** The columns of operations as they are given. */
const bytesPerOperation = 24;
/** An operation as an object. */
const bytesPerKind = 150;

/** A model that does not tell which operations change nothing is asked for all that they do; null: that takes longer. */
function begin({ model, operations, ...rest }: Preparation, choices: number): Work | null {
  const { states, closing, brake, options } = rest;
  const { windowBytes, patience = patienceNormally } = options;
  let isPure: (kind: number) => boolean = (kind) => model.isPure?.(operations.kindAt(kind)) === true;
  if (model.isPure === undefined) {
    const closure = closing.run(choices);
    if (closure === 'running') return null;
    if (closure !== null) isPure = closure.isPure;
  }
  const timeline = makeTimeline(operations, isPure);
  const explorer = makeExplorer(timeline, states, {
    initial: [0],
    windowBytes,
    brake,
    mayForget: () => !closing.holdsStates(),
    isStretch: false,
  });
  return {
    timeline,
    explorer,
    helper: makeHelper({ timeline, states, explorer, closing, windowBytes, brake, patience }),
    isContradictory: isContradictory(timeline, operations),
  };
}
