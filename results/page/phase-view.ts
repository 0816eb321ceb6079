import type { OutageSpan, ReportData } from '../report/report-data.ts';
import { contextOf, element } from './elements.ts';
import { gridLines } from './fault-view.ts';
import {
  clipToPlot,
  gutterLabel,
  hatchedBar,
  labelElsewhere,
  labelOnPaper,
  labelOutside,
  visible,
  type Hatch,
} from './lanes.ts';
import { durationText } from './ticks.ts';
import { viewShell, type Frame, type View } from './view.ts';

/** Above: how the group healed itself; below: what clients missed. */
const barHeight = 13;
const laneHeight = 2 * barHeight + 10;

type Step = 'detect' | 'agree' | 'recover';
const stepHatches: Readonly<Record<Step, Hatch>> = { detect: 'rising', agree: 'upright', recover: 'solid' };

/** How the service came back after each fault that took effect. */
export function phaseView({ facts }: ReportData): View {
  const { root, plot } = viewShell('phases', 'How the service came back', [
    { sample: 'detect', text: 'detect: somebody suspects' },
    { sample: 'agree', text: 'agree: next view installed' },
    { sample: 'recover', text: 'recover: an operation succeeds in it' },
    { sample: 'outage', text: 'outage: until an operation invoked later is ok' },
    { sample: 'strength', text: 'full strength' },
  ]);
  const height = facts.outages.length * laneHeight + 4;
  const canvas = element('canvas');
  plot.append(canvas);
  let shown: Frame | null = null;
  return {
    root,
    plot,
    draw: (frame) => {
      shown = frame;
      const context = contextOf(canvas, frame.width, height);
      gridLines(context, frame, height);
      facts.outages.forEach((outage, index) => {
        drawOutage(context, frame, outage, {
          top: index * laneHeight + 3,
          tickNs: facts.tickNs,
          end: facts.end,
        });
      });
    },
    hit: (_x, y) => {
      const index = Math.floor((y - 3) / laneHeight);
      const outage = facts.outages[index];
      if (shown === null || outage === undefined) return null;
      const bar = visible(shown, outage.effect, lastOf(outage, facts.end)) ?? { x: shown.left, width: 0 };
      return {
        lines: [`${outage.fault}, since its effect`, ...told(outage, facts.tickNs)],
        box: { ...bar, y: index * laneHeight + 4, height: laneHeight - 4 },
      };
    },
  };
}

interface Place {
  readonly top: number;
  readonly tickNs: number;
  readonly end: number;
}

function drawOutage(context: CanvasRenderingContext2D, frame: Frame, outage: OutageSpan, place: Place): void {
  const { palette } = frame;
  const middle = place.top + barHeight + 1;
  gutterLabel(context, frame, outage.fault, middle);
  const bars = barsOf(outage, frame, place);
  if (visible(frame, outage.effect, lastOf(outage, place.end)) === null) {
    return labelElsewhere(context, frame, outage.effect, middle);
  }
  let isTold = true;
  clipToPlot(context, frame, place.top + laneHeight, () => {
    if (outage.fullStrength !== null) {
      drawStrength(context, frame, { from: outage.effect, at: outage.fullStrength, top: place.top });
    }
    context.font = palette.smallFont;
    for (const { text, y, hatch, colour, ...bar } of bars) {
      hatchedBar(context, { ...bar, y, height: barHeight }, hatch, palette[colour]);
      context.fillStyle = palette.ink;
      const x = Math.max(bar.x, frame.left) + 7;
      const isRoomy = x + context.measureText(text).width + 7 < Math.min(bar.x + bar.width, frame.right);
      if (isRoomy) labelOnPaper(context, text, x, y + barHeight / 2 + 0.5, frame);
      else isTold = false;
    }
  });
  if (isTold || bars.length === 0) return;
  context.font = palette.font;
  context.fillStyle = palette.ink;
  labelOutage(context, frame, outage, place, bars);
}

interface OutageBar {
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly text: string;
  readonly hatch: Hatch;
  readonly colour: Step | 'outage';
}

/** What is in sight of the steps, one after another, and of the outage below them. */
function barsOf(outage: OutageSpan, frame: Frame, { top, tickNs, end }: Place): readonly OutageBar[] {
  const bars: OutageBar[] = [];
  const since = (at: number): string => durationText((at - outage.effect) * tickNs);
  let last = outage.effect;
  for (const { step, at } of stepsOf(outage)) {
    if (at === null || at < last) continue;
    const bar = visible(frame, last, at, 2);
    if (bar !== null) {
      bars.push({ ...bar, y: top, text: `${step} ${since(at)}`, hatch: stepHatches[step], colour: step });
    }
    last = at;
  }
  const away = visible(frame, outage.effect, outage.back ?? end, 2);
  if (away !== null) {
    const text = outage.back === null ? 'outage to the end' : `outage ${since(outage.back)}`;
    bars.push({ ...away, y: top + barHeight + 2, text, hatch: 'crossed', colour: 'outage' });
  }
  return bars;
}

/** Beside all of it; else on the line between the bars and the arrow of full strength. */
function labelOutage(
  context: CanvasRenderingContext2D,
  frame: Frame,
  outage: OutageSpan,
  place: Place,
  bars: readonly OutageBar[],
): void {
  const middle = place.top + barHeight + 1;
  const parts = told(outage, place.tickNs);
  const short = parts.find((part) => part.startsWith('outage')) ?? '';
  const begin = Math.min(...bars.map(({ x }) => x));
  const end = Math.max(...bars.map(({ x, width }) => x + width));
  const arrow = outage.fullStrength === null ? end : frame.x(outage.fullStrength) + 5;
  for (const text of [parts.join(' · '), short]) {
    const extent = { x: begin, width: Math.max(end, arrow) - begin };
    if (labelOutside(context, [text], extent, middle, frame)) return;
    if (end + context.measureText(text).width + 16 > Math.min(arrow, frame.right)) continue;
    return labelOnPaper(context, text, end + 6, middle, frame);
  }
}

/** An arrow up, and a thin line to it from the fault. */
function drawStrength(
  context: CanvasRenderingContext2D,
  frame: Frame,
  { from, at, top }: { readonly from: number; readonly at: number; readonly top: number },
): void {
  const x = frame.x(at);
  context.fillStyle = frame.palette.faint;
  const way = visible(frame, from, at);
  if (way !== null) context.fillRect(way.x, top + barHeight + 0.5, way.width, 1);
  context.strokeStyle = frame.palette.ink;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x, top + 2 * barHeight + 2);
  context.moveTo(x - 3.5, top + 3.5);
  context.lineTo(x, top);
  context.lineTo(x + 3.5, top + 3.5);
  context.stroke();
}

const stepsOf = (outage: OutageSpan): readonly { readonly step: Step; readonly at: number | null }[] => [
  { step: 'detect', at: outage.detected },
  { step: 'agree', at: outage.agreed },
  { step: 'recover', at: outage.recovered },
];

/** All are lengths since the effect. */
function told(outage: OutageSpan, tickNs: number): readonly string[] {
  const since = (name: string, at: number | null): readonly string[] =>
    at === null ? [] : [`${name} ${durationText((at - outage.effect) * tickNs)}`];
  return [
    ...since('detect', outage.detected),
    ...since('agree', outage.agreed),
    ...since('recover', outage.recovered),
    ...(outage.back === null ? ['outage to the end of the run'] : since('outage', outage.back)),
    ...since('full strength', outage.fullStrength),
  ];
}

const lastOf = (outage: OutageSpan, end: number): number =>
  Math.max(
    outage.detected ?? 0,
    outage.agreed ?? 0,
    outage.recovered ?? 0,
    outage.fullStrength ?? 0,
    outage.back ?? end,
  );
