import { assert } from '../core/assert.ts';
import { UsageError } from '../core/errors.ts';
import type { PlannedFault } from '../core/fault.ts';
import { slots } from '../core/ids.ts';
import type { Impl } from '../core/impl.ts';
import type { JsonObject } from '../core/json.ts';
import type { TimingProfile } from '../core/machine.ts';
import type { Plan } from '../core/plan.ts';
import { makeRandom, type Random } from '../core/random.ts';
import { type Millis, millis } from '../core/units.ts';
import { version } from '../core/version.ts';
import type { Workload } from '../core/workload.ts';
import type { NemesisChoice } from './nemesis-spec.ts';
import { type Window, windowsByNemesis } from './windows.ts';

/** What a run is made from when the user says nothing else. */
export const planDefaults = {
  nodes: 3,
  clients: 5,
  durationMs: 5000,
  opTimeoutMs: 1000,
  timing: 'default',
  serviceMs: 0,
  finalReadsMs: 2000,
  checkerLimits: { timeMs: millis(30_000), memoryMb: 1024 },
} as const;

const nodesMax = 9;
const clientsMax = 1000;
const durationMsMin = 1000;
/** Longer executions than this leave a run nothing to judge. */
export const serviceMsMax = 60_000;

/** What `makePlan` decides from; whatever is left out is as `planDefaults` says. */
export interface PlanInput {
  readonly impl: Impl;
  readonly implOptions?: JsonObject;
  readonly workload: Workload;
  readonly workloadOptions?: JsonObject;
  /** As the user gave it, and what `parseNemesisSpec` made of it. */
  readonly nemesis: string;
  readonly choices: readonly NemesisChoice[];
  readonly seed: number;
  readonly nodes?: number;
  readonly clients?: number;
  readonly rate?: number | null;
  readonly pinned?: boolean;
  /** How many, over all nemeses; null: as many as the phase of faults has time for. */
  readonly faults?: number | null;
  /** Warm-up, faults and settling together; the final reads come after. */
  readonly durationMs?: number;
  readonly opTimeoutMs?: number;
  readonly timing?: TimingProfile;
  readonly serviceMs?: number;
  readonly checkerLimits?: Plan['checkerLimits'];
  readonly slos?: readonly string[];
}

/** Decides everything about a run but its interleavings: equal input, equal plan. Throws UsageError on numbers that make no run. */
export function makePlan(input: PlanInput): Plan {
  const { impl, workload, seed, timing = planDefaults.timing } = input;
  const implOptions = input.implOptions ?? {};
  const nodes = whole('--nodes', input.nodes ?? nodesByDefault(impl, implOptions), 1, nodesMax);
  refuseNodes(impl, nodes, implOptions);
  const durationMs = whole(
    '--duration (ms)',
    input.durationMs ?? planDefaults.durationMs,
    durationMsMin,
    86_400_000,
  );
  const phases = phasesOf(durationMs);
  return {
    format: 'ftcheck-plan-1',
    version,
    seed: whole('--seed', seed, 0, Number.MAX_SAFE_INTEGER),
    impl: { name: impl.name, options: implOptions, claims: impl.claims(nodes, implOptions, timing) },
    workload: {
      name: workload.name,
      options: input.workloadOptions ?? {},
      model: workload.model,
      app: workload.app,
    },
    nemesis: input.nemesis,
    nodes,
    clients: whole('--clients', input.clients ?? planDefaults.clients, 1, clientsMax),
    rate: rateOf(input.rate ?? null),
    pinned: input.pinned ?? true,
    opTimeoutMs: millis(input.opTimeoutMs ?? planDefaults.opTimeoutMs),
    timing,
    serviceMs: serviceMsOf(input.serviceMs ?? planDefaults.serviceMs),
    phases,
    faults: faultsOf(input, nodes, phases.faultsMs),
    checkers: [
      ...new Set([
        'well-formed',
        ...workload.checkers,
        'group',
        'mirroring',
        'processes',
        'failover',
        'liveness',
        'vacuity',
      ]),
    ],
    checkerLimits: input.checkerLimits ?? planDefaults.checkerLimits,
    slos: input.slos ?? [],
  };
}

/** How many nodes an impl runs with where nobody says otherwise. */
export const nodesByDefault = (impl: Impl, options: JsonObject): number =>
  impl.nodesFor?.(options) ?? impl.nodesDefault ?? planDefaults.nodes;

function refuseNodes(impl: Impl, nodes: number, options: JsonObject): void {
  if (impl.nodesMax !== undefined && nodes > impl.nodesMax) {
    throw new UsageError(`--nodes: ${impl.name} runs on at most ${impl.nodesMax}, not on ${nodes}`);
  }
  const wrong = impl.check?.(nodes, options) ?? null;
  if (wrong !== null) throw new UsageError(wrong);
}

/** How long a plan says that its run lasts, launch and final reads apart. */
export const nominalMs = ({ phases }: Plan): number => phases.warmUpMs + phases.faultsMs + phases.settleMs;

function phasesOf(durationMs: number): Plan['phases'] {
  const warmUpMs = Math.min(500, Math.round(durationMs * 0.1));
  const settleMs = Math.min(1500, Math.round(durationMs * 0.24));
  return {
    warmUpMs: millis(warmUpMs),
    faultsMs: millis(durationMs - warmUpMs - settleMs),
    settleMs: millis(settleMs),
    finalReadsMs: millis(planDefaults.finalReadsMs),
  };
}

function faultsOf(input: PlanInput, nodes: number, faultsMs: number): readonly PlannedFault[] {
  const choices = input.choices.filter(({ nemesis }) => nemesis.class !== 'none');
  const random = makeRandom(input.seed).fork('plan');
  const minority = Math.floor((nodes - 1) / 2);
  const impairs = choices.map(({ nemesis, variants }) => nemesis.impairs?.(variants, nodes) ?? minority);
  const windows = windowsByNemesis({
    count: choices.length,
    faultsMs,
    faults: input.faults ?? null,
    mayOverlap: (one, other) => (impairs[one] ?? nodes) + (impairs[other] ?? nodes) <= minority,
    random: random.fork('windows'),
  });
  return choices
    .flatMap((choice, i) =>
      scheduled(
        choice,
        input.impl.roles,
        nodes,
        windows[i] ?? [],
        random.fork(`nemesis/${i}/${choice.nemesis.name}`),
      ),
    )
    .sort((a, b) => a.atMs - b.atMs)
    .map((fault, i) => {
      assert(
        fault.atMs >= 0 && fault.atMs + fault.forMs <= faultsMs,
        `${fault.name} lies inside the phase of faults`,
      );
      return { id: `f${i + 1}`, ...fault };
    });
}

function scheduled(
  { nemesis, variants }: NemesisChoice,
  roles: readonly string[],
  nodes: number,
  windows: readonly Window[],
  random: Random,
): readonly Omit<PlannedFault, 'id'>[] {
  return nemesis
    .schedule({ slots: slots(nodes), roles, windows, random, variants })
    .map((fault) => ({ ...fault, nemesis: nemesis.name, class: nemesis.class }));
}

function whole(flag: string, value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`${flag} ${value}: must be a whole number from ${min} to ${max}`);
}

function serviceMsOf(value: number): Millis {
  if (Number.isFinite(value) && value >= 0 && value <= serviceMsMax) return millis(value);
  throw new UsageError(`--service-time (ms) ${value}: must be a number from 0 to ${serviceMsMax}`);
}

function rateOf(rate: number | null): number | null {
  if (rate === null || (Number.isFinite(rate) && rate > 0 && rate <= 100_000)) return rate;
  throw new UsageError(`--rate ${rate}: must be a number of operations a second, above 0 and at most 100000`);
}
