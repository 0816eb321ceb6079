import { element } from './elements.ts';
import type { Palette } from './palette.ts';

/** Where the visible stretch of the run lies in every view: one column of pixels is the same time in all of them. */
export interface Frame {
  readonly from: number;
  readonly to: number;
  /** CSS pixels: of the whole view, of the first and of the last column of the plot. */
  readonly width: number;
  readonly left: number;
  readonly right: number;
  readonly x: (tick: number) => number;
  readonly palette: Palette;
}

/** Something under the pointer: what it says, and the box to mark, in CSS pixels of the view's plot. */
export interface Hit {
  readonly lines: readonly string[];
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
}

export interface View {
  readonly root: HTMLElement;
  /** Takes the pointer; its left edge is the left edge of the frame. */
  readonly plot: HTMLElement;
  readonly draw: (frame: Frame) => void;
  readonly hit: (x: number, y: number) => Hit | null;
}

/** One entry of a legend: a drawn sample and what it means. `sample` names a shape of timeline.css. */
export interface LegendEntry {
  readonly sample: string;
  readonly text: string;
}

export function viewShell(
  name: string,
  heading: string,
  legend: readonly LegendEntry[],
): { readonly root: HTMLElement; readonly plot: HTMLElement; readonly note: HTMLElement } {
  const plot = element('div', { class: 'plot', role: 'img', 'aria-label': `${heading}, drawn` });
  const note = element('span', { class: 'view-note' });
  const entries = legend.map(({ sample, text }) =>
    element(
      'span',
      { class: 'entry' },
      element('i', { class: `sample ${sample}`, 'aria-hidden': 'true' }),
      text,
    ),
  );
  const root = element(
    'section',
    { class: `view view-${name}`, 'aria-label': heading },
    element('header', {}, element('h3', {}, heading), element('p', { class: 'legend' }, ...entries, note)),
    plot,
  );
  return { root, plot, note };
}

export function makeFrame(
  range: { readonly from: number; readonly to: number },
  width: number,
  palette: Palette,
): Frame {
  const isNarrow = width < 560;
  const left = isNarrow ? 52 : 84;
  const right = width - (isNarrow ? 8 : 16);
  const scale = (right - left) / (range.to - range.from);
  return { ...range, width, left, right, palette, x: (tick) => left + (tick - range.from) * scale };
}
