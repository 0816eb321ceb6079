import type { Frame } from './view.ts';

/** Drawing of lanes on a canvas: bars, patterns, and labels that are either readable in full or not there. */
type Context = CanvasRenderingContext2D;

/** Everything outside the plot's columns stays clean. */
export function clipToPlot(context: Context, frame: Frame, height: number, paint: () => void): void {
  context.save();
  context.beginPath();
  context.rect(frame.left, 0, frame.right - frame.left, height);
  context.clip();
  paint();
  context.restore();
}

/** The visible part of a span in pixels, at least `least` wide; null: none of it is visible. */
export function visible(
  frame: Frame,
  from: number,
  to: number,
  least = 2,
): { readonly x: number; readonly width: number } | null {
  if (to < frame.from || from > frame.to) return null;
  // Two pixels beyond either side, so that an edge outside is not drawn inside.
  const x = Math.max(frame.left - 2, frame.x(from));
  const end = Math.min(frame.right + 2, Math.max(frame.x(to), x + least));
  return { x, width: end - x };
}

export function gutterLabel(context: Context, frame: Frame, text: string, y: number): void {
  context.font = frame.palette.font;
  context.fillStyle = frame.palette.ink;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  context.fillText(shortened(context, text, frame.left - 10), frame.left - 6, y);
}

/** As much as fits, with an ellipsis; the full text is told under the pointer. */
function shortened(context: Context, text: string, width: number): string {
  if (context.measureText(text).width <= width) return text;
  let length = text.length - 1;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > width) length--;
  return `${text.slice(0, length)}…`;
}

/** Writes the first of the texts (longest first) that fits into the bar; none: nothing. */
export function labelInside(
  context: Context,
  texts: readonly string[],
  bar: { readonly x: number; readonly width: number },
  y: number,
  frame: Frame,
): boolean {
  const left = Math.max(bar.x, frame.left) + 4;
  const width = Math.min(bar.x + bar.width, frame.right) - 4 - left;
  if (width < 6) return false;
  const text = texts.find((candidate) => context.measureText(candidate).width <= width);
  if (text === undefined) return false;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(text, left, y);
  return true;
}

interface Bar {
  readonly x: number;
  readonly width: number;
}

/** The first of the texts (longest first) that fits right of the bar, left of it, or on it; for lanes that hold one thing only. */
export function labelBeside(
  context: Context,
  texts: readonly string[],
  bar: Bar,
  y: number,
  frame: Frame,
): void {
  for (const text of texts) {
    if (labelOutside(context, [text], bar, y, frame)) return;
    const x = Math.max(bar.x, frame.left) + labelGap;
    if (x + context.measureText(text).width + labelGap > Math.min(bar.x + bar.width, frame.right)) continue;
    return labelOnPaper(context, text, x, y, frame);
  }
}

const labelGap = 6;

/** As `labelBeside`, but never on the bar. False: there is no room. */
export function labelOutside(
  context: Context,
  texts: readonly string[],
  bar: Bar,
  y: number,
  frame: Frame,
): boolean {
  const begin = Math.max(bar.x, frame.left);
  const end = Math.min(bar.x + bar.width, frame.right);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const text of texts) {
    const { width } = context.measureText(text);
    const right = end + labelGap;
    const left = begin - labelGap - width;
    if (right + width > frame.right && left < frame.left) continue;
    context.fillText(text, right + width <= frame.right ? right : left, y);
    return true;
  }
  return false;
}

/** In a lane whose one thing is out of sight: where to look for it. */
export function labelElsewhere(context: Context, frame: Frame, from: number, y: number): void {
  const isEarlier = from < frame.from;
  context.font = frame.palette.smallFont;
  context.fillStyle = frame.palette.faint;
  context.textAlign = isEarlier ? 'left' : 'right';
  context.textBaseline = 'middle';
  context.fillText(isEarlier ? '← earlier' : 'later →', isEarlier ? frame.left + 4 : frame.right - 4, y);
}

/** Over whatever is there. */
export function labelOnPaper(context: Context, text: string, x: number, y: number, frame: Frame): void {
  const ink = context.fillStyle;
  context.fillStyle = frame.palette.paper;
  context.fillRect(x - 3, y - 7, context.measureText(text).width + 6, 14);
  context.fillStyle = ink;
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.fillText(text, x, y);
}

export type Hatch = 'solid' | 'rising' | 'falling' | 'upright' | 'crossed' | 'dotted';

/** A bar whose filling tells its class also without colour. */
export function hatchedBar(
  context: Context,
  box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  hatch: Hatch,
  colour: string,
): void {
  const { x, y, width, height } = box;
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.globalAlpha = hatch === 'solid' ? 0.8 : 0.22;
  context.fillRect(x, y, width, height);
  context.globalAlpha = 0.9;
  context.lineWidth = 1.2;
  if (hatch !== 'solid') strokeHatch(context, box, hatch);
  context.restore();
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.strokeRect(x + 0.5, y + 0.5, Math.max(1, width - 1), height - 1);
}

function strokeHatch(
  context: Context,
  {
    x,
    y,
    width,
    height,
  }: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  hatch: Exclude<Hatch, 'solid'>,
): void {
  const step = 6;
  context.setLineDash(hatch === 'dotted' ? [1.5, 3] : []);
  context.beginPath();
  const first = Math.floor(x / step) * step;
  for (let at = first - height; at <= x + width + height; at += step) {
    if (hatch === 'upright' || hatch === 'dotted') {
      context.moveTo(at, y);
      context.lineTo(at, y + height);
    }
    if (hatch === 'rising' || hatch === 'crossed') {
      context.moveTo(at, y + height);
      context.lineTo(at + height, y);
    }
    if (hatch === 'falling' || hatch === 'crossed') {
      context.moveTo(at, y);
      context.lineTo(at + height, y + height);
    }
  }
  context.stroke();
}

/** Filled shapes for single moments; each outcome has its own, so that colour is never needed. */
export function mark(
  context: Context,
  shape: 'dot' | 'cross' | 'triangle' | 'wedge',
  x: number,
  y: number,
  radius: number,
): void {
  context.beginPath();
  switch (shape) {
    case 'dot':
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
      return;
    case 'cross':
      context.moveTo(x - radius, y - radius);
      context.lineTo(x + radius, y + radius);
      context.moveTo(x + radius, y - radius);
      context.lineTo(x - radius, y + radius);
      context.stroke();
      return;
    case 'triangle':
      context.moveTo(x, y - radius);
      context.lineTo(x + radius, y + radius);
      context.lineTo(x - radius, y + radius);
      context.closePath();
      context.stroke();
      return;
    case 'wedge':
      context.moveTo(x - radius, y - radius);
      context.lineTo(x + radius, y - radius);
      context.lineTo(x, y + radius);
      context.closePath();
      context.fill();
      return;
  }
}
