import { makeWindowedMemo } from './memo.ts';
import type { Brake } from './search-brake.ts';
import { makeChoices } from './search-choices.ts';
import type { Closure } from './search-closure.ts';
import { makeConfiguration } from './search-configuration.ts';
import { makePath } from './search-path.ts';
import { makeProspect, type Prospect } from './search-prospect.ts';
import { addEnd, nextQuietReturn, type Beginning } from './search-stretches.ts';
import { placedIn, type TrailChain } from './search-trail.ts';
import type { States } from './states.ts';
import { roles, type Timeline } from './timeline.ts';

/** `exhausted`: there is no further linearization. */
export type ExplorerStatus = 'running' | 'found' | 'exhausted';

export interface Explorer {
  /** Tries so many choices at most, fewer if the brake is pulled. */
  run(choices: number): ExplorerStatus;
  /** Gives less to try from now on. */
  learn(closure: Closure): void;
  /** The state in which the linearization just found ends. */
  foundState(): number;
  /** The linearization just found: indexes in the part. */
  order(): number[];
  /** The furthest return that waited for something to be placed. */
  furthest(): number;
  /** The latest return that any choice was given up for. */
  lookedUpTo(): number;
  /** How many choices were tried since then. */
  sinceAdvance(): number;
  widest(): number;
  bytes(): number;
}

export interface ExplorerOptions {
  /** States in which to begin. */
  readonly initial: readonly number[];
  /** What the memo of the last blocks may take. */
  readonly windowBytes: number;
  readonly brake: Brake;
  /** Whether states that belong to the past may be forgotten, and others get their numbers. */
  readonly mayForget: () => boolean;
  /** See `makeConfiguration`. */
  readonly isStretch: boolean;
}

const blockEvents = 4096;
const blockOf = (event: number): number => Math.floor(event / blockEvents);
/** Going through all of a stretch may cost so many times what going through it once does. */
const choicesPerReturn = 6;
const endsMax = 64;
/** States that are not needed any more are forgotten when they take so much. */
const statesBytesKept = 4 << 20;

/**
 * Just-in-time linearization, depth first [Wing & Gong 1993; Lowe 2017, section 5]. Returns are gone through in order, and an operation is
 * placed no earlier than some return needs it. Configurations that were entered are never entered again.
 *
 * Where nothing is open, all that matters of the past is the state. As long as it is cheap, every stretch between two such moments is gone
 * through wholly, and then only the configurations that it can end in are kept. If it is not, the path through it is kept for coming back.
 */
export function makeExplorer(timeline: Timeline, states: States, options: ExplorerOptions): Explorer {
  const { windowBytes, isStretch, brake, mayForget } = options;
  const { last, roles: roleOf } = timeline;
  const configuration = makeConfiguration(timeline, states, isStretch);
  const { row, trail, shape, used } = configuration;
  const choices = makeChoices(timeline, states, configuration);
  let prospect: Prospect | null = null;
  const path = makePath(shape.rowLength);
  const memo = makeWindowedMemo(shape, windowBytes);

  let ends: Beginning[] = options.initial.map((state) => ({ event: 0, state, used: 0, before: null }));
  /** Those that stand on the path, by number. */
  let beginnings: Beginning[] = [];
  let until = 0;
  let isDeep = false;
  let choicesLeft = 0;
  let isFresh = false;
  let furthest = -1;
  let lookedUpTo = -1;
  let sinceAdvance = 0;
  let chainBytes = 0;

  const addBeginnings = (added: readonly Beginning[]): void => {
    const first = beginnings.length;
    beginnings.push(...added);
    for (let i = added.length - 1; i >= 0; i--) path.add(row, trail.length(), first + i);
    isFresh = false;
  };
  const beginStretch = (): ExplorerStatus => {
    const added = ends;
    const [first] = added;
    if (first === undefined) return 'exhausted';
    ends = [];
    beginnings = [];
    until = isDeep ? last : nextQuietReturn(timeline, first.event);
    choicesLeft = choicesPerReturn * (until - first.event) * added.length;
    memo.clear();
    path.clear();
    trail.cutTo(0);
    addBeginnings(forgetOthers(added));
    return 'running';
  };
  /** What belongs to the past only is forgotten now and then. */
  const forgetOthers = (kept: readonly Beginning[]): readonly Beginning[] => {
    for (const { before } of kept) chainBytes += 100 + 4 * (before?.placed.length ?? 0);
    if (kept.every((each) => each.used === 0)) used.clear();
    if (!mayForget() || states.bytes() < statesBytesKept) return kept;
    states.keepOnly(kept.map(({ state }) => state));
    return kept.map((each, state) => ({ ...each, state }));
  };
  /** From now on, everything that is left to try is kept on the path. */
  const goDeep = (): void => {
    isDeep = true;
    until = last;
    const found = ends;
    ends = [];
    addBeginnings(found);
  };

  const chain = (): TrailChain => {
    const { beginning, trailLength } = path.lastBeginning();
    return { before: beginnings[beginning]?.before ?? null, placed: trail.since(trailLength) };
  };
  const arrive = (eventBefore: number): ExplorerStatus => {
    const isAlive = configuration.settle(until);
    const event = configuration.event();
    if (event > furthest) {
      furthest = event;
      sinceAdvance = 0;
    }
    if (!isAlive) return 'running';
    if (event === until) {
      if (until === last) return 'found';
      const state = configuration.state();
      addEnd(ends, { event, state, used: configuration.usedCounts(), before: chain() }, used);
      return 'running';
    }
    const block = blockOf(event);
    if (memo.add(row, block, block !== blockOf(eventBefore))) {
      path.add(row, trail.length(), -1);
      isFresh = true;
    }
    return 'running';
  };

  const begin = ({ event, state, used: usedBefore }: Beginning): ExplorerStatus => {
    path.list();
    path.finishList();
    trail.cutTo(path.trailLength());
    configuration.begin(event, state, usedBefore);
    return arrive(event);
  };
  const listChoices = (): void => {
    path.list();
    const hopeless = prospect?.firstHopeless() ?? -1;
    if (hopeless < 0) choices.addAll(path);
    else if (hopeless > lookedUpTo) lookedUpTo = hopeless;
    path.finishList();
  };
  const step = (): ExplorerStatus => {
    if (path.depth() === 0) return beginStretch();
    if (path.isTried()) {
      path.drop();
      return 'running';
    }
    if (isFresh) {
      isFresh = false;
      const event = configuration.event();
      const after = roleOf[event] === roles.mutator ? configuration.after(event) : -1;
      if (after >= 0) {
        configuration.place(event, after);
        return arrive(event);
      }
    } else {
      const beginning = path.isListed() ? undefined : beginnings[path.beginning()];
      if (beginning !== undefined) return begin(beginning);
      configuration.load(path.rows(), path.rowStart());
      trail.cutTo(path.trailLength());
    }
    if (!path.isListed()) listChoices();
    if (path.isTried()) return 'running';
    const event = configuration.event();
    choices.enter(path.take());
    return arrive(event);
  };

  return {
    run: (count) => {
      for (let i = 0; i < count; i++) {
        sinceAdvance += 1;
        const status = step();
        if (status !== 'running') return status;
        if (!isDeep && until < last) {
          choicesLeft -= 1;
          if (choicesLeft < 0 || ends.length > endsMax) goDeep();
        }
        if (brake.isPulled()) break;
      }
      return 'running';
    },
    learn: (closure) => {
      choices.learn(closure);
      prospect = makeProspect(timeline, states, closure, configuration);
    },
    foundState: () => configuration.state(),
    order: () => placedIn(chain()),
    furthest: () => furthest,
    lookedUpTo: () => Math.max(furthest, lookedUpTo),
    sinceAdvance: () => sinceAdvance,
    widest: () => configuration.open.widest(),
    bytes: () =>
      path.bytes() + trail.bytes() + memo.bytes() + used.bytes() + chainBytes + configuration.open.bytes(),
  };
}
