import type { JsonObject } from '../../core/json.ts';
import { textOf } from './json-text.ts';
import type { NodeLane, Span } from './report-data.ts';

/** Events of a trace that lanes are made of (core/trace.ts); all others are passed over before they are parsed. */
export const laneEvents: ReadonlySet<string> = new Set([
  'node-start',
  'node-exit',
  'role',
  'view',
  'suspect',
  'trust',
  'excluded',
  'state-transfer',
  'synced',
]);

interface OpenLane {
  readonly slot: string;
  readonly members: Span[];
  readonly roles: Span[];
  readonly views: Span[];
  readonly marks: { readonly at: number; readonly name: string; readonly words: string }[];
}

export interface LanesBuilder {
  add(event: JsonObject, at: number): void;
  /** `end`: where lives end that did not. */
  lanes(end: number): NodeLane[];
}

/** The lives of all slots. Times are of any unit. */
export function lanesBuilder(): LanesBuilder {
  const lanes = new Map<string, OpenLane>();
  const laneOf = (member: string): OpenLane => {
    const slot = slotIn(member);
    const known = lanes.get(slot);
    if (known !== undefined) return known;
    const lane: OpenLane = { slot, members: [], roles: [], views: [], marks: [] };
    lanes.set(slot, lane);
    return lane;
  };
  return {
    add: (event, at) => {
      const member = event['node'];
      if (typeof member !== 'string' || member === 'harness') return;
      addTo(laneOf(member), member, event, at);
    },
    lanes: (end) =>
      [...lanes.values()]
        .sort((a, b) => a.slot.localeCompare(b.slot, 'en', { numeric: true }))
        .map(({ slot, members, roles, views, marks }) => ({
          slot,
          members: closedAt(members, end),
          roles: closedAt(roles, end),
          views: closedAt(views, end),
          // Several processes write to one trace: a slot's marks need not stand in order of time.
          marks: marks.toSorted((a, b) => a.at - b.at),
        })),
  };
}

/** `n1` of `n1.0`. */
export const slotIn = (member: string): string => member.split('.')[0] ?? member;

function addTo(lane: OpenLane, member: string, event: JsonObject, at: number): void {
  const mark = (name: string, words: string): void => void lane.marks.push({ at, name, words });
  const peer = textOf(event['peer']);
  switch (textOf(event['event'])) {
    case 'node-start':
      return begin(lane.members, member, at);
    case 'role':
      return begin(lane.roles, textOf(event['role']), at);
    case 'view':
      return begin(lane.views, textOf(event['view']), at);
    case 'suspect':
      return mark('suspect', `${member} suspects ${peer}`);
    case 'trust':
      return mark('trust', `${member} trusts ${peer} again`);
    case 'excluded':
      return mark('excluded', `${member} learns that it was excluded`);
    case 'state-transfer':
      return mark('state-transfer', transferWords(member, textOf(event['phase']), peer));
    case 'synced':
      return mark('synced', `${member} has the whole state`);
    case 'node-exit':
      for (const spans of [lane.members, lane.roles, lane.views]) endLast(spans, at);
      if (event['signal'] === 'SIGKILL') mark('crash', `${member} was killed`);
      else if (event['expected'] === false) mark('crash', `${member} ended by itself${exitWords(event)}`);
      return;
    default:
      return;
  }
}

function transferWords(member: string, phase: string, peer: string): string {
  const relation = phase === 'asked' ? 'asks' : phase === 'sent' ? 'sends' : 'receives';
  if (phase === 'asked') return `${member} asks ${peer} for the state`;
  return `${member} ${relation} the state ${phase === 'sent' ? 'to' : 'from'} ${peer}`;
}

const exitWords = ({ code, signal }: JsonObject): string =>
  signal !== null && signal !== undefined ? `, by ${textOf(signal)}` : `, exit code ${textOf(code)}`;

/** Ends what lasted, and begins the next; what only repeats the last goes on. */
function begin(spans: Span[], name: string, at: number): void {
  const last = spans.at(-1);
  if (last?.name === name && last.to === Infinity) return;
  endLast(spans, at);
  spans.push({ name, from: at, to: Infinity });
}

function endLast(spans: Span[], at: number): void {
  const last = spans.at(-1);
  if (last?.to === Infinity) spans[spans.length - 1] = { ...last, to: Math.max(last.from, at) };
}

const closedAt = (spans: readonly Span[], end: number): Span[] =>
  spans.map((span) => (span.to === Infinity ? { ...span, to: Math.max(span.from, end) } : span));
