import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { allGone, judged, latest, nodePids } from './command-line.ts';
import { makeFolder } from './processes.ts';

test('a run stops at its first violation, and is invalid', async () => {
  using folder = makeFolder();
  const durationS = 60;
  const { code, verdict } = await judged(
    folder.path,
    '--impl=mutants/passive/no-fencing',
    '--nemesis=partition:isolate-primary,hold',
    `--duration=${durationS}s`,
    '--faults=20',
    '--fail-fast',
    '--seed=1',
  );
  expect(verdict).toMatchObject({
    verdict: 'invalid',
    properties: { linearizable: { verdict: 'invalid' } },
    harness: { interrupted: '--fail-fast' },
  });
  expect(code).toBe(1);
  const history = readFileSync(join(latest(folder.path), 'history.jsonl'), 'utf8')
    .trimEnd()
    .split('\n');
  const { time } = JSON.parse(history.at(-1) ?? '') as { readonly time: number };
  expect(time).toBeLessThan((durationS / 2) * 1e9);
  await allGone(nodePids(latest(folder.path)));
});

test('without a violation it changes nothing', async () => {
  using folder = makeFolder();
  const { code, verdict } = await judged(
    folder.path,
    '--impl=passive',
    '--nemesis=kill',
    '--duration=3s',
    '--fail-fast',
    '--seed=1',
  );
  expect(verdict).toMatchObject({ verdict: 'valid', harness: { interrupted: null } });
  expect(code).toBe(0);
});
