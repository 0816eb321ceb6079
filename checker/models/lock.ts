import { equalJson, type Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { canonicalJson } from '../canonical-json.ts';
import { dependentsOfLock } from '../linearizable/units-lock.ts';
import { lookAheadOfLock } from './lock-look-ahead.ts';
import { isGrant, tokenOf, unknownOf, unseenTokens, type Grant } from './lock-operations.ts';
import { keyWords, resultWords, shortJson } from './words.ts';

/**
 * A lock and the highest token that it has given. Which one an acquire without an answer gave, only a later read or release tells: `unseen`
 * is a holder whose token is above `last`, none of `not`, and, if that is known, one of `oneOf`.
 */
export type LockState =
  | { readonly type: 'free'; readonly last: number }
  | { readonly type: 'held'; readonly last: number; readonly grant: Grant }
  | {
      readonly type: 'unseen';
      readonly last: number;
      readonly not: readonly number[];
      readonly oneOf: readonly number[] | null;
    };

/**
 * A lock for each key (the lock manager of Somersault §5): acquire answers a grant `{token, ...}`, or null if the lock is held; release
 * TOKEN whether that was the holder's; read the holder's grant, or null. Any token will do that is higher than all before it, as fencing
 * tokens are: so none is ever given twice, and their order is the order of the grants.
 */
export const lock: Model<LockState> = {
  name: 'lock',
  initial: () => ({ type: 'free', last: -Infinity }),
  step: (state, operation) => {
    switch (operation.f) {
      case 'acquire':
        return afterAcquire(state, operation.result);
      case 'release':
        return afterRelease(state, tokenOf(operation), operation.result);
      case 'read':
        return afterRead(state, operation.result);
      default:
        throw unknownOf(operation);
    }
  },
  fingerprint: (state) => {
    if (state.type === 'free') return `free ${state.last}`;
    return state.type === 'held'
      ? `held ${canonicalJson(state.grant)}`
      : `unseen ${state.last} ${state.not.join()}`;
  },
  partition: 'key',
  describe: (operation) => {
    const { f, key, value, result } = operation;
    const argument = f === 'release' ? ` ${shortJson(value)}` : '';
    const answer =
      f !== 'release' && result === null ? (f === 'read' ? 'free' : 'held') : resultWords(operation);
    return `${f}${keyWords(key)}${argument} -> ${answer}`;
  },
  describeState: (state) => {
    if (state.type === 'free') return state.last === -Infinity ? 'free' : `free, after token ${state.last}`;
    return state.type === 'held' ? `held by ${shortJson(state.grant)}` : 'held by nobody knows whom';
  },
  isPure: ({ f, result }) => (f === 'acquire' && result === null) || (f === 'read' && !isGrant(result)),
  lookAhead: lookAheadOfLock,
  dependents: dependentsOfLock,
};

function afterAcquire(state: LockState, result: Json | undefined): LockState | null {
  const oneOf = result === undefined ? null : unseenTokens(result);
  if (result === undefined || oneOf !== null) {
    return state.type === 'free' ? { type: 'unseen', last: state.last, not: [], oneOf } : state;
  }
  if (result === null) return state.type === 'free' ? null : state;
  return state.type === 'free' && isGrant(result) && result.token > state.last ? held(result) : null;
}

function afterRelease(state: LockState, token: number, result: Json | undefined): LockState | null {
  if (!mayHold(state, token)) return result === true ? null : state;
  if (result === false) return state.type === 'unseen' ? without(state, token) : null;
  return result === undefined || result === true ? { type: 'free', last: token } : null;
}

function afterRead(state: LockState, result: Json | undefined): LockState | null {
  if (result === undefined) return state;
  if (!isGrant(result)) return result === null && state.type === 'free' ? state : null;
  if (state.type === 'held') return equalJson(state.grant, result) ? state : null;
  return mayHold(state, result.token) ? held(result) : null;
}

const held = (grant: Grant): LockState => ({ type: 'held', last: grant.token, grant });

/** Whether the token may be the holder's; of a holder that was seen, whether it is. */
function mayHold(state: LockState, token: number): boolean {
  if (state.type === 'free') return false;
  if (state.type === 'held') return state.last === token;
  return token > state.last && !state.not.includes(token) && (state.oneOf?.includes(token) ?? true);
}

const without = (state: LockState & { type: 'unseen' }, token: number): LockState => ({
  ...state,
  not: [...state.not, token].sort((a, b) => a - b),
});
