/** A stretch of the run, in ticks; fractions occur while zooming. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Below this many ticks there is nothing more to see: a tick is a microsecond or more. */
const spanMin = 10;

/** The one time axis that all views share: what is visible, where the cursor is, who wants to know. */
export interface TimeAxis {
  readonly whole: Range;
  readonly range: () => Range;
  readonly cursor: () => number | null;
  readonly show: (range: Range) => void;
  /** Keeps the time at `around` where it is; a factor below 1 zooms in. */
  readonly zoom: (factor: number, around?: number) => void;
  /** By a share of what is visible; positive: later. */
  readonly pan: (share: number) => void;
  readonly point: (at: number | null) => void;
  readonly onRange: (listener: () => void) => void;
  readonly onCursor: (listener: () => void) => void;
}

export function makeTimeAxis(end: number): TimeAxis {
  const whole = { from: 0, to: Math.max(end, spanMin) };
  let range: Range = whole;
  let cursor: number | null = null;
  const rangeListeners: (() => void)[] = [];
  const cursorListeners: (() => void)[] = [];
  const show = (wanted: Range): void => {
    const next = within(wanted, whole);
    if (next.from === range.from && next.to === range.to) return;
    range = next;
    for (const listener of rangeListeners) listener();
  };
  return {
    whole,
    range: () => range,
    cursor: () => cursor,
    show,
    zoom: (factor, around = cursor ?? (range.from + range.to) / 2) => show(zoomed(range, factor, around)),
    pan: (share) => {
      const by = (range.to - range.from) * share;
      show({ from: range.from + by, to: range.to + by });
    },
    point: (at) => {
      if (at === cursor) return;
      cursor = at;
      for (const listener of cursorListeners) listener();
    },
    onRange: (listener) => rangeListeners.push(listener),
    onCursor: (listener) => cursorListeners.push(listener),
  };
}

function zoomed({ from, to }: Range, factor: number, around: number): Range {
  const at = Math.min(to, Math.max(from, around));
  return { from: at - (at - from) * factor, to: at + (to - at) * factor };
}

/** Keeps the span where it fits, else shrinks it. */
export function within(wanted: Range, whole: Range): Range {
  const span = Math.min(whole.to - whole.from, Math.max(spanMin, wanted.to - wanted.from));
  const middle = (wanted.from + wanted.to) / 2;
  const from = Math.min(whole.to - span, Math.max(whole.from, middle - span / 2));
  return { from, to: from + span };
}
