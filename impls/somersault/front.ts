/**
 * A unit that serves its clients by calling another unit: what is asked of it goes on as a request of its own, and the response comes back
 * as the answer. Its table of open calls is replicated state; answered calls stay in it for a while, until a timer clears them.
 */
import type { Json, JsonObject } from '../../core/json.ts';
import { isJsonList, isJsonObject } from '../../core/json.ts';
import type { Peer } from '../messages.ts';
import type { UnitApp } from './unit-app.ts';
import { nothing, requestBody } from './unit-app.ts';

/** Answered calls are cleared so long after the first of them. */
const clearAfterMs = 100;
const clearing = 'clear';

type Call = { readonly client: Peer; readonly ep: number; readonly since: Json };

const callKey = (request: string): string => `call/${request}`;
const isCall = (value: Json | undefined): value is Call & JsonObject =>
  isJsonObject(value) && typeof value['client'] === 'string' && typeof value['ep'] === 'number';

/** The application of a unit in front of `back`. */
export const callTo = (back: Peer): UnitApp => ({
  *consume(input, states) {
    if (input.type === 'timer') {
      const answered = states.read('answered');
      if (Array.isArray(answered))
        for (const request of answered) states.write(callKey(String(request)), undefined);
      states.write('answered', undefined);
      return nothing;
    }
    const { body } = input;
    if (input.type === 'request') {
      const asked = requestBody(body);
      if (asked === null) return nothing;
      // When a call was made is part of the table, so every replica must have the same idea of it.
      const since = yield { name: 'since', make: (_, now) => Math.round(now) };
      states.write(callKey(asked.request), { client: input.peer, ep: input.ep, since });
      return { ...nothing, outputs: [{ to: back, ep: 1, type: 'request', body }] };
    }
    const request = isJsonObject(body) ? body['request'] : undefined;
    const call = typeof request === 'string' ? states.read(callKey(request)) : undefined;
    if (typeof request !== 'string' || !isCall(call)) return nothing;
    const answered = states.read('answered');
    const others = isJsonList(answered) ? answered : [];
    states.write('answered', [...others, request]);
    return {
      outputs: [{ to: call.client, ep: call.ep, type: 'response', body }],
      timers: others.length === 0 ? [{ name: clearing, afterMs: clearAfterMs }] : [],
      executed: null,
    };
  },
});
