import { expect, test } from '@jest/globals';
import type { HistoryEvent } from '../../core/history.ts';
import { nanos } from '../../core/units.ts';
import { clientFigures } from './trial.ts';

/** Operations as [client, from, to, how it ended], milliseconds since the fault. */
function historyOf(
  ...asked: readonly (readonly [string, number, number, ('ok' | 'info')?])[]
): HistoryEvent[] {
  const base = 1_000_000_000;
  return asked
    .flatMap(([client, from, to, type = 'ok'], i) => [
      { at: from, type: 'invoke' as const, process: i, request: `${client}/1/${i}` },
      { at: to, type, process: i },
    ])
    .sort((a, b) => a.at - b.at)
    .map(({ at, ...event }, index) => ({
      index,
      time: nanos(base + at * 1e6),
      f: 'read',
      key: 'k',
      value: null,
      ...event,
    }));
}
const times = { effectNs: 1e9, healNs: 1e9 + 400e6, endNs: 1e9 + 600e6 };

test("a client's outage counts from the fault to its first ok of an operation invoked after it, less its idle time", () => {
  const history = historyOf(
    ['c1', -5, 200], // in flight at the fault: its ok does not count, its waiting does
    ['c1', 210, 220],
    ['c2', 50, 150, 'info'], // idle until 50, then in vain, then idle until 170
    ['c2', 170, 230],
    ['c3', -20, -10],
    ['c3', 590, 600],
  );
  const { clientsMs } = clientFigures(history, 4, times);
  expect(clientsMs).toEqual([10 + 200, 160, 10, null]);
});

test('stalls end with any ok; that of the rejoin begins where the fault ends', () => {
  const history = historyOf(
    ['c1', -5, 100],
    ['c2', 110, 250],
    ['c1', 240, 390],
    ['c2', 395, 480],
    ['c1', 500, 600],
  );
  expect(clientFigures(history, 2, times)).toMatchObject({ stallMs: 150, rejoinStallMs: 120 });
  expect(clientFigures([], 1, times)).toEqual({ stallMs: 600, rejoinStallMs: 200, clientsMs: [null] });
});
