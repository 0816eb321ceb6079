import { element } from './elements.ts';
import type { TimeAxis } from './time-axis.ts';
import type { Frame } from './view.ts';

const zoomStep = 1.6;
const panStep = 0.2;
/** Shorter drags are clicks. */
const dragPixelsMin = 5;

/**
 * Pointer and keys over all views: drag to zoom, with shift to move; wheel with ctrl or shift to zoom; a finger moves. The line of the
 * cursor and the box of a drag span the whole stack, so that one sees what belongs together.
 */
export function wireGestures(
  stack: HTMLElement,
  plots: readonly HTMLElement[],
  axis: TimeAxis,
  frame: () => Frame,
): void {
  const line = element('div', { class: 'cursor-line', hidden: true });
  const box = element('div', { class: 'drag-box', hidden: true });
  stack.append(line, box);
  const xOf = (event: MouseEvent): number => event.clientX - stack.getBoundingClientRect().left;
  const clamped = (x: number): number => Math.min(frame().right, Math.max(frame().left, x));
  const tickAt = (x: number): number => {
    const { from, to, left, right } = frame();
    return from + ((clamped(x) - left) / (right - left)) * (to - from);
  };
  axis.onCursor(() => placeLine(line, axis, frame()));
  axis.onRange(() => placeLine(line, axis, frame()));

  let drag: { readonly x: number; readonly isPan: boolean; last: number } | null = null;
  const move = (event: PointerEvent): void => {
    const x = xOf(event);
    axis.point(x < frame().left || x > frame().right ? null : tickAt(x));
    if (drag === null) return;
    if (drag.isPan) {
      axis.pan((drag.last - x) / (frame().right - frame().left));
      drag.last = x;
      return;
    }
    const [from, to] = [clamped(Math.min(drag.x, x)), clamped(Math.max(drag.x, x))];
    box.hidden = to - from < dragPixelsMin;
    box.style.left = `${from}px`;
    box.style.width = `${to - from}px`;
  };
  const finish = (event: PointerEvent): void => {
    if (drag === null) return;
    const { x: begin, isPan } = drag;
    drag = null;
    box.hidden = true;
    const end = xOf(event);
    if (isPan || event.type === 'pointercancel' || Math.abs(end - begin) < dragPixelsMin) return;
    axis.show({ from: tickAt(Math.min(begin, end)), to: tickAt(Math.max(begin, end)) });
  };
  for (const plot of plots) {
    plot.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      plot.setPointerCapture(event.pointerId);
      const x = xOf(event);
      drag = { x, last: x, isPan: event.shiftKey || event.pointerType === 'touch' };
    });
    plot.addEventListener('pointermove', move);
    plot.addEventListener('pointerup', finish);
    plot.addEventListener('pointercancel', finish);
    plot.addEventListener('pointerleave', () => axis.point(null));
    plot.addEventListener('dblclick', () => axis.show(axis.whole));
    plot.addEventListener('wheel', (event) => wheel(event, axis, tickAt(xOf(event))), { passive: false });
  }
}

function placeLine(line: HTMLElement, axis: TimeAxis, frame: Frame): void {
  const at = axis.cursor();
  line.hidden = at === null || at < axis.range().from || at > axis.range().to;
  if (at !== null) line.style.transform = `translateX(${frame.x(at)}px)`;
}

/** A plain wheel scrolls the page, as everywhere; sideways, it moves in time. */
function wheel(event: WheelEvent, axis: TimeAxis, at: number): void {
  const { deltaX, deltaY } = event;
  if (event.ctrlKey || event.shiftKey) {
    event.preventDefault();
    const delta = Math.abs(deltaY) > Math.abs(deltaX) ? deltaY : deltaX;
    axis.zoom(Math.exp(Math.max(-1, Math.min(1, delta / 200))), at);
  } else if (Math.abs(deltaX) > Math.abs(deltaY)) {
    event.preventDefault();
    axis.pan(deltaX / 800);
  }
}

/** True: the key was one of the time axis's. */
export function axisKey(key: string, axis: TimeAxis): boolean {
  const { from, to } = axis.range();
  const act = {
    '+': () => axis.zoom(1 / zoomStep),
    '=': () => axis.zoom(1 / zoomStep),
    '-': () => axis.zoom(zoomStep),
    ArrowLeft: () => axis.pan(-panStep),
    ArrowRight: () => axis.pan(panStep),
    Home: () => axis.show({ from: 0, to: to - from }),
    End: () => axis.show({ from: axis.whole.to - (to - from), to: axis.whole.to }),
    '0': () => axis.show(axis.whole),
  }[key];
  act?.();
  return act !== undefined;
}
