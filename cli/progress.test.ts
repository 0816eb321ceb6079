import { slotNamed } from '../core/ids.ts';
import { millis } from '../core/units.ts';
import type { Progress } from '../harness/progress.ts';
import { liveText, progressDisplay } from './progress.ts';

const progress = (some: Partial<Progress>): Progress => ({
  phase: 'faults',
  opsPerSecond: 2104,
  okTotal: 5000,
  faults: [],
  nodes: [
    { slot: slotNamed('n1'), incarnation: 0, state: 'running', role: 'primary', view: 1 },
    { slot: slotNamed('n2'), incarnation: 1, state: 'running', role: '', view: 0 },
    { slot: slotNamed('n3'), incarnation: 0, state: 'down', role: '', view: 1 },
  ],
  remainingMs: millis(3100),
  ...some,
});

test('the live line', () => {
  expect(liveText(progress({ faults: ['kill:primary'] }))).toBe(
    'under load  2,104 ok/s  kill:primary  n1 primary, n2 starting, n3 down  3.1 s left',
  );
});

test('plain lines at changes only', () => {
  let text = '';
  const display = progressDisplay({ write: (more) => (text += more) }, false);
  display.show(progress({ phase: 'warm-up' }));
  display.show(progress({}));
  display.show(progress({}));
  display.show(progress({ faults: ['kill:primary'] }));
  display.show(progress({ faults: ['kill:primary'] }));
  display.show(progress({ faults: [] }));
  expect(text.trimEnd().split('\n')).toEqual([
    'ftcheck: warming up (5,000 ok so far, 3.1 s left)',
    'ftcheck: under load (5,000 ok so far, 3.1 s left)',
    'ftcheck: fault in force: kill:primary',
    'ftcheck: healed: kill:primary',
  ]);
});

test('the live line fits the terminal and leaves nothing behind', () => {
  let text = '';
  const display = progressDisplay({ write: (more) => (text += more), isTTY: true, columns: 40 }, false);
  display.show(progress({}));
  expect(text.replace('\r\x1b[2K', '').length).toBe(39);
  display[Symbol.dispose]();
  expect(text.endsWith('\r\x1b[2K')).toBe(true);
});

test('quiet is quiet', () => {
  let text = '';
  const display = progressDisplay({ write: (more) => (text += more), isTTY: true }, true);
  display.show(progress({}));
  display.note('judging');
  expect(text).toBe('');
});
