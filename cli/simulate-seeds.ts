import { defined } from '../core/assert.ts';
import type { RecordedRun } from '../core/checker.ts';
import { exitCodes, type ExitCode } from '../core/errors.ts';
import type { Plan } from '../core/plan.ts';
import { makeRandom } from '../core/random.ts';
import { combineVerdicts, type Verdict } from '../core/verdict.ts';
import { monotonicMs } from '../harness/clock.ts';
import { makeClient } from '../impls/client.ts';
import { loadReplica } from '../impls/replica-registry.ts';
import { chaosOfSeed, schedulePlan } from '../impls/sim/schedule.ts';
import type { SimulationOptions, SimulationResult } from '../impls/sim/simulate.ts';
import { sweep } from '../impls/sim/sweep.ts';
import { chooseRun, planOf, type RunChoice } from './choose.ts';
import type { Context } from './context.ts';
import { judgeHere } from './judge-here.ts';
import { loadSettings } from './load-settings.ts';
import { jsonText } from './output.ts';
import { registry } from './registry.ts';
import { simulateCommand } from './replay-command.ts';
import { seedMax, simulateSettings } from './run-settings.ts';
import { isOn, read, type Settings } from './settings.ts';
import { renderReport, simulationProgress, type SimulationReport } from './simulation-report.ts';
import { text, wholeNumber } from './values.ts';

const chaosName = 'chaos';
const seedsDefault = 100;

/** Plays one schedule for each seed in virtual time and judges each with the invariants of the simulator and with the checkers. */
export async function simulateSeeds(flags: Settings, context: Context): Promise<ExitCode> {
  const settings = await loadSettings(flags, registry, context);
  const seeds = read(settings, 'seeds', wholeNumber(1, 10_000_000), seedsDefault);
  const firstSeed = read(settings, 'seed', wholeNumber(0, seedMax - seeds), 1);
  const subject = chooseSubject(settings);
  using progress = simulationProgress(context.stderr, seeds, isOn(settings, 'quiet'));
  const report = await play({ ...subject, firstSeed, seeds, signal: context.signal, show: progress.show });
  progress[Symbol.dispose]();
  context.stdout.write(isOn(settings, 'json') ? jsonText(report) : renderReport(report));
  return context.signal.aborted ? exitCodes.interrupted : exitCodes[report.verdict];
}

/** What is simulated, but for the seed. */
interface Subject {
  readonly choice: RunChoice;
  readonly nemesis: string;
  readonly planFor: (seed: number) => Plan;
  readonly commandFor: (seed: number) => string;
}

function chooseSubject(settings: Settings): Subject {
  const nemesis = read(settings, 'nemesis', text, chaosName);
  const commandFor = (seed: number): string => simulateCommand(settings, simulateSettings(registry), seed);
  if (nemesis !== chaosName) {
    const choice = chooseRun(settings, registry);
    return { choice, nemesis, planFor: (seed) => planOf(choice, seed, settings), commandFor };
  }
  const choice = chooseRun(new Map([...settings].filter(([name]) => name !== 'nemesis')), registry);
  const planFor = (seed: number): Plan => {
    const { impl, workload, nodes, clients, opTimeoutMs, checkers, checkerLimits } = planOf(
      choice,
      seed,
      settings,
    );
    const given = {
      ...(settings.has('clients') ? { clients } : {}),
      ...(settings.has('op-timeout') ? { opTimeoutMs } : {}),
    };
    return schedulePlan({ seed, impl, workload, nodes }, { ...given, checkers, checkerLimits });
  };
  return { choice, nemesis, planFor, commandFor };
}

async function play(
  input: Subject & {
    readonly firstSeed: number;
    readonly seeds: number;
    readonly signal: AbortSignal;
    readonly show: (done: number, failures: number) => void;
  },
): Promise<SimulationReport> {
  const { choice, nemesis, planFor, commandFor, firstSeed, seeds, signal, show } = input;
  const { impl, workload } = choice;
  const startMs = monotonicMs();
  const makeMachine = await loadReplica(impl.layer);
  const judged = new Map<
    number,
    { readonly verdict: Verdict; readonly reason: string; readonly traceHash: string }
  >();
  const swept = await sweep({
    from: firstSeed,
    seeds,
    optionsOf: (seed): SimulationOptions => {
      const plan = planFor(seed);
      return {
        plan,
        layer: impl.layer,
        makeMachine,
        makeClient,
        clientMode: impl.clientMode(plan.impl.options),
        generator: workload.generator(plan.workload.options, makeRandom(seed).fork('workload')),
        nemeses: registry.nemeses,
        ...(nemesis === chaosName ? { chaos: chaosOfSeed(seed) } : {}),
      };
    },
    judge: (result, { plan }) => {
      const { verdict, reason } = judgeHere(recordOf(result, plan), nemesis === chaosName);
      judged.set(plan.seed, { verdict, reason, traceHash: result.traceHash });
      return verdict === 'invalid' ? [reason] : [];
    },
    onSchedule: show,
    signal,
  });
  for (const { seed, violations, traceHash } of swept.failures) {
    judged.set(seed, { verdict: 'invalid', reason: violations.join('; '), traceHash });
  }
  const count = (verdict: Verdict): number =>
    [...judged.values()].reduce((sum, one) => sum + (one.verdict === verdict ? 1 : 0), 0);
  const failures = [...judged].filter(([, { verdict }]) => verdict !== 'valid');
  const byGravity = [...failures].sort(([, a], [, b]) => a.verdict.localeCompare(b.verdict)); // invalid, unknown
  return {
    impl: impl.name,
    workload: workload.name,
    nemesis,
    nodes: defined(choice.nodes, 'number of nodes'),
    firstSeed,
    seeds: swept.schedules,
    verdict: combineVerdicts([...judged.values()].map(({ verdict }) => verdict)),
    verdicts: { valid: count('valid'), invalid: count('invalid'), unknown: count('unknown') },
    failures: byGravity.map(([seed, failure]) => ({ seed, ...failure, command: commandFor(seed) })),
    operations: { ok: swept.answered, info: swept.unanswered },
    views: swept.views,
    crashes: swept.crashes,
    virtualMs: Math.round(swept.virtualMs),
    wallMs: Math.round(monotonicMs() - startMs),
  };
}

/** The record of a simulation, as a run would have stored it. */
const recordOf = ({ history, trace }: SimulationResult, plan: Plan): RecordedRun => ({
  plan,
  history,
  trace,
  damage: { history: [], trace: [] },
});
