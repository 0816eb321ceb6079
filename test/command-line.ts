/** For tests that use the built command line as a user would. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { distPath, isAlive, start } from './processes.ts';

export interface Said {
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

/** `ftcheck ARGUMENTS`, to its end. */
export async function ftcheck(...args: readonly string[]): Promise<Said> {
  using started = start([distPath('cli/main.js'), ...args]);
  started.child.stdin?.end();
  const code = await started.ended;
  return { code, stdout: started.stdout, stderr: started.stderr };
}

/** What tests read of verdict.json. */
export interface VerdictFile {
  readonly verdict: string;
  readonly reason: string;
  readonly withinClaim: boolean;
  readonly seed: number;
  readonly operations: Readonly<Record<'invoked' | 'ok' | 'fail' | 'info', number>>;
  readonly properties: Readonly<Record<string, { readonly verdict: string; readonly reason: string }>>;
  readonly faults: readonly {
    readonly name: string;
    readonly evidence: readonly { readonly counter: string }[];
  }[];
  readonly goals: readonly { readonly name: string; readonly reached: boolean }[];
}

/** A run with `--json`; its verdict, and all that it said where a test wants to see why. */
export async function judged(
  out: string,
  ...args: readonly string[]
): Promise<Said & { readonly verdict: VerdictFile }> {
  const said = await ftcheck('run', '--json', '--quiet', `--out=${out}`, ...args);
  expect({ ...said, stdout: said.stdout.slice(0, 1) }).toMatchObject({ stdout: '{' });
  return { ...said, verdict: JSON.parse(said.stdout) as VerdictFile };
}

/** The run directory that `latest` points at. */
export const latest = (out: string): string => join(out, 'latest');

/** The pids of every node that a run has started so far, from its trace. */
export function nodePids(runDir: string): number[] {
  const path = join(runDir, 'trace.jsonl');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line) => {
    const pid = /"event":"node-start","pid":(\d+)/.exec(line)?.[1];
    return pid === undefined ? [] : [Number(pid)];
  });
}

/** Waits until none of them is alive; the limit is what users are promised. */
export async function allGone(pids: readonly number[], limitMs = 2000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (pids.some(isAlive) && performance.now() < deadline) await sleep(20);
  expect(pids.filter(isAlive)).toEqual([]);
}

/** The only run directory in a folder. */
export function onlyRun(out: string): string {
  const names = readdirSync(out).filter((name) => name !== 'latest');
  expect(names).toHaveLength(1);
  return join(out, names[0] ?? '');
}
