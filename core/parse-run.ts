/** Stored runs, from text to values: the edge at which plan, history and trace are checked. Pure; reading files is the caller's business. */
import { z } from 'zod';
import { messageOf, UsageError } from './errors.ts';
import type { EventType, HistoryEvent } from './history.ts';
import { slotNamed } from './ids.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import { placeOfPath, placeOfSyntaxError, type Place } from './json-place.ts';
import type { Plan } from './plan.ts';
import type { TraceEvent } from './trace.ts';
import { millis, nanos } from './units.ts';

/** What was read, and what could not be: one line of words for each damage. */
export interface Parsed<Event> {
  readonly events: Event[];
  readonly damage: string[];
}

/**
 * The lines of a history file. The last one may be torn, as a process that died in mid-write leaves it: that is damage; any other bad line
 * is an error with its place, since without it nothing that follows means anything.
 */
export function parseHistory(text: string, file = 'history.jsonl'): Parsed<HistoryEvent> {
  const events: HistoryEvent[] = [];
  const damage: string[] = [];
  forEachLine(text, (line, number, isTorn) => {
    const event = historyEventOf(line);
    if (!(event instanceof BadLine)) events.push(event);
    else if (isTorn) damage.push(`${file}:${number}: the last line is torn and was left out`);
    else throw new UsageError(`${file}:${number}:${event.column}: ${event.why}`);
  });
  return { events, damage };
}

/** How all who write to a trace begin a line. */
const traceLineStart = '{"time":';

/**
 * The lines of a trace file. A bad line is left out and reported: what the others say stays true. A process that was killed in mid-write leaves
 * a line without its end, and whoever wrote next continues it: what he wrote is read.
 */
export function parseTrace(text: string, file = 'trace.jsonl'): Parsed<TraceEvent> {
  const events: TraceEvent[] = [];
  const damage: string[] = [];
  forEachLine(text, (line, number, isTorn) => {
    const event = traceEventOf(line);
    if (!(event instanceof BadLine)) return void events.push(event);
    const restFrom = line.lastIndexOf(traceLineStart);
    const rest = restFrom > 0 ? traceEventOf(line.slice(restFrom)) : event;
    if (!(rest instanceof BadLine)) {
      events.push(rest);
      damage.push(`${file}:${number}: the line of a process that ended in mid-write was left out`);
    } else if (isTorn) damage.push(`${file}:${number}: the last line is torn and was left out`);
    else damage.push(`${file}:${number}:${event.column}: ${event.why}; left out`);
  });
  return { events, damage };
}

export function parsePlan(text: string, file = 'plan.json'): Plan {
  const at = ({ line, column }: Place): string => `${file}:${line}:${column}`;
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${at(placeOfSyntaxError(text, error))}: not JSON: ${messageOf(error)}`);
  }
  const parsed = planSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path ?? [];
  const name = path.length === 0 ? 'the plan' : path.join('.');
  throw new UsageError(`${at(placeOfPath(text, path))}: ${name}: ${issue?.message ?? 'does not fit'}`);
}

/** Calls with each line that is not empty, its number counted from 1, and whether it lacks its line break. */
function forEachLine(text: string, use: (line: string, number: number, isTorn: boolean) => void): void {
  let number = 1;
  for (let from = 0; from < text.length; number++) {
    const end = text.indexOf('\n', from);
    const line = end < 0 ? text.slice(from) : text.slice(from, end);
    if (line.trim() !== '') use(line, number, end < 0);
    from = end < 0 ? text.length : end + 1;
  }
}

/** Why a line is none; a value and not an exception, since a torn trace may have many. */
class BadLine {
  readonly column: number;
  readonly why: string;
  constructor(column: number, why: string) {
    this.column = column;
    this.why = why;
  }
}

function objectOf(line: string): JsonObject | BadLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return new BadLine(placeOfSyntaxError(line, error).column, `not JSON: ${messageOf(error)}`);
  }
  const json = value as Json;
  return isJsonObject(json) ? json : new BadLine(1, `expected an object, found ${line.trim().slice(0, 40)}`);
}

const eventTypes: readonly string[] = ['invoke', 'ok', 'fail', 'info'] satisfies readonly EventType[];
const isEventType = (value: Json | undefined): value is EventType =>
  typeof value === 'string' && eventTypes.includes(value);
const isCount = (value: Json | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

// By hand and not with zod: a run has hundreds of thousands of lines.
function historyEventOf(line: string): HistoryEvent | BadLine {
  const object = objectOf(line);
  if (object instanceof BadLine) return object;
  const { index, time, process, type, f, key = null, value = null } = object;
  const isComplete = isCount(index) && isCount(time) && isCount(process) && isEventType(type);
  if (!isComplete || typeof f !== 'string') return whyNoHistoryEvent(line, object);
  const event: Writable<HistoryEvent> = { index, time: nanos(time), process, type, f, key, value };
  const { error, request, node, due, final } = object;
  if (typeof error === 'string') event.error = error;
  else if (error !== undefined) return whyNoHistoryEvent(line, object);
  if (typeof request === 'string') event.request = request;
  else if (request !== undefined) return whyNoHistoryEvent(line, object);
  if (typeof node === 'string') event.node = node;
  else if (node !== undefined) return whyNoHistoryEvent(line, object);
  if (isCount(due)) event.due = nanos(due);
  else if (due !== undefined) return whyNoHistoryEvent(line, object);
  if (typeof final === 'boolean') event.final = final;
  else if (final !== undefined) return whyNoHistoryEvent(line, object);
  return event;
}

function whyNoHistoryEvent(line: string, object: JsonObject): BadLine {
  const { index, time, process, type, f, error, request, node, due } = object;
  const bad = badIn(line, object);
  const isText = (field: Json | undefined): boolean => field === undefined || typeof field === 'string';
  if (!isCount(index)) return bad('index', 'a whole number from 0');
  if (!isCount(time)) return bad('time', 'whole nanoseconds from 0');
  if (!isCount(process)) return bad('process', 'a whole number from 0');
  if (!isEventType(type)) return bad('type', 'invoke, ok, fail or info');
  if (typeof f !== 'string') return bad('f', 'the name of an operation');
  if (!isText(error)) return bad('error', 'a text');
  if (!isText(request)) return bad('request', 'a text');
  if (!isText(node)) return bad('node', 'a text');
  if (due !== undefined && !isCount(due)) return bad('due', 'whole nanoseconds from 0');
  return bad('final', 'true or false');
}

const badIn =
  (line: string, object: JsonObject) =>
  (name: string, expected: string): BadLine =>
    new BadLine(
      placeOfPath(line, [name]).column,
      `${name}: expected ${expected}, found ${shown(object[name])}`,
    );

type Writable<Type> = { -readonly [Name in keyof Type]: Type[Name] };

function traceEventOf(line: string): TraceEvent | BadLine {
  const object = objectOf(line);
  if (object instanceof BadLine || isTraceEvent(object)) return object;
  const { time, node } = object;
  const bad = badIn(line, object);
  if (!Number.isSafeInteger(time)) return bad('time', 'whole nanoseconds');
  if (typeof node !== 'string') return bad('node', 'a member id or harness');
  return bad('event', 'the name of an event');
}

// The object that was read serves as it is: a copy of each line would cost as much as the rest of reading it.
const isTraceEvent = (object: JsonObject): object is TraceEvent =>
  Number.isSafeInteger(object['time']) &&
  typeof object['node'] === 'string' &&
  typeof object['event'] === 'string';

const shown = (value: Json | undefined): string =>
  value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 40);

const length = z.number().nonnegative().transform(millis);
const jsonObject = z.record(z.string(), z.json());

const planSchema = z.object({
  format: z.literal('ftcheck-plan-1'),
  version: z.string(),
  seed: z.number().int(),
  impl: z.object({
    name: z.string(),
    options: jsonObject,
    claims: z.object({
      tolerates: z.enum(['majority', 'unit', 'none']),
      heirs: z.enum(['any', 'first-two']).exactOptional(),
      units: z.array(z.array(z.string().transform(slotNamed))).exactOptional(),
      outageMsMax: length,
      text: z.string(),
    }),
  }),
  workload: z.object({ name: z.string(), options: jsonObject, model: z.string(), app: z.string() }),
  nemesis: z.string(),
  nodes: z.number().int().positive(),
  clients: z.number().int().nonnegative(),
  rate: z.number().positive().nullable(),
  pinned: z.boolean(),
  opTimeoutMs: length,
  // Older plans lack these two: there was one profile, and no processing time.
  timing: z.enum(['default', 'fast']).default('default'),
  serviceMs: length.default(millis(0)),
  phases: z.object({ warmUpMs: length, faultsMs: length, settleMs: length, finalReadsMs: length }),
  faults: z.array(
    z.object({
      id: z.string(),
      nemesis: z.string(),
      name: z.string(),
      class: z.enum(['crash', 'crash-pause', 'omission', 'timing', 'response', 'none']),
      atMs: length,
      forMs: length,
      inTurn: z.literal(true).exactOptional(),
      target: z.string(),
      options: jsonObject,
    }),
  ),
  checkers: z.array(z.string()),
  checkerLimits: z.object({ timeMs: length, memoryMb: z.number().positive() }),
  slos: z.array(z.string()),
});
