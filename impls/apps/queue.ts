import type { App, AppStates } from './app.ts';
import { AppRefusal, keyText } from './app.ts';

/** First and one-past-last position of the elements, each under its own key, so that a checkpoint carries one element and not the queue. */
function bounds(states: AppStates, key: string): { head: number; tail: number } {
  const state = states.read(key);
  return Array.isArray(state) ? { head: state[0] as number, tail: state[1] as number } : { head: 0, tail: 0 };
}

/** FIFO queues by key (the example of Guerraoui and Schiper): `enqueue` answers null, `dequeue` the oldest value, or null when empty. */
export const queue: App = {
  name: 'queue',
  keys: (input) => [keyText(input.key)],

  *apply(input, states) {
    const key = keyText(input.key);
    const { head, tail } = bounds(states, key);
    switch (input.f) {
      case 'enqueue':
        states.write(`${key}/${tail}`, input.value);
        states.write(key, [head, tail + 1]);
        return null;
      case 'dequeue': {
        if (head === tail) return null;
        const value = states.read(`${key}/${head}`) ?? null;
        states.write(`${key}/${head}`, undefined);
        states.write(key, [head + 1, tail]);
        return value;
      }
      default:
        throw new AppRefusal(`queue knows no ${input.f}`);
    }
  },
};
