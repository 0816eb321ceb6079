import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { FtcheckError, UsageError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import type { Plan } from '../core/plan.ts';
import { millis } from '../core/units.ts';
import type { Registry } from './registry.ts';
import { noSuch } from './suggest.ts';

const ms = z.number().min(0).transform(millis);
const options = z.record(z.string(), z.json()).transform((value): JsonObject => value);
const faultClass = z.enum(['crash', 'crash-pause', 'omission', 'timing', 'response', 'none']);

const planSchema = z.strictObject({
  format: z.literal('ftcheck-plan-1'),
  version: z.string(),
  seed: z.int().min(0),
  impl: z.strictObject({
    name: z.string(),
    options,
    claims: z.strictObject({ tolerates: z.enum(['majority', 'none']), outageMsMax: ms, text: z.string() }),
  }),
  workload: z.strictObject({ name: z.string(), options, model: z.string(), app: z.string() }),
  nemesis: z.string(),
  nodes: z.int().min(1).max(9),
  clients: z.int().min(1).max(1000),
  rate: z.number().positive().nullable(),
  pinned: z.boolean(),
  opTimeoutMs: ms,
  phases: z.strictObject({ warmUpMs: ms, faultsMs: ms, settleMs: ms, finalReadsMs: ms }),
  faults: z.array(
    z.strictObject({
      id: z.string(),
      nemesis: z.string(),
      name: z.string(),
      class: faultClass,
      atMs: ms,
      forMs: ms,
      target: z.string(),
      options,
    }),
  ),
  checkers: z.array(z.string()),
  checkerLimits: z.strictObject({ timeMs: ms, memoryMb: z.number().positive() }),
  slos: z.array(z.string()),
});

/** A stored plan; `place` is what the user wrote: `--plan plan.json`. Errors name the field. */
export function readPlan(path: string, place: string): Plan {
  let source: unknown;
  try {
    source = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    if (cause instanceof SyntaxError) throw new UsageError(`${place}: not JSON: ${cause.message}`);
    throw new FtcheckError(`${place}: cannot read it`, { cause, exitCode: 254 });
  }
  const result = planSchema.safeParse(source);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue === undefined || issue.path.length === 0 ? 'the whole' : issue.path.join('.');
  throw new UsageError(`${place}: no plan of ftcheck: ${field}: ${issue?.message ?? 'wrong'}`);
}

/** A plan to be played needs its plug-ins here; one that was played elsewhere can be judged without. */
export function refuseUnknownPlugIns(plan: Plan, registry: Registry, place: string): void {
  const known = [
    ['impl', plan.impl.name, registry.impls],
    ['workload', plan.workload.name, registry.workloads],
    ...plan.faults.map(({ nemesis }) => ['nemesis', nemesis, registry.nemeses] as const),
  ] as const;
  for (const [what, name, choices] of known) {
    if (!Object.hasOwn(choices, name))
      throw new UsageError(`${place}: ${noSuch(what, name, Object.keys(choices))}`);
  }
}
