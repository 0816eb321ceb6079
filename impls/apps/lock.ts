import type { App, AppStates, Choice } from './app.ts';
import { AppRefusal, keyText } from './app.ts';

/** A lock as its key's state: how often it was granted, and to whom. */
type Lock = { readonly grants: number; readonly holder: Grant | null };
type Grant = { readonly token: number; readonly since: number };

/** A token counts the grants of its lock and ends in so many drawn values: never the same twice, always rising, and hard to guess. */
const drawnValues = 2 ** 24;

const token: Choice = { name: 'token', make: (chance) => Math.floor(chance() * drawnValues) };
const since: Choice = { name: 'since', make: (_chance, now) => Math.round(now) };

/**
 * A lock manager (Somersault §5), locks by key. `acquire` answers `{token, since}`, or null if the lock is held; `release TOKEN` true if the
 * token is the holder's, else false; `read` the holder's `{token, since}`, or null. One execution chooses by chance (`token`) and by clock
 * (`since`). Tokens rise, so that whoever is sent one can turn a late holder away (fencing tokens; the sequencers of Chubby, OSDI 2006).
 */
export const lock: App = {
  name: 'lock',
  keys: (input) => [keyText(input.key)],

  *apply(input, states) {
    const key = keyText(input.key);
    const { grants, holder } = lockAt(states, key);
    switch (input.f) {
      case 'acquire': {
        if (holder !== null) return null;
        const drawn = Number(yield token);
        const next: Grant = { token: (grants + 1) * drawnValues + drawn, since: Number(yield since) };
        states.write(key, { grants: grants + 1, holder: next });
        return next;
      }
      case 'release':
        if (holder === null || holder.token !== input.value) return false;
        states.write(key, { grants, holder: null });
        return true;
      case 'read':
        return holder;
      default:
        throw new AppRefusal(`lock knows no ${input.f}`);
    }
  },
};

const lockAt = (states: AppStates, key: string): Lock =>
  (states.read(key) ?? { grants: 0, holder: null }) as Lock;
