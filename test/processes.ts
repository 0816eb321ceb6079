/** For tests that start programs of dist/ by hand. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export const distPath = (path: string): string => fileURLToPath(new URL(`../dist/${path}`, import.meta.url));
export const entries = { node: distPath('impls/node/main.js'), reaper: distPath('harness/reaper-main.js') };

/** A new directory of the test's own. */
export function makeFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'ftcheck-test-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** A child that dies with the test. */
export function start(args: readonly string[]): Disposable & {
  readonly child: ChildProcess;
  readonly pid: number;
  stdout: string;
  stderr: string;
  /** Its code or signal, once its output has ended too. */
  readonly ended: Promise<number | string>;
} {
  const child = spawn(process.execPath, args, { stdio: 'pipe' });
  child.stdin.on('error', () => {});
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'no code'));
  });
  const started = {
    child,
    pid: child.pid!,
    stdout: '',
    stderr: '',
    ended,
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  };
  child.stdout.on('data', (chunk: Buffer) => (started.stdout += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (started.stderr += String(chunk)));
  return started;
}

export async function until(condition: () => boolean, limitMs = 10_000): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`not within ${limitMs} ms: ${condition}`);
    await sleep(5);
  }
}

/** Neither gone nor a zombie that nobody waited for. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (process.platform !== 'linux') return true;
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export const linesOf = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
