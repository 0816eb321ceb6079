import type { Json } from '../../core/json.ts';
import type { App } from './app.ts';
import { AppRefusal, keyText } from './app.ts';

/** Append lists by key, the non-idempotent service: `append` answers the element's position, counted from 1; `read` the whole list. */
export const log: App = {
  name: 'log',
  keys: (input) => [keyText(input.key)],

  *apply(input, states) {
    const key = keyText(input.key);
    const length = (states.read(key) ?? 0) as number;
    switch (input.f) {
      case 'append':
        states.write(`${key}/${length}`, input.value);
        states.write(key, length + 1);
        return length + 1;
      case 'read':
        return Array.from({ length }, (_, i): Json => states.read(`${key}/${i}`) ?? null);
      default:
        throw new AppRefusal(`log knows no ${input.f}`);
    }
  },
};
