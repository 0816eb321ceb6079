/** An application as a recovery unit runs it: messages in from any peer, messages out to any peer, timers (Somersault §2.2, §3.2). */
import type { Json } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';
import type { App, AppInput, AppStates, Choice } from '../apps/app.ts';
import { AppRefusal } from '../apps/app.ts';
import type { Peer } from '../messages.ts';

/** What a unit consumes. */
export type UnitInput =
  | {
      readonly type: 'request' | 'response';
      readonly peer: Peer;
      readonly ep: number;
      readonly n: number;
      readonly body: Json;
    }
  | { readonly type: 'timer'; readonly name: string };

/** A message to a peer in that life of it; to one that has begun another, nothing is sent. */
export interface UnitOutput {
  readonly to: Peer;
  readonly ep: number;
  readonly type: 'request' | 'response';
  readonly body: Json;
}

export interface Outcome {
  readonly outputs: readonly UnitOutput[];
  readonly timers: readonly { readonly name: string; readonly afterMs: number }[];
  /** The request whose effect this was, for the trace. */
  readonly executed: string | null;
}

export interface UnitApp {
  consume(input: UnitInput, states: AppStates): Generator<Choice, Outcome, Json>;
}

export const nothing: Outcome = { outputs: [], timers: [], executed: null };

/** What a request says, between whatever units: which one it is, and what it asks. */
export interface RequestBody extends AppInput {
  readonly request: string;
}

export function requestBody(body: Json): RequestBody | null {
  if (!isJsonObject(body)) return null;
  const { request, f, key, value } = body;
  if (typeof request !== 'string' || typeof f !== 'string' || key === undefined || value === undefined)
    return null;
  return { request, f, key, value };
}

/** An application that answers each request to whoever asked. */
export const serve = (app: App): UnitApp => ({
  *consume(input, states) {
    if (input.type !== 'request') return nothing;
    const { peer, ep, body } = input;
    const asked = requestBody(body);
    if (asked === null) return nothing;
    const value = yield* answer(app, asked, states);
    const response = { request: asked.request, value };
    return {
      outputs: [{ to: peer, ep, type: 'response', body: response }],
      timers: [],
      executed: asked.request,
    };
  },
});

function* answer(app: App, input: AppInput, states: AppStates): Generator<Choice, Json, Json> {
  try {
    return yield* app.apply(input, states);
  } catch (thrown) {
    if (thrown instanceof AppRefusal) return { refused: thrown.message };
    throw thrown;
  }
}
