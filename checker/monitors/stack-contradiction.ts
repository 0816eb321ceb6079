import { invalid, type Invalid } from './queue-or-stack-fault.ts';
import type { Items } from './queue-or-stack-items.ts';
import type { Lives } from './stack-lives.ts';

/** Longer windows of a chain are not looked at. */
const windowMax = 12;

/**
 * Few of the lives that could not be taken away, which contradict each other without the others, too: they overlap one after the other, so that
 * the stack is never empty between the first push and the last pop, and none of them can have been at its bottom all that time.
 */
export function contradiction(lives: Lives, isAway: (life: number) => boolean): readonly number[] {
  let best: readonly number[] = [];
  for (const component of componentsOf(lives, isAway)) {
    const chain = shortestWindow(lives, chainOf(lives, component));
    if (best.length === 0 || chain.length < best.length) best = chain;
    if (best.length === 2) break;
  }
  return best;
}

/** Lives that are left, those together that cover places in a row, by their pushes. */
function componentsOf({ count, pushTo, popFrom }: Lives, isAway: (life: number) => boolean): number[][] {
  const left = Array.from({ length: count }, (_, life) => life).filter((life) => !isAway(life));
  left.sort((a, b) => (pushTo[a] ?? 0) - (pushTo[b] ?? 0));
  const components: number[][] = [];
  let end = -1;
  for (const life of left) {
    const isApart = (pushTo[life] ?? 0) >= end;
    if (isApart) components.push([life]);
    else components.at(-1)?.push(life);
    end = Math.max(isApart ? -1 : end, popFrom[life] ?? 0);
  }
  return components;
}

/** As few as cover the same places: each time the one that stays longest. */
function chainOf({ pushTo, popFrom }: Lives, component: readonly number[]): number[] {
  const chain: number[] = [];
  let covered = (pushTo[component[0] ?? 0] ?? 0) + 1;
  let best = component[0] ?? 0;
  for (const life of component) {
    if ((pushTo[life] ?? 0) >= covered) {
      chain.push(best);
      covered = popFrom[best] ?? 0;
    }
    if ((popFrom[life] ?? 0) > (popFrom[best] ?? 0)) best = life;
  }
  if (chain.at(-1) !== best) chain.push(best);
  return chain;
}

/** Part of a chain that will do. */
function shortestWindow(lives: Lives, chain: readonly number[]): readonly number[] {
  for (let length = 2; length <= Math.min(windowMax, chain.length); length++) {
    for (let from = 0; from + length <= chain.length; from++) {
      const window = chain.slice(from, from + length);
      if (!hasBottom(lives, window)) return window;
    }
  }
  return chain;
}

function hasBottom({ pushFrom, pushTo, popFrom, popTo }: Lives, chain: readonly number[]): boolean {
  const start = pushTo[chain[0] ?? 0] ?? 0;
  const end = popFrom[chain.at(-1) ?? 0] ?? 0;
  return chain.some((life) => (pushFrom[life] ?? 0) <= start && (popTo[life] ?? 0) >= end);
}

/** `even`: what was granted to lost values and did not help; empty: nothing. */
export function nestingFault(items: Items, lives: Lives, chain: readonly number[], even: string): Invalid {
  const rows = chain.flatMap((life) => {
    const item = lives.item[life] ?? 0;
    return [items.adds[item] ?? -1, items.removes[item] ?? -1];
  });
  const lost = chain.filter((life) => items.removes[lives.item[life] ?? 0] === -1).length;
  const rule =
    chain.length === 2
      ? 'a value was popped from below one that was pushed later and still there'
      : 'values were there one or another all the time, and none of them can have been at the bottom all that time';
  return lost === 0 || even === ''
    ? invalid(rule, rows)
    : invalid(rule + even, [...rows, ...items.unknown.subarray(0, lost)]);
}
