import { isJsonObject, type Json } from '../core/json.ts';
import type { TraceEvent } from '../core/trace.ts';
import { countText, plural } from './units-text.ts';

/** A counter that proves, or fails to prove, that a fault did something. */
export interface Evidence {
  readonly counter: string;
  readonly before: number;
  readonly after: number;
}

/** A fault as it really was, read from the trace. */
export interface FaultRecord {
  readonly id: string;
  readonly name: string;
  readonly class: string;
  /** The slots it was aimed at, roles resolved: `n1`, `n1,n2`; what the plan said where nobody was found. */
  readonly target: string;
  readonly plannedTarget: string;
  /** Slots that were down, stopped, slow or out of reach of the largest connected rest. */
  readonly impaired: readonly string[];
  readonly beginNs: number;
  /** Null: never ended before the record does. */
  readonly endNs: number | null;
  /** Whether the evidence proves an effect. */
  readonly effect: boolean;
  readonly evidence: readonly Evidence[];
}

/** The faults of a run in order of their beginning. */
export function faultsOf(trace: readonly TraceEvent[]): FaultRecord[] {
  const faults = new Map<string, FaultRecord>();
  for (const event of trace) {
    const id = text(event['id']);
    if (event.event === 'fault-begin') {
      const plannedTarget = text(event['target']);
      faults.set(id, {
        id,
        name: text(event['fault']),
        class: text(event['class']),
        target: plannedTarget,
        plannedTarget,
        impaired: [],
        beginNs: event.time,
        endNs: null,
        effect: false,
        evidence: [],
      });
    }
    const fault = faults.get(id);
    if (fault === undefined) continue;
    if (event.event === 'fault-effect') {
      const targets = texts(event['targets']);
      faults.set(id, {
        ...fault,
        target: targets.length === 0 ? fault.target : targets.join(','),
        impaired: texts(event['impaired']),
      });
    } else if (event.event === 'fault-end') {
      const evidence = evidenceOf(event['evidence']);
      const proven = event['effect'];
      const effect = typeof proven === 'boolean' ? proven : evidence.some(proves);
      faults.set(id, { ...fault, endNs: event.time, evidence, effect });
    }
  }
  return [...faults.values()];
}

/** A counter that grew; of `stopped:`, which is a state, that it was 1 while the fault was in force. */
const proves = (item: Evidence): boolean => item.after > item.before;

function evidenceOf(value: Json | undefined): Evidence[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: Json) => {
    if (!isJsonObject(item)) return [];
    const { counter, before, after } = item;
    if (typeof counter !== 'string' || typeof before !== 'number' || typeof after !== 'number') return [];
    return [{ counter, before, after }];
  });
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const texts = (value: Json | undefined): string[] =>
  Array.isArray(value) ? value.filter((item: Json) => typeof item === 'string') : [];

/** How each counter reads in a sentence; `amount` is how far it grew, `places` where. */
const wordsOf: Readonly<Record<string, (amount: number, places: string) => string>> = {
  'exits.SIGKILL': (_, places) => `${places} killed by SIGKILL`,
  stopped: (_, places) => `${places} in state T (stopped)`,
  'bytes-held': (amount, places) => `${plural(amount, 'byte')} held on ${places}`,
  'bytes-delayed': (amount, places) => `${plural(amount, 'byte')} delayed on ${places}`,
  'connections-reset': (amount, places) => `${plural(amount, 'connection')} reset on ${places}`,
  'connections-refused': (amount, places) => `${plural(amount, 'connection')} refused on ${places}`,
  'closes-swallowed': (amount, places) => `${plural(amount, 'close')} of ${places} swallowed`,
};

/** What the evidence says, in words and numbers: `48,211 bytes held on n1>n2, n1>n3`. */
export function effectInWords(fault: FaultRecord): string {
  const sums = new Map<string, { amount: number; places: string[] }>();
  for (const { counter, before, after } of fault.evidence.filter(proves)) {
    const colon = counter.indexOf(':');
    const name = colon < 0 ? counter : counter.slice(0, colon);
    const sum = sums.get(name) ?? { amount: 0, places: [] };
    sum.amount += after - before;
    if (colon >= 0) sum.places.push(counter.slice(colon + 1));
    sums.set(name, sum);
  }
  const parts = [...sums].map(([name, { amount, places }]) => {
    const words = wordsOf[name] ?? ((n: number, where: string) => `${name} ${countText(n)} ${where}`.trim());
    return words(amount, listed(places));
  });
  if (parts.length > 0) return parts.join('; ');
  return fault.effect ? 'took effect' : fault.endNs === null ? 'had not ended' : 'no effect was measured';
}

const listed = (places: readonly string[]): string =>
  places.length <= 4 ? places.join(', ') : `${places.slice(0, 3).join(', ')} and ${places.length - 3} more`;
