import type { ReportData, Span } from '../report/report-data.ts';
import { contextOf, element } from './elements.ts';
import { tickCountMax } from './plot.ts';
import { niceStep, ticksBetween, timeText } from './ticks.ts';
import type { TimeAxis } from './time-axis.ts';
import type { Frame, Hit } from './view.ts';

const axisHeight = 22;

/** The shared axis, and what was going on at the cursor. It stays in sight while one scrolls through the views. */
export function axisStrip(
  { facts }: ReportData,
  axis: TimeAxis,
): { readonly root: HTMLElement; readonly draw: (frame: Frame) => void } {
  const canvas = element('canvas', { class: 'axis', 'aria-hidden': 'true' });
  const words = element('p', { class: 'readout' });
  const tell = (): void => {
    const at = axis.cursor();
    words.textContent = at === null ? rangeWords(axis, facts.tickNs) : cursorWords(facts, axis, at);
  };
  axis.onCursor(tell);
  return {
    root: element('div', { class: 'axis-strip' }, words, canvas),
    draw: (frame) => {
      tell();
      drawAxis(contextOf(canvas, frame.width, axisHeight), frame, facts.tickNs);
    },
  };
}

function drawAxis(context: CanvasRenderingContext2D, frame: Frame, tickNs: number): void {
  const { palette } = frame;
  const count = tickCountMax(frame);
  const stepNs = niceStep((frame.to - frame.from) / count) * tickNs;
  context.font = palette.smallFont;
  context.fillStyle = palette.ink;
  context.strokeStyle = palette.faint;
  context.textBaseline = 'top';
  context.fillRect(frame.left, axisHeight - 1, frame.right - frame.left, 1);
  for (const tick of ticksBetween(frame.from, frame.to, count)) {
    const x = frame.x(tick);
    context.fillRect(Math.round(x), axisHeight - 6, 1, 6);
    const text = timeText(tick * tickNs, stepNs);
    const half = context.measureText(text).width / 2;
    context.textAlign = 'left';
    context.fillText(text, Math.min(frame.width - 2 * half, Math.max(0, x - half)), 2);
  }
}

const rangeWords = (axis: TimeAxis, tickNs: number): string => {
  const { from, to } = axis.range();
  const stepNs = ((to - from) * tickNs) / 100;
  const whole = axis.whole.from === from && axis.whole.to === to ? 'the whole run, ' : '';
  return `${whole}${timeText(from * tickNs, stepNs)} to ${timeText(to * tickNs, stepNs)}`;
};

function cursorWords(facts: ReportData['facts'], axis: TimeAxis, at: number): string {
  const { from, to } = axis.range();
  const holds = (span: Span): boolean => span.from <= at && at < span.to;
  const phase = facts.phases.find(holds);
  const faults = facts.faults.filter(({ effect, end }) => effect !== null && effect <= at && at < end);
  const nodes = facts.nodes.flatMap(({ slot, roles }) => {
    const role = roles.find(holds);
    return role === undefined ? [] : [`${slot} ${role.name}`];
  });
  return [
    timeText(at * facts.tickNs, ((to - from) * facts.tickNs) / 1000),
    ...(phase === undefined ? [] : [phase.name]),
    ...faults.map(({ id, name }) => `${id} ${name} in force`),
    nodes.join(', '),
  ]
    .filter((text) => text !== '')
    .join(' · ');
}

/** A box of words beside what it tells about, and a frame around that. */
export interface Tooltip {
  /** `plot`: where the hit's box lies; `isSpoken`: a screen reader tells it. */
  readonly show: (plot: HTMLElement, hit: Hit, isSpoken?: boolean) => void;
  readonly hide: () => void;
}

export function makeTooltip(stack: HTMLElement): Tooltip {
  const words = element('div', { class: 'tooltip', hidden: true });
  const ring = element('div', { class: 'ring', hidden: true });
  const spoken = element('p', { class: 'spoken', 'aria-live': 'polite' });
  stack.append(ring, words, spoken);
  return {
    show: (plot, { lines, box }, isSpoken = false) => {
      const origin = stack.getBoundingClientRect();
      const place = plot.getBoundingClientRect();
      const [left, top] = [place.left - origin.left + box.x, place.top - origin.top + box.y];
      Object.assign(ring.style, {
        left: `${left}px`,
        top: `${top}px`,
        width: `${box.width}px`,
        height: `${box.height}px`,
      });
      words.replaceChildren(...lines.map((line) => element('div', {}, line)));
      ring.hidden = words.hidden = false;
      if (isSpoken) spoken.textContent = lines.join('. ');
      const width = words.offsetWidth;
      const x = Math.max(0, Math.min(left + box.width / 2 - width / 2, origin.width - width));
      const isBelow = place.top + box.y + box.height + words.offsetHeight + 12 < window.innerHeight;
      const y = isBelow ? top + box.height + 8 : top - words.offsetHeight - 8;
      Object.assign(words.style, { left: `${x}px`, top: `${y}px` });
    },
    hide: () => {
      ring.hidden = words.hidden = true;
    },
  };
}
