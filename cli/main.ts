#!/usr/bin/env node
// Node ends with 1 after an uncaught error, which here means `invalid`. So this file imports nothing at the top: the handlers that map
// trouble of our own to 255 stand before any other code runs, and whatever fails to load is caught by them as well.

const internal = 255;
const interrupted = 130;
const debug = process.argv.includes('--debug');

for (const stream of [process.stdout, process.stderr]) {
  // Whoever read our output has gone (`ftcheck list | head -1`): the run goes on, and its exit code still counts.
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') fatal(error);
  });
}

process.on('uncaughtException', fatal);
process.on('unhandledRejection', fatal);

/** Something is broken in a way that nobody handles: nothing that we might still say of the system can be trusted. */
function fatal(thrown: unknown): never {
  process.removeAllListeners('uncaughtException');
  const text =
    thrown instanceof Error ? (debug ? (thrown.stack ?? thrown.message) : thrown.message) : String(thrown);
  process.stderr.write(`ftcheck: internal error: ${text}${debug ? '' : ' (--debug shows where)'}\n`);
  process.exit(internal);
}

/** The first signal asks for an orderly end, the second ends us at once; the reaper then ends all that we started. */
const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (controller.signal.aborted) process.exit(interrupted);
    controller.abort(signal);
  });
}

try {
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(process.argv.slice(2), {
    signal: controller.signal,
    debug,
    cwd: process.cwd(),
    stdout: process.stdout,
    stderr: process.stderr,
  });
} catch (thrown) {
  fatal(thrown);
}

// Whatever might still hold the event loop must not hold the shell that waits for us.
setTimeout(() => process.exit(), 1000).unref();
