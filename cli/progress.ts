import type { Progress, Phase } from '../harness/progress.ts';
import { countText, msText } from '../results/units-text.ts';
import type { OutputStream } from './context.ts';

/** Shows a run while it lasts. */
export interface ProgressDisplay extends Disposable {
  show(progress: Progress): void;
  /** Says what happens outside the phases of a run. */
  note(text: string): void;
}

const phaseText: Readonly<Record<Phase, string>> = {
  launch: 'starting the nodes',
  'warm-up': 'warming up',
  faults: 'under load',
  settle: 'healed, settling',
  'final-reads': 'reading for the last time',
  stop: 'stopping',
  end: 'done',
};

const silent: ProgressDisplay = { show: () => {}, note: () => {}, [Symbol.dispose]: () => {} };

/** One live line on a terminal, plain lines at changes elsewhere, nothing when quiet. */
export function progressDisplay(stream: OutputStream, isQuiet: boolean): ProgressDisplay {
  if (isQuiet) return silent;
  return stream.isTTY === true && process.env['TERM'] !== 'dumb' ? liveLine(stream) : plainLines(stream);
}

function liveLine(stream: OutputStream): ProgressDisplay {
  const erase = '\r\x1b[2K';
  const put = (text: string): void => {
    stream.write(`${erase}${text.slice(0, Math.max(20, (stream.columns ?? 80) - 1))}`);
  };
  return {
    show: (progress) => put(liveText(progress)),
    note: (text) => put(text),
    [Symbol.dispose]: () => {
      stream.write(erase);
    },
  };
}

/** `breaking things  2,104 ok/s  kill:primary  n1 primary, n2 backup, n3 down  3.1 s left` */
export function liveText({ phase, opsPerSecond, faults, nodes, remainingMs }: Progress): string {
  const parts = [
    phaseText[phase],
    `${countText(opsPerSecond)} ok/s`,
    faults.join(' and ') || 'no fault',
    nodes
      .map(({ slot, state, role }) => `${slot} ${state === 'running' ? role || 'starting' : state}`)
      .join(', '),
    remainingMs > 0 ? `${(remainingMs / 1000).toFixed(1)} s left` : '',
  ];
  return parts.filter((part) => part !== '').join('  ');
}

function plainLines(stream: OutputStream): ProgressDisplay {
  let phase: Phase | null = null;
  let faults: readonly string[] = [];
  const put = (text: string): void => {
    stream.write(`ftcheck: ${text}\n`);
  };
  return {
    show: (progress) => {
      const { okTotal, remainingMs } = progress;
      if (progress.phase !== phase) {
        const left = remainingMs > 0 ? `, ${msText(Math.round(remainingMs / 100) * 100)} left` : '';
        put(`${phaseText[progress.phase]} (${countText(okTotal)} ok so far${left})`);
      }
      for (const name of without(progress.faults, faults)) put(`fault in force: ${name}`);
      for (const name of without(faults, progress.faults)) put(`healed: ${name}`);
      ({ phase, faults } = progress);
    },
    note: put,
    [Symbol.dispose]: () => {},
  };
}

const without = (some: readonly string[], others: readonly string[]): readonly string[] =>
  some.filter((name) => !others.includes(name));
