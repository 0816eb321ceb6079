import type { Json, JsonObject } from '../../core/json.ts';
import { textOf } from './json-text.ts';
import { nameList } from './names.ts';
import { noText } from './report-data.ts';

/** The operations of a history as rows of growing columns; times are nanoseconds here, since the run's length decides the tick. */
export interface OperationRows {
  readonly count: number;
  readonly invokedNs: Float64Array;
  /** Infinity: no completion was recorded. */
  readonly completedNs: Float64Array;
  readonly dueNs: Float64Array;
  readonly outcome: Uint8Array;
  readonly kind: Uint8Array;
  readonly client: Uint16Array;
  readonly key: Uint32Array;
  readonly argument: Int32Array;
  readonly result: Int32Array;
  /** `flagFinal`, `flagPinned`. */
  readonly flags: Uint8Array;
  /** By index of the invocation's event: its row, -1 for other events. */
  readonly rowOfEvent: Int32Array;
  readonly kinds: readonly string[];
  readonly clients: readonly string[];
  readonly keys: readonly string[];
  readonly texts: readonly string[];
  /** Of the last event. */
  readonly lastNs: number;
}

/** A read made after everything else had ended. */
export const flagFinal = 1;
/** Of a worker that may ask one node only. */
export const flagPinned = 2;

/** By number, as `outcomes` in report-data.ts has them. */
const outcomeNumbers: Readonly<Record<string, number>> = { ok: 0, fail: 1, info: 2 };
const info = 2;

export interface RowsOptions {
  /** Longer texts of arguments and results are cut. */
  readonly textCharactersMax: number;
  /** With more than that in all, there are no texts. */
  readonly allTextCharactersMax: number;
}

export interface RowsBuilder {
  add(event: JsonObject): void;
  rows(): OperationRows;
}

/** Takes the events of a history in their order. What is no event of a history is passed over. */
export function rowsBuilder(options: RowsOptions): RowsBuilder {
  const kinds = nameList(256);
  const clients = nameList(65_536);
  const keys = nameList();
  const texts = makeTexts(options);
  const rowOfOpen = new Map<number, number>();
  let room = 1024;
  let eventRoom = 2048;
  let count = 0;
  let lastNs = 0;
  let rowOfEvent = new Int32Array(eventRoom).fill(-1);
  let columns = emptyColumns(room);

  const invoke = (event: JsonObject, time: number, process: number): void => {
    if (count === room) columns = grown(columns, (room *= 2));
    const { key, value, due, node, index, final } = event;
    const row = count++;
    columns.invokedNs[row] = time;
    columns.completedNs[row] = Infinity;
    columns.dueNs[row] = typeof due === 'number' ? Math.min(due, time) : time;
    columns.outcome[row] = info;
    columns.kind[row] = kinds.numberOf(textOf(event['f']));
    columns.client[row] = clients.numberOf(clientOf(event, process));
    columns.key[row] = keys.numberOf(textOf(key));
    columns.argument[row] = texts.numberOf(value);
    columns.result[row] = noText;
    columns.flags[row] = (final === true ? flagFinal : 0) | (node === undefined ? 0 : flagPinned);
    rowOfOpen.set(process, row);
    if (typeof index !== 'number' || index < 0 || index > 4 * (count + 1024)) return;
    while (index >= eventRoom) {
      const larger = new Int32Array((eventRoom *= 2)).fill(-1);
      larger.set(rowOfEvent);
      rowOfEvent = larger;
    }
    rowOfEvent[index] = row;
  };

  const complete = (event: JsonObject, time: number, process: number, outcome: number): void => {
    const row = rowOfOpen.get(process);
    if (row === undefined) return;
    rowOfOpen.delete(process);
    columns.completedNs[row] = time;
    columns.outcome[row] = outcome;
    // On fail and info the value is the argument again; what there is to say then is the error.
    columns.result[row] = texts.numberOf(outcome === 0 ? event['value'] : event['error']);
  };

  return {
    add: (event) => {
      const { time, process, type } = event;
      if (typeof time !== 'number' || typeof process !== 'number' || typeof type !== 'string') return;
      lastNs = Math.max(lastNs, time);
      if (type === 'invoke') invoke(event, time, process);
      else {
        const outcome = outcomeNumbers[type];
        if (outcome !== undefined) complete(event, time, process, outcome);
      }
    },
    rows: () => {
      const isTold = !texts.isTooMuch();
      if (!isTold) {
        columns.argument.fill(noText);
        columns.result.fill(noText);
      }
      return {
        count,
        ...trimmed(columns, count),
        rowOfEvent,
        kinds: kinds.all,
        clients: clients.all,
        keys: keys.all,
        texts: isTold ? texts.all : [],
        lastNs,
      };
    },
  };
}

/** The worker that began it: a request's id is client/epoch/sequence; a pinned client is named `pn1` there. */
function clientOf({ request }: JsonObject, process: number): string {
  if (typeof request !== 'string') return `process ${process}`;
  const slash = request.indexOf('/');
  return slash > 0 ? request.slice(0, slash) : request;
}

interface Texts {
  readonly all: readonly string[];
  /** `noText` for what is null or missing. */
  numberOf(value: Json | undefined): number;
  isTooMuch(): boolean;
}

function makeTexts({ textCharactersMax, allTextCharactersMax }: RowsOptions): Texts {
  const names = nameList();
  let characters = 0;
  return {
    all: names.all,
    isTooMuch: () => characters > allTextCharactersMax,
    numberOf: (value) => {
      if (value === undefined || value === null || characters > allTextCharactersMax) return noText;
      const whole = textOf(value);
      const text = whole.length <= textCharactersMax ? whole : `${whole.slice(0, textCharactersMax - 1)}…`;
      const before = names.all.length;
      const number = names.numberOf(text);
      if (names.all.length > before) characters += text.length;
      return number;
    },
  };
}

const emptyColumns = (room: number) => ({
  invokedNs: new Float64Array(room),
  completedNs: new Float64Array(room),
  dueNs: new Float64Array(room),
  outcome: new Uint8Array(room),
  kind: new Uint8Array(room),
  client: new Uint16Array(room),
  key: new Uint32Array(room),
  argument: new Int32Array(room),
  result: new Int32Array(room),
  flags: new Uint8Array(room),
});
type Columns = ReturnType<typeof emptyColumns>;

function grown(columns: Columns, room: number): Columns {
  const larger = emptyColumns(room);
  larger.invokedNs.set(columns.invokedNs);
  larger.completedNs.set(columns.completedNs);
  larger.dueNs.set(columns.dueNs);
  larger.outcome.set(columns.outcome);
  larger.kind.set(columns.kind);
  larger.client.set(columns.client);
  larger.key.set(columns.key);
  larger.argument.set(columns.argument);
  larger.result.set(columns.result);
  larger.flags.set(columns.flags);
  return larger;
}

const trimmed = (columns: Columns, count: number): Columns => ({
  invokedNs: columns.invokedNs.subarray(0, count),
  completedNs: columns.completedNs.subarray(0, count),
  dueNs: columns.dueNs.subarray(0, count),
  outcome: columns.outcome.subarray(0, count),
  kind: columns.kind.subarray(0, count),
  client: columns.client.subarray(0, count),
  key: columns.key.subarray(0, count),
  argument: columns.argument.subarray(0, count),
  result: columns.result.subarray(0, count),
  flags: columns.flags.subarray(0, count),
});
