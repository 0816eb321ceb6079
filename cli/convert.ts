import {
  closeSync,
  existsSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { resolve } from 'node:path';
import { makeEdnWriter } from '../checker/formats/edn-writer.ts';
import { makeElleWriter } from '../checker/formats/elle-writer.ts';
import { writeFtcheckLine, type EventWriter } from '../checker/formats/event-writer.ts';
import { optionsForModel } from '../checker/formats/options-for-model.ts';
import { parseFile, type HistorySource } from '../checker/worker-read.ts';
import { exitCodes, messageOf, UsageError, type ExitCode } from '../core/errors.ts';
import type { Context } from './context.ts';
import { formatOf, modelNamed, oneOf, readingOf } from './history-flags.ts';
import { spooledInput, standardInput } from './history-input.ts';
import { read, type Settings } from './settings.ts';
import { text } from './values.ts';

const writers = {
  edn: makeEdnWriter,
  elle: makeElleWriter,
  ftcheck: (): EventWriter => writeFtcheckLine,
} as const;
const targets = ['edn', 'elle', 'ftcheck'] as const satisfies readonly (keyof typeof writers)[];

const batchChars = 1 << 16;

/** Writes a history file in another format, event by event. */
export async function convert(given: string, flags: Settings, context: Context): Promise<ExitCode> {
  const to = read(flags, 'to', oneOf(targets), undefined);
  if (to === undefined) throw new UsageError(`--to is missing: one of ${targets.join(', ')}`);
  const source = sourceOf(given, flags, context);
  if (given !== standardInput.given) await convertFile(source, writers[to](), flags, context);
  else {
    using input = await spooledInput(context.signal);
    await convertFile({ ...source, path: input.path }, writers[to](), flags, context);
  }
  return exitCodes.valid;
}

function sourceOf(given: string, flags: Settings, { cwd }: Context): HistorySource {
  const { initial, ...reading } = readingOf(flags);
  const name = read(flags, 'model', text, undefined);
  const isInput = given === standardInput.given;
  const path = resolve(cwd, given);
  if (!isInput && !existsSync(path)) throw new UsageError(`${given}: there is no such file`);
  return {
    path,
    file: isInput ? standardInput.file : given,
    format: formatOf(flags, 'from'),
    ...reading,
    // Without a model nil is what was read, unless something else is said to be there at first.
    ...(name === undefined
      ? { mayAnswerNil: () => initial === undefined || initial === null }
      : optionsForModel(modelNamed(name, initial), initial)),
  };
}

async function convertFile(
  source: HistorySource,
  write: EventWriter,
  flags: Settings,
  context: Context,
): Promise<void> {
  const out = read(flags, 'out', text, undefined);
  using output =
    out === undefined ? outputTo(context) : outputFile(resolve(context.cwd, out), out, source.path);
  let batch = '';
  await parseFile(source, {
    event: (event) => {
      batch += write(event);
      if (batch.length < batchChars) return;
      output.write(batch);
      batch = '';
      context.signal.throwIfAborted();
    },
    damage: (words) => context.stderr.write(`ftcheck: ${words}\n`),
  });
  output.write(batch);
  output.finish();
}

/** Where converted text goes. What is disposed before it was finished leaves nothing behind. */
interface Output extends Disposable {
  write(text: string): void;
  finish(): void;
}

const outputTo = ({ stdout }: Context): Output => ({
  write: (converted) => void stdout.write(converted),
  finish: () => {},
  [Symbol.dispose]: () => {},
});

/** A file appears under its name when it is whole; what is no file (a pipe, a device) is written to as it is. */
function outputFile(path: string, given: string, source: string): Output {
  const isThere = existsSync(path);
  if (isThere && realpathSync(path) === realpathSync(source))
    throw new UsageError(`--out ${given}: is what is to be converted`);
  const isFile = !isThere || statSync(path).isFile();
  const written = isFile ? `${path}.new` : path;
  const fd = tried(given, () => openSync(written, 'w'));
  let isFinished = false;
  return {
    write: (converted) => {
      const bytes = Buffer.from(converted);
      for (let at = 0; at < bytes.length;) at += tried(given, () => writeSync(fd, bytes, at));
    },
    finish: () => {
      if (isFile) tried(given, () => renameSync(written, path));
      isFinished = true;
    },
    [Symbol.dispose]: () => {
      closeSync(fd);
      if (isFile && !isFinished) rmSync(written, { force: true });
    },
  };
}

function tried<T>(given: string, act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    throw new UsageError(`--out ${given}: cannot write it: ${messageOf(thrown)}`);
  }
}
