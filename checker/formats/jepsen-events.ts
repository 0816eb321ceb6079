import type { EventType } from '../../core/history.ts';
import { equalJson, isJsonList, type Json } from '../../core/json.ts';
import { withError, type EventSink, type FailedCas, type ReadOptions } from './format.ts';
import { Malformed } from './malformed.ts';

/** An event as Jepsen writes it. */
export interface JepsenEvent {
  readonly process: number;
  readonly type: EventType;
  readonly f: string;
  /** Undefined: it says nothing of a key. */
  readonly key: Json | undefined;
  readonly value: Json;
  /** Our own addition: what was answered, where `value` does not tell it. */
  readonly result: Json | undefined;
  /** Nanoseconds. */
  readonly time: number | undefined;
  readonly error: string | undefined;
}

/** How Jepsen's words are to be understood. */
export type JepsenDialect = Omit<ReadOptions, 'file'> & { readonly failedCas: FailedCas };

/** Reads that Knossos lets answer nil where nobody knows what was read. */
const mayNotKnow: ReadonlySet<string> = new Set(['read', 'get']);
/** Operations whose completion repeats the argument and answers nothing. */
const changes: ReadonlySet<string> = new Set([
  'write',
  'put',
  'set',
  'append',
  'enqueue',
  'push',
  'add',
  'remove',
  'delete',
  'insert',
  'increment',
  'decrement',
  'acquire',
  'release',
  'transfer',
]);

/** Whether a completion of this name repeats the argument. */
export const repeatsArgument = (f: string): boolean => f === 'cas' || changes.has(f);

/** What the value of an `ok` answers, in our convention. */
export function answerOf(f: string, argument: Json, value: Json): Json {
  if (f === 'cas') return typeof value === 'boolean' ? value : true;
  return changes.has(f) && equalJson(value, argument) ? null : value;
}

const none: ReadonlySet<string> = new Set();

interface Open {
  readonly key: Json;
  readonly argument: Json;
}

/** Turns Jepsen's events into ours. Throws Malformed on one that cannot be understood. */
export function makeJepsenEvents(
  dialect: JepsenDialect,
  sink: Pick<EventSink, 'event'>,
): { add(event: JepsenEvent): void } {
  const { failedCas, independent = false, mayAnswerNil = () => true, mustAnswer = none } = dialect;
  const open = new Map<number, Open>();
  let index = 0;
  let time = -1;

  const invoked = ({ key, value }: JepsenEvent): Open => {
    const own = independent ? tupleOf(value) : { key: key ?? null, value };
    return { key: own.key, argument: own.value };
  };
  /** What a completion answers in our convention; undefined: nothing. */
  const answered = (event: JepsenEvent, argument: Json): Json | undefined => {
    const { type, f, result, error } = event;
    if (type === 'info') return undefined;
    if (result !== undefined) return result;
    if (type === 'ok') {
      const value = independent ? tupleOf(event.value).value : event.value;
      if (value === null && mayNotKnow.has(f) && !mayAnswerNil(f)) return undefined;
      if (mustAnswer.has(f))
        throw new Malformed(0, `${f}: the model wants to know the answer; :result says it`);
      return answerOf(f, argument, value);
    }
    if (f !== 'cas' || failedCas === 'drop' || error !== undefined) return undefined;
    const value = independent && isTuple(event.value) ? event.value[1] : event.value;
    return equalJson(value, argument) ? false : undefined;
  };
  return {
    add: (event) => {
      const { process, type, f, error } = event;
      time = Math.max(time, event.time ?? time + 1);
      if (type === 'invoke') {
        const operation = invoked(event);
        open.set(process, operation);
        sink.event({ index, time, process, type, f, key: operation.key, value: operation.argument });
      } else {
        // A completion that belongs to nothing is told by whoever judges whether the history is well-formed.
        const { key, argument } = open.get(process) ?? invoked(event);
        open.delete(process);
        const answer = answered(event, argument);
        const ownKey = event.key ?? key;
        if (answer !== undefined)
          sink.event({ index, time, process, type: 'ok', f, key: ownKey, value: answer });
        else
          sink.event(
            withError(
              { index, time, process, type: unanswered(type), f, key: ownKey, value: argument },
              error,
            ),
          );
      }
      index += 1;
    },
  };
}

/** A look whose answer nobody knows is as if it had not been. */
const unanswered = (type: EventType): EventType => (type === 'ok' ? 'fail' : type);

const isTuple = (value: Json): value is readonly [Json, Json] => isJsonList(value) && value.length === 2;

function tupleOf(value: Json): { readonly key: Json; readonly value: Json } {
  if (!isTuple(value)) throw new Malformed(0, 'value: expected [key value], as jepsen.independent has it');
  return { key: value[0], value: value[1] };
}
