/**
 * The reaper: a sidecar that outlives whoever started it, for a moment. On standard input it is told process groups, `+pid` and `-pid`, a
 * line each. When the input ends, its owner has ended, by whatever means, and all groups that are left are killed; SIGKILL takes stopped
 * processes too. Imports nothing, so as to be there early.
 */
const groups = new Set<number>();
const attemptMs = 20;
const attemptsMax = 100;

let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) {
    const pid = Number(line.slice(1));
    if (!Number.isInteger(pid) || pid <= 1) continue;
    if (line.startsWith('+')) groups.add(pid);
    if (line.startsWith('-')) groups.delete(pid);
  }
});
process.stdin.on('end', () => reap(attemptsMax));
process.stdin.on('error', () => reap(attemptsMax));
// It has its own session, so the terminal's signals do not reach it; what else asks it to end would leave its charges behind.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

/** Again and again until none is left: a group may be forking while it is killed. */
function reap(attempts: number): void {
  for (const pid of groups) if (!kill(pid)) groups.delete(pid);
  if (groups.size === 0 || attempts === 0) process.exit(0);
  setTimeout(() => reap(attempts - 1), attemptMs);
}

/** False: the group is gone. */
function kill(pid: number): boolean {
  try {
    return process.kill(-pid, 'SIGKILL');
  } catch {
    return false; // ESRCH: nobody there; EPERM: nobody of ours
  }
}
