const periodMs = 20;
const reportMs = 1_000;
const worthTellingMs = 20;

/** Watches how late this process's event loop is, and once a second tells the worst if it is bad. Keeps no process alive. */
export function watchLag(nowMs: () => number, tell: (maxMs: number) => void): { stop(): void } {
  let last = nowMs();
  let reported = last;
  let maxMs = 0;
  const timer = setInterval(() => {
    const now = nowMs();
    maxMs = Math.max(maxMs, now - last - periodMs);
    last = now;
    if (now - reported < reportMs) return;
    reported = now;
    if (maxMs > worthTellingMs) tell(Math.round(maxMs * 10) / 10);
    maxMs = 0;
  }, periodMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
