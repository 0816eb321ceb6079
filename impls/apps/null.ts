import type { App } from './app.ts';
import { AppRefusal } from './app.ts';

/** Nothing at all: `call` answers null and touches no state. What remains of its latency is the layer's. */
export const nullApp: App = {
  name: 'null',
  keys: () => [],

  *apply(input) {
    if (input.f !== 'call') throw new AppRefusal(`null knows no ${input.f}`);
    return null;
  },
};
