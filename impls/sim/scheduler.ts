/** Virtual time: a queue of actions by the millisecond at which they happen, in order of insertion where that is equal. */
export interface Scheduler {
  /** Virtual milliseconds since the start. */
  readonly now: number;
  /** Actions done so far. */
  readonly done: number;
  at(time: number, action: () => void): void;
  after(delayMs: number, action: () => void): void;
  /** Lets time pass until nothing is left to do, `stop` is called, or a limit is reached; says which. */
  run(limits: {
    readonly untilMs: number;
    readonly actionsMax: number;
  }): 'empty' | 'stopped' | 'time' | 'actions';
  stop(): void;
}

interface Entry {
  readonly time: number;
  readonly order: number;
  readonly action: () => void;
}

const isBefore = (a: Entry, b: Entry): boolean => a.time < b.time || (a.time === b.time && a.order < b.order);

/** A scheduler at time zero with nothing to do. */
export function makeScheduler(): Scheduler {
  const heap: Entry[] = [];
  let now = 0;
  let done = 0;
  let inserted = 0;
  let stopped = false;

  const at = (time: number, action: () => void): void => {
    push(heap, { time: time > now ? time : now, order: inserted++, action });
  };
  return {
    get now() {
      return now;
    },
    get done() {
      return done;
    },
    at,
    after: (delayMs, action) => at(now + delayMs, action),
    run: ({ untilMs, actionsMax }) => {
      stopped = false;
      while (heap.length > 0) {
        if (done >= actionsMax) return 'actions';
        if ((heap[0] as Entry).time > untilMs) return 'time';
        const entry = pop(heap);
        now = entry.time;
        done++;
        entry.action();
        if (stopped) return 'stopped';
      }
      return 'empty';
    },
    stop: () => {
      stopped = true;
    },
  };
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt] as Entry;
    if (!isBefore(entry, parent)) break;
    heap[at] = parent;
    at = parentAt;
  }
  heap[at] = entry;
}

/** The first entry of a heap that is not empty. */
function pop(heap: Entry[]): Entry {
  const first = heap[0] as Entry;
  const last = heap.pop() as Entry;
  const size = heap.length;
  if (size === 0) return first;
  let at = 0;
  for (;;) {
    let childAt = 2 * at + 1;
    if (childAt >= size) break;
    if (childAt + 1 < size && isBefore(heap[childAt + 1] as Entry, heap[childAt] as Entry)) childAt++;
    const child = heap[childAt] as Entry;
    if (!isBefore(child, last)) break;
    heap[at] = child;
    at = childAt;
  }
  heap[at] = last;
  return first;
}
