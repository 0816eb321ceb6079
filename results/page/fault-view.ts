import type { FaultLane, ReportData } from '../report/report-data.ts';
import { contextOf, element } from './elements.ts';
import {
  clipToPlot,
  gutterLabel,
  hatchedBar,
  labelBeside,
  labelElsewhere,
  labelInside,
  visible,
  type Hatch,
} from './lanes.ts';
import { durationText, ticksBetween, timeText } from './ticks.ts';
import { tickCountMax } from './plot.ts';
import { viewShell, type Frame, type Hit, type View } from './view.ts';

const laneHeight = 22;
const barHeight = 14;
const phaseHeight = 20;

/** Each class of fault has its own filling. */
const hatches: Readonly<Record<string, Hatch>> = {
  crash: 'solid',
  'crash-pause': 'crossed',
  omission: 'rising',
  timing: 'upright',
  response: 'falling',
  client: 'dotted',
};

/** A pale band while each fault was in force, behind what it caused. */
export function shadeFaults(
  context: CanvasRenderingContext2D,
  frame: Frame,
  faults: readonly FaultLane[],
  height: number,
): void {
  context.fillStyle = frame.palette.faultBand;
  context.beginPath(); // filled at once: where faults overlap, the band is not darker
  for (const { effect, end } of faults) {
    const band = effect === null ? null : visible(frame, effect, end, 1);
    if (band !== null) context.rect(band.x, 0, band.width, height);
  }
  context.fill();
}

/** Vertical lines at the shared axis's ticks. */
export function gridLines(context: CanvasRenderingContext2D, frame: Frame, height: number): void {
  context.strokeStyle = frame.palette.grid;
  context.lineWidth = 1;
  context.beginPath();
  for (const tick of ticksBetween(frame.from, frame.to, tickCountMax(frame))) {
    const x = Math.round(frame.x(tick)) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, height);
  }
  context.stroke();
}

/** What was broken and when, one lane for each fault, below the phases of the run. */
export function faultView({ facts }: ReportData): View {
  const { root, plot, note } = viewShell('faults', 'Faults', [
    ...(facts.faults.length === 0 ? [] : [{ sample: 'armed', text: 'begun, not yet in force' }]),
    ...[...new Set(facts.faults.map((fault) => fault.class))].map((name) => ({
      sample: `hatch-${hatches[name] ?? 'solid'}`,
      text: name,
    })),
  ]);
  if (facts.faults.length === 0) note.textContent = 'nothing was broken';
  const height = phaseHeight + facts.faults.length * laneHeight + 4;
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
      drawPhases(context, frame, facts);
      facts.faults.forEach((fault, index) => {
        drawFault(context, frame, fault, phaseHeight + index * laneHeight, facts.tickNs);
      });
    },
    hit: (x, y) => {
      if (shown !== null && y < phaseHeight) return phaseHit(facts, shown, x);
      const index = Math.floor((y - phaseHeight) / laneHeight);
      const fault = facts.faults[index];
      return shown === null || fault === undefined ? null : faultHit(fault, shown, index, facts.tickNs);
    },
  };
}

function drawPhases(context: CanvasRenderingContext2D, frame: Frame, facts: ReportData['facts']): void {
  const { palette } = frame;
  gutterLabel(context, frame, 'run', phaseHeight / 2);
  clipToPlot(context, frame, phaseHeight, () => {
    context.font = palette.smallFont;
    for (const { name, from, to } of facts.phases) {
      const bar = visible(frame, from, to, 0);
      if (bar === null) continue;
      context.fillStyle = palette.faint;
      context.fillRect(Math.round(bar.x), 2, 1, phaseHeight - 4);
      context.fillStyle = palette.ink;
      labelInside(context, [name], bar, phaseHeight / 2, frame);
    }
  });
}

function phaseHit({ phases, tickNs }: ReportData['facts'], frame: Frame, x: number): Hit | null {
  const phase = phases.find(({ from, to }) => frame.x(from) <= x && x < frame.x(to));
  const bar = phase === undefined ? null : visible(frame, phase.from, phase.to);
  if (phase === undefined || bar === null) return null;
  const length = durationText((phase.to - phase.from) * tickNs);
  return { lines: [`phase ${phase.name}`, length], box: { ...bar, y: 1, height: phaseHeight - 2 } };
}

function drawFault(
  context: CanvasRenderingContext2D,
  frame: Frame,
  fault: FaultLane,
  top: number,
  tickNs: number,
): void {
  const { palette } = frame;
  const y = top + (laneHeight - barHeight) / 2;
  const middle = top + laneHeight / 2;
  gutterLabel(context, frame, fault.id, middle);
  const bar = visible(frame, fault.begin, fault.end);
  if (bar === null) return labelElsewhere(context, frame, fault.begin, middle);
  clipToPlot(context, frame, top + laneHeight, () => {
    context.strokeStyle = palette.fault;
    context.lineWidth = 1;
    context.setLineDash([3, 2]);
    context.strokeRect(bar.x + 0.5, y + 0.5, Math.max(1, bar.width - 1), barHeight - 1);
    context.setLineDash([]);
    const force = fault.effect === null ? null : visible(frame, fault.effect, fault.end);
    if (force !== null) {
      hatchedBar(context, { ...force, y, height: barHeight }, hatches[fault.class] ?? 'solid', palette.fault);
    }
  });
  const length = durationText((fault.end - (fault.effect ?? fault.begin)) * tickNs);
  const what = `${fault.name} → ${fault.targets.join(', ')}`;
  context.font = palette.font;
  context.fillStyle = palette.ink;
  const texts = [
    `${what} · ${fault.class}, ${length}`,
    `${what}, ${length}`,
    what,
    fault.name,
    fault.targets.join(', '),
  ];
  labelBeside(context, texts, bar, middle, frame);
}

function faultHit(fault: FaultLane, frame: Frame, index: number, tickNs: number): Hit {
  const bar = visible(frame, fault.begin, fault.end) ?? { x: frame.left, width: 0 };
  const time = (tick: number): string => timeText(tick * tickNs, 1e6);
  return {
    lines: [
      `${fault.id}: ${fault.name} on ${fault.targets.join(', ')}`,
      `class ${fault.class}`,
      fault.effect === null
        ? `begun ${time(fault.begin)}, never in force`
        : `begun ${time(fault.begin)}, in force from ${time(fault.effect)}`,
      `ended ${time(fault.end)}`,
    ],
    box: { ...bar, y: phaseHeight + index * laneHeight + 3, height: barHeight + 2 },
  };
}
