import type { Plan } from '../core/plan.ts';
import { exitCodes, type ExitCode } from '../core/errors.ts';
import { schedulePlan } from '../impls/sim/schedule.ts';
import { chooseRun, planOf } from './choose.ts';
import type { Context } from './context.ts';
import { loadSettings } from './load-settings.ts';
import { jsonText } from './output.ts';
import { registry } from './registry.ts';
import { simulateCommand } from './replay-command.ts';
import { seedMax, simulateSettings } from './run-settings.ts';
import { isOn, read, type Settings } from './settings.ts';
import { chaosName, playSchedules, type Subject } from './simulate-play.ts';
import { renderReport, simulationProgress } from './simulation-report.ts';
import { text, wholeNumber } from './values.ts';

const seedsDefault = 100;

/** Plays one schedule for each seed in virtual time and judges each with the invariants of the simulator and with the checkers. */
export async function simulateSeeds(flags: Settings, context: Context): Promise<ExitCode> {
  const settings = await loadSettings(flags, registry, context);
  const seeds = read(settings, 'seeds', wholeNumber(1, 10_000_000), seedsDefault);
  const firstSeed = read(settings, 'seed', wholeNumber(0, seedMax - seeds), 1);
  const subject = chooseSubject(settings);
  using progress = simulationProgress(context.stderr, seeds, isOn(settings, 'quiet'));
  const { signal } = context;
  const report = await playSchedules({ ...subject, firstSeed, seeds, signal, show: progress.show });
  progress[Symbol.dispose]();
  context.stdout.write(isOn(settings, 'json') ? jsonText(report) : renderReport(report));
  return signal.aborted ? exitCodes.interrupted : exitCodes[report.verdict];
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
    const plan = planOf(choice, seed, settings);
    const { impl, workload, nodes, clients, opTimeoutMs, timing, serviceMs, checkers, checkerLimits } = plan;
    const given = {
      ...(settings.has('clients') ? { clients } : {}),
      ...(settings.has('op-timeout') ? { opTimeoutMs } : {}),
    };
    return schedulePlan(
      { seed, impl, workload, nodes },
      { ...given, timing, serviceMs, checkers, checkerLimits },
    );
  };
  return { choice, nemesis, planFor, commandFor };
}
