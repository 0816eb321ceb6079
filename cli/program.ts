import { Command, CommanderError } from '@commander-js/extra-typings';
import { exitCodes, messageOf, FtcheckError, UsageError, type ExitCode } from '../core/errors.ts';
import { version } from '../core/version.ts';
import type { CommandModule } from './command-module.ts';
import { interruptedBy, type Context } from './context.ts';
import { noSuch } from './suggest.ts';

interface CommandEntry {
  readonly description: string;
  readonly load: () => Promise<CommandModule>;
}

/** Loaded one at a time, since start-up costs what is imported. */
const commands: Readonly<Record<string, CommandEntry>> = {
  run: {
    description: 'start a replicated service, break it on purpose and judge what its clients saw',
    load: () => import('./commands/run.ts'),
  },
  simulate: {
    description: 'play seeded schedules of the same protocols in virtual time',
    load: () => import('./commands/simulate.ts'),
  },
  failover: {
    description: 'measure how long clients go without service after a fault, over many trials',
    load: () => import('./commands/failover.ts'),
  },
  suite: {
    description: 'play a suite of scenarios from a YAML file, for CI',
    load: () => import('./commands/suite.ts'),
  },
  compare: {
    description: 'compare impls, builds or stored runs, round by round; hold them against a baseline',
    load: () => import('./commands/compare.ts'),
  },
  check: {
    description: 'judge a stored run, or a history file, again',
    load: () => import('./commands/check.ts'),
  },
  report: {
    description: 'write the report of a stored run: HTML, JUnit, Markdown, JSON, CSV',
    load: () => import('./commands/report.ts'),
  },
  convert: {
    description: 'write a history file in the format of another tool',
    load: () => import('./commands/convert.ts'),
  },
  list: {
    description: 'list impls, workloads, nemeses, checkers and seeded bugs, with their options',
    load: () => import('./commands/list.ts'),
  },
  doctor: {
    description: 'say whether this machine can run ftcheck',
    load: () => import('./commands/doctor.ts'),
  },
  serve: {
    description: 'show the stored runs in a browser, on this machine only',
    load: () => import('./commands/serve.ts'),
  },
  clean: { description: 'remove old run directories', load: () => import('./commands/clean.ts') },
};

const exitCodesHelp = `
Exit codes: 0 valid, 1 invalid, 2 unknown, 130 interrupted, 254 usage error, 255 internal error.
Start with: ftcheck run --impl=active --nemesis=partition`;

/** Parses the arguments, runs one command, and gives the exit code of the process. */
export async function runProgram(argv: readonly string[], context: Context): Promise<ExitCode> {
  try {
    return await dispatch(argv, context);
  } catch (thrown) {
    return report(thrown, context);
  }
}

async function dispatch(argv: readonly string[], context: Context): Promise<ExitCode> {
  let outcome: ExitCode = exitCodes.valid;
  const program = new Command('ftcheck')
    .description(
      'Starts a replicated service, breaks it on purpose, and decides whether what its clients saw is allowed.',
    )
    .version(version)
    .option('--debug', 'show stack traces')
    .addHelpText('after', exitCodesHelp);
  const words = argv.filter((word) => !word.startsWith('-'));
  const chosen = words[0] === 'help' ? words[1] : words[0];
  for (const [name, { description, load }] of Object.entries(commands)) {
    const command = program.command(name).description(description);
    if (name !== chosen) continue;
    command.option('--debug', 'show stack traces');
    const { define } = await load();
    define(command, context, (code) => {
      outcome = code;
    });
  }
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showSuggestionAfterError(true)
      .configureOutput({
        writeOut: (text) => context.stdout.write(text),
        writeErr: () => {}, // what it would say is in the error that it throws
      });
  }
  if (chosen === undefined && !argv.some((word) => ['--help', '-h', '--version', '-V'].includes(word))) {
    const unknown = argv.find((word) => word !== '--debug');
    if (unknown !== undefined)
      throw new UsageError(`unknown option '${unknown}'; ftcheck --help shows what there is`);
    context.stderr.write(program.helpInformation() + `${exitCodesHelp}\n`);
    throw new UsageError(`a command is missing: one of ${Object.keys(commands).join(', ')}`);
  }
  if (chosen !== undefined && !Object.hasOwn(commands, chosen) && chosen !== 'help') {
    throw new UsageError(noSuch('command', chosen, Object.keys(commands)));
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    if (thrown.exitCode === 0) return exitCodes.valid; // --help, --version
    const text = thrown.message.replace(/^error: /, '').replace(/\s*\n\s*/g, ' ');
    const where = chosen === undefined ? 'ftcheck' : `ftcheck ${chosen}`;
    throw new UsageError(`${text}; ${where} --help shows what there is`);
  }
  return outcome;
}

/** One line about what went wrong; a stack only on request, since it says nothing to whoever mistyped a flag. */
function report(thrown: unknown, context: Context): ExitCode {
  const signal = interruptedBy(context.signal);
  if (signal !== null) {
    context.stderr.write(`ftcheck: interrupted by ${signal}\n`);
    return exitCodes.interrupted;
  }
  if (context.debug && thrown instanceof Error) context.stderr.write(`${thrown.stack ?? ''}\n`);
  if (thrown instanceof FtcheckError) {
    context.stderr.write(`ftcheck: ${messageOf(thrown)}\n`);
    return thrown.exitCode;
  }
  const hint = context.debug ? '' : ' (--debug shows where)';
  context.stderr.write(`ftcheck: internal error: ${messageOf(thrown)}${hint}\n`);
  return exitCodes.internal;
}
