import type { NodeLane, ReportData, Span } from '../report/report-data.ts';
import { contextOf, element } from './elements.ts';
import { gridLines, shadeFaults } from './fault-view.ts';
import { clipToPlot, gutterLabel, labelInside, mark, visible } from './lanes.ts';
import { durationText, timeText } from './ticks.ts';
import { viewShell, type Frame, type Hit, type LegendEntry, type View } from './view.ts';

/** From top to bottom of one slot's lane: marks, role, view. */
const markHeight = 11;
const roleHeight = 15;
const viewHeight = 13;
const laneHeight = markHeight + roleHeight + viewHeight + 8;

/** Who was what, and believed to be in which view; what each suspected. */
export function nodeView({ facts }: ReportData): View {
  const roles = rolesOf(facts.nodes);
  const stop = facts.phases.find(({ name }) => name === 'stop')?.from ?? facts.end;
  const { root, plot } = viewShell('nodes', 'Roles and views of each node', [
    ...[...roles].map(([text, colour]) => ({ sample: `name name-${colour + 1}`, text })),
    ...signsOf(facts, stop),
  ]);
  const height = facts.nodes.length * laneHeight + 4;
  const canvas = element('canvas');
  plot.append(canvas);
  let shown: Frame | null = null;
  return {
    root,
    plot,
    draw: (frame) => {
      shown = frame;
      const context = contextOf(canvas, frame.width, height);
      shadeFaults(context, frame, facts.faults, height);
      gridLines(context, frame, height);
      facts.nodes.forEach((node, index) => {
        drawNode(context, frame, node, { top: index * laneHeight, roles, stop });
      });
    },
    hit: (x, y) => {
      const index = Math.floor(y / laneHeight);
      const node = facts.nodes[index];
      if (shown === null || node === undefined) return null;
      return nodeHit(node, shown, {
        x,
        y: y - index * laneHeight,
        top: index * laneHeight,
        tickNs: facts.tickNs,
      });
    },
  };
}

/** A legend of what occurs in this run, nothing else. */
function signsOf({ nodes }: ReportData['facts'], stop: number): readonly LegendEntry[] {
  const marks = new Set(nodes.flatMap((node) => node.marks.map(({ name }) => name)));
  const hasEnded = nodes.some(({ members }) => members.some(({ to }) => to < stop));
  const hasOthers = [...marks].some((name) => name !== 'suspect' && name !== 'crash');
  return [
    ...(nodes.some(({ views }) => views.length > 0)
      ? [{ sample: 'number', text: 'number of the view' }]
      : []),
    ...(marks.has('suspect') ? [{ sample: 'wedge', text: 'suspects' }] : []),
    ...(hasEnded ? [{ sample: 'cross', text: 'process ended' }] : []),
    ...(hasOthers ? [{ sample: 'tick', text: 'state transfer, other events' }] : []),
  ];
}

/** Who leads stands out, who follows does not; other roles take what colours are left. */
const roleColours: Readonly<Record<string, number>> = {
  primary: 0,
  coordinator: 0,
  backup: 1,
  replica: 1,
  secondary: 2,
  witness: 3,
  joining: 4,
};

/** Roles of the run with the number of each one's colour. */
function rolesOf(nodes: readonly NodeLane[]): ReadonlyMap<string, number> {
  const names = new Set(nodes.flatMap(({ roles }) => roles.map(({ name }) => name)));
  let other = 5;
  return new Map([...names].map((name) => [name, roleColours[name] ?? other++ % 6]));
}

interface Place {
  readonly top: number;
  readonly roles: ReadonlyMap<string, number>;
  /** When the run began to stop its nodes: a process that ends later did nothing strange. */
  readonly stop: number;
}

function drawNode(context: CanvasRenderingContext2D, frame: Frame, node: NodeLane, place: Place): void {
  const { palette } = frame;
  const roleTop = place.top + markHeight;
  const viewTop = roleTop + roleHeight;
  gutterLabel(context, frame, node.slot, roleTop + roleHeight / 2);
  clipToPlot(context, frame, place.top + laneHeight, () => {
    for (const life of node.members) drawLife(context, frame, life, roleTop, place.stop);
    context.font = palette.font;
    for (const role of node.roles) drawRole(context, frame, role, roleTop, place.roles);
    context.font = palette.smallFont;
    node.views.forEach((view) => drawViewSpan(context, frame, view, viewTop));
    drawMarks(context, frame, node, place.top + markHeight / 2);
  });
}

/** A line for a process without a role, an upright where it began, a cross where it ended before it was told to. */
function drawLife(
  context: CanvasRenderingContext2D,
  frame: Frame,
  { from, to }: Span,
  top: number,
  stop: number,
): void {
  const bar = visible(frame, from, to);
  if (bar === null) return;
  const y = top + roleHeight / 2;
  context.fillStyle = context.strokeStyle = frame.palette.ink;
  context.globalAlpha = 0.5;
  context.fillRect(bar.x, y - 0.5, bar.width, 1);
  context.globalAlpha = 1;
  context.fillRect(Math.round(frame.x(from)) - 1, top - 2, 2, roleHeight + viewHeight + 3);
  if (to >= stop) return;
  context.lineWidth = 2;
  mark(context, 'cross', frame.x(to) + 5, y, 4);
}

function drawRole(
  context: CanvasRenderingContext2D,
  frame: Frame,
  { name, from, to }: Span,
  top: number,
  roles: ReadonlyMap<string, number>,
): void {
  const bar = visible(frame, from, to);
  if (bar === null) return;
  const colour = frame.palette.names[roles.get(name) ?? 0] ?? frame.palette.ink;
  context.fillStyle = frame.palette.paper;
  context.fillRect(bar.x, top, bar.width, roleHeight);
  context.fillStyle = colour;
  context.globalAlpha = 0.35;
  context.fillRect(bar.x, top, bar.width, roleHeight);
  context.globalAlpha = 1;
  context.fillRect(bar.x, top, Math.min(3, bar.width), roleHeight);
  context.fillStyle = frame.palette.ink;
  labelInside(context, [name], bar, top + roleHeight / 2 + 0.5, frame);
}

function drawViewSpan(
  context: CanvasRenderingContext2D,
  frame: Frame,
  { name, from, to }: Span,
  top: number,
): void {
  const bar = visible(frame, from, to);
  if (bar === null) return;
  // Neighbours differ by shade: even and odd.
  context.fillStyle = Number(name) % 2 === 0 ? frame.palette.lane : frame.palette.grid;
  context.fillRect(bar.x, top + 1, bar.width, viewHeight - 1);
  context.fillStyle = frame.palette.faint;
  context.fillRect(bar.x, top + 1, 1, viewHeight - 1);
  context.fillStyle = frame.palette.ink;
  labelInside(context, [`view ${name}`, name], bar, top + viewHeight / 2 + 1, frame);
}

function drawMarks(context: CanvasRenderingContext2D, frame: Frame, node: NodeLane, y: number): void {
  let lastX = -Infinity;
  let lastName = '';
  for (const { at, name } of node.marks) {
    if (at < frame.from || at > frame.to) continue;
    const x = frame.x(at);
    // What would lie on its like is not drawn again.
    if (x - lastX < 1 && name === lastName) continue;
    [lastX, lastName] = [x, name];
    context.fillStyle = name === 'suspect' || name === 'crash' ? frame.palette.fault : frame.palette.ink;
    if (name === 'suspect') mark(context, 'wedge', x, y, 4);
    else if (name !== 'crash') context.fillRect(x - 0.75, y - 4, 1.5, 8);
  }
}

interface NodePlace {
  readonly x: number;
  /** From the lane's top. */
  readonly y: number;
  readonly top: number;
  readonly tickNs: number;
}

function nodeHit(node: NodeLane, frame: Frame, { x, y, top, tickNs }: NodePlace): Hit | null {
  const at = frame.from + ((x - frame.left) / (frame.right - frame.left)) * (frame.to - frame.from);
  const time = (tick: number): string => timeText(tick * tickNs, tickNs * 100);
  if (y < markHeight) {
    const near = node.marks
      .filter((each) => Math.abs(frame.x(each.at) - x) <= 6)
      .sort((a, b) => Math.abs(a.at - at) - Math.abs(b.at - at));
    const [first] = near;
    if (first === undefined) return null;
    return {
      lines: near.slice(0, 5).map((each) => `${time(each.at)}: ${each.words}`),
      box: { x: frame.x(first.at) - 6, y: top, width: 12, height: markHeight },
    };
  }
  const isRole = y < markHeight + roleHeight;
  const contains = (span: Span): boolean => span.from <= at && at <= span.to;
  const span = (isRole ? node.roles : node.views).find(contains);
  const member = node.members.find(contains);
  const bar = span === undefined ? null : visible(frame, span.from, span.to);
  if (span === undefined || bar === null) return null;
  return {
    lines: [
      `${member?.name ?? node.slot}: ${isRole ? '' : 'view '}${span.name}`,
      `from ${time(span.from)} to ${time(span.to)}, ${durationText((span.to - span.from) * tickNs)}`,
    ],
    box: {
      ...bar,
      y: top + markHeight + (isRole ? 0 : roleHeight),
      height: isRole ? roleHeight : viewHeight,
    },
  };
}
