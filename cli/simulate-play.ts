import { defined } from '../core/assert.ts';
import type { RecordedRun } from '../core/checker.ts';
import { slots } from '../core/ids.ts';
import type { Plan } from '../core/plan.ts';
import { makeRandom } from '../core/random.ts';
import { combineVerdicts } from '../core/verdict.ts';
import { monotonicMs } from '../harness/clock.ts';
import { makeClient } from '../impls/client.ts';
import { type MakeReplica, loadReplica } from '../impls/replica-registry.ts';
import { progressOf } from '../impls/sim/invariants.ts';
import { chaosOfSeed } from '../impls/sim/schedule.ts';
import type { SimulationOptions, SimulationResult } from '../impls/sim/simulate.ts';
import { sweep, type FailedSchedule } from '../impls/sim/sweep.ts';
import type { RunChoice } from './choose.ts';
import { judgeHere } from './judge-here.ts';
import { registry } from './registry.ts';
import type { ScheduleOutcome, SimulationReport } from './simulation-report.ts';

/** Faults of the simulator's own, in the place of a nemesis. */
export const chaosName = 'chaos';

/** What is simulated, but for the seed. */
export interface Subject {
  readonly choice: RunChoice;
  readonly nemesis: string;
  readonly planFor: (seed: number) => Plan;
  readonly commandFor: (seed: number) => string;
}

interface JudgedSchedule {
  readonly outcome: ScheduleOutcome;
  readonly reason: string;
  readonly traceHash: string;
}

/** Plays one schedule for each seed, and sums up what became of them. */
export async function playSchedules(
  input: Subject & {
    readonly firstSeed: number;
    readonly seeds: number;
    readonly signal: AbortSignal;
    readonly show: (done: number, failures: number) => void;
  },
): Promise<SimulationReport> {
  const { choice, nemesis, commandFor, firstSeed, seeds, signal, show } = input;
  const startMs = monotonicMs();
  const makeMachine = await loadReplica(choice.impl.layer);
  const judged = new Map<number, JudgedSchedule>();
  const swept = await sweep({
    from: firstSeed,
    seeds,
    optionsOf: (seed) => optionsOf(input, makeMachine, seed),
    judge: (result, { plan }) => {
      const schedule = judgeSchedule(result, plan, nemesis === chaosName);
      judged.set(plan.seed, schedule);
      return schedule.outcome === 'invalid' ? [schedule.reason] : [];
    },
    onSchedule: show,
    signal,
  });
  for (const failed of swept.failures)
    judged.set(failed.seed, withInvariants(failed, judged.get(failed.seed)));
  const count = (outcome: ScheduleOutcome): number =>
    [...judged.values()].reduce((sum, one) => sum + (one.outcome === outcome ? 1 : 0), 0);
  const verdicts = {
    valid: count('valid'),
    invalid: count('invalid'),
    unknown: count('unknown'),
    lost: count('lost'),
  };
  const ofOutcome = (outcome: ScheduleOutcome) => [...judged].filter(([, one]) => one.outcome === outcome);
  return {
    impl: choice.impl.name,
    workload: choice.workload.name,
    nemesis,
    nodes: defined(choice.nodes, 'number of nodes'),
    firstSeed,
    seeds: swept.schedules,
    verdict: verdicts.valid + verdicts.invalid === 0 ? 'unknown' : verdictOf(judged),
    verdicts,
    failures: [...ofOutcome('invalid'), ...ofOutcome('unknown')].map(([seed, failure]) => ({
      seed,
      ...failure,
      command: commandFor(seed),
    })),
    operations: { ok: swept.answered, info: swept.unanswered },
    views: swept.views,
    crashes: swept.crashes,
    virtualMs: Math.round(swept.virtualMs),
    wallMs: Math.round(monotonicMs() - startMs),
  };
}

const verdictOf = (judged: ReadonlyMap<number, JudgedSchedule>) =>
  combineVerdicts([...judged.values()].map(({ outcome }) => (outcome === 'lost' ? 'not-owed' : outcome)));

function optionsOf(
  { choice, nemesis, planFor }: Subject,
  makeMachine: MakeReplica,
  seed: number,
): SimulationOptions {
  const { impl, workload } = choice;
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
}

function judgeSchedule(result: SimulationResult, plan: Plan, isChaos: boolean): JudgedSchedule {
  const { verdict, reason } = judgeHere(recordOf(result, plan), isChaos);
  // A group without a majority answers no final reads, so that little can be said of it, and nothing was promised.
  const isLost =
    isChaos && verdict === 'unknown' && !progressOf(result, slots(plan.nodes), plan.impl.claims).isOwed;
  return { outcome: isLost ? 'lost' : verdict, reason, traceHash: result.traceHash };
}

const violationsShown = 3;

/** What checkers say comes first: they tell what clients saw. */
function withInvariants(
  { violations, traceHash }: FailedSchedule,
  schedule: JudgedSchedule | undefined,
): JudgedSchedule {
  const own = schedule?.outcome === 'invalid' ? [schedule.reason] : [];
  const others = violations.filter((violation) => !own.includes(violation));
  const shown = [...own, ...others.slice(0, violationsShown)].join('; ');
  const more = others.length - violationsShown;
  return { outcome: 'invalid', reason: more > 0 ? `${shown}; and ${more} more` : shown, traceHash };
}

/** The record of a simulation, as a run would have stored it. */
const recordOf = ({ history, trace }: SimulationResult, plan: Plan): RecordedRun => ({
  plan,
  history,
  trace,
  damage: { history: [], trace: [] },
});
