import { equalJson, isJsonList } from '../../core/json.ts';
import type { App } from './app.ts';
import { AppRefusal, keyText } from './app.ts';

/** Registers by key: `write` answers null, `read` the value or null, `cas [expected, next]` true or false. */
export const kv: App = {
  name: 'kv',
  keys: (input) => [keyText(input.key)],

  *apply(input, states) {
    const key = keyText(input.key);
    switch (input.f) {
      case 'read':
        return states.read(key) ?? null;
      case 'write':
        states.write(key, input.value);
        return null;
      case 'cas': {
        const { value } = input;
        if (!isJsonList(value) || value.length !== 2) throw new AppRefusal('cas wants [expected, next]');
        const [expected, next] = value;
        if (!equalJson(states.read(key) ?? null, expected)) return false;
        states.write(key, next);
        return true;
      }
      default:
        throw new AppRefusal(`kv knows no ${input.f}`);
    }
  },
};
