import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { FtcheckError, UsageError } from '../core/errors.ts';
import { parsePlan } from '../core/parse-run.ts';
import type { Plan } from '../core/plan.ts';
import { parseSlo } from '../results/slo.ts';
import type { Registry } from './registry.ts';
import { noSuch } from './suggest.ts';

/** A stored plan, as the user named it. */
export function readPlan(path: string, cwd: string): Plan {
  let source: string;
  try {
    source = readFileSync(resolve(cwd, path), 'utf8');
  } catch (cause) {
    throw new FtcheckError(`--plan ${path}: cannot read it`, { cause, exitCode: 254 });
  }
  return parsePlan(source, path);
}

/** A plan to be played needs its plug-ins here, and numbers that make a run; one that was played elsewhere can be judged without. */
export function refuseUnplayable(plan: Plan, registry: Registry, path: string): void {
  const known = [
    ['impl', plan.impl.name, registry.impls],
    ['workload', plan.workload.name, registry.workloads],
    ...plan.faults.map(({ nemesis }) => ['nemesis', nemesis, registry.nemeses] as const),
  ] as const;
  for (const [what, name, choices] of known) {
    if (!Object.hasOwn(choices, name))
      throw new UsageError(`${path}: ${noSuch(what, name, Object.keys(choices))}`);
  }
  if (plan.nodes > 9) throw new UsageError(`${path}: nodes: ${plan.nodes}; a run has 1 to 9`);
  if (plan.clients < 1) throw new UsageError(`${path}: clients: ${plan.clients}; a run has at least 1`);
  for (const slo of plan.slos) parseSlo(slo, `${path}: slos`);
}
