import { cpus } from 'node:os';
import type { RecordedRun } from '../core/checker.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { combineVerdicts, type PropertyResult, type Verdict } from '../core/verdict.ts';
import { version } from '../core/version.ts';
import { costOf } from './cost.ts';
import { faultsOf } from './faults.ts';
import { loadOf } from './load.ts';
import { resourcesOf } from './resources.ts';
import { judgeSlo, parseSlo, type SloResult } from './slo.ts';
import { rounded } from './statistics.ts';
import type { VerdictFile } from './verdict-schema.ts';

/** What verdict.json is made from. */
export interface VerdictInput {
  readonly run: RecordedRun;
  /** What the checkers said, by name, in the order in which they are shown. */
  readonly properties: Readonly<Record<string, PropertyResult>>;
  readonly withinClaim: boolean | null;
  /** Milliseconds that each checker took; null where they did not come to their end. */
  readonly checkersMs: Readonly<Record<string, number>> | null;
  readonly interrupted: string | null;
  /** What broke in ftcheck itself or around it, if anything did. */
  readonly trouble: string | null;
  readonly wallMs: number | null;
  readonly date: Date;
  readonly runDir: string;
  readonly command: string;
}

/** Above this, delays of the harness may be what clients measured: figures of time are then no finding about the system. */
const lagMsTrusted = 100;

export function verdictFileOf(input: VerdictInput): VerdictFile {
  const { run, withinClaim, interrupted, trouble } = input;
  const { plan } = run;
  const { tolerates, outageMsMax, text } = plan.impl.claims;
  const load = loadOf(run.history, run.trace);
  const lagMsMax = lagOf(run);
  const outages = outagesOf(input.properties['failover']);
  const slos = plan.slos.map((slo) =>
    judgeSlo(parseSlo(slo, 'plan.json'), {
      outagesMs: outages.map(({ outageMs }) => outageMs),
      latenciesMs: load.latenciesMs,
      opsPerSecond: load.throughput.opsPerSecond,
      distrust: distrustOf(lagMsMax),
    }),
  );
  const results = { ...input.properties, ...sloProperty(slos) };
  const verdict = overall(results, trouble, interrupted);
  return {
    format: 'ftcheck-verdict-1',
    verdict,
    reason: reasonOf({ verdict, results, trouble, interrupted, nemesis: plan.nemesis, impl: plan.impl.name }),
    seed: plan.seed,
    impl: plan.impl.name,
    implOptions: { ...plan.impl.options },
    workload: plan.workload.name,
    workloadOptions: { ...plan.workload.options },
    nemesis: plan.nemesis,
    nodes: plan.nodes,
    clients: plan.clients,
    pinned: plan.pinned,
    rate: plan.rate,
    withinClaim,
    claim: { tolerates, outageMsMax, text },
    operations: { ...load.operations, byKind: load.operationsByKind },
    properties: propertiesOf(results, outages),
    latency: load.latency,
    throughput: load.throughput,
    cost: costOf(run.trace, load.okUnderLoad),
    resources: resourcesOf(run.trace),
    goals: goalsOf(input.properties['vacuity']),
    faults: faultsOf(run.trace).map((fault) => ({
      ...fault,
      impaired: [...fault.impaired],
      evidence: [...fault.evidence],
    })),
    slos,
    harness: {
      interrupted,
      trouble,
      lagMsMax,
      checkersMs: roundedAll(input.checkersMs),
      damage: [...run.damage.history, ...run.damage.trace],
    },
    environment: {
      ftcheck: version,
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
      cpus: cpus().length,
      date: input.date.toISOString(),
    },
    durationMs: plan.phases.warmUpMs + plan.phases.faultsMs + plan.phases.settleMs,
    wallMs: input.wallMs === null ? null : rounded(input.wallMs),
    runDir: input.runDir,
    command: input.command,
  };
}

const roundedAll = (times: Readonly<Record<string, number>> | null): Record<string, number> | null =>
  times === null ? null : Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, rounded(ms)]));

/** A record that ends too early proves no validity; what it proves invalid stays so. */
function overall(
  results: Readonly<Record<string, PropertyResult>>,
  trouble: string | null,
  interrupted: string | null,
): Verdict {
  const cutShort: readonly Verdict[] = trouble === null && interrupted === null ? [] : ['unknown'];
  return combineVerdicts([...Object.values(results).map(({ verdict }) => verdict), ...cutShort]);
}

function reasonOf(input: {
  readonly verdict: Verdict;
  readonly results: Readonly<Record<string, PropertyResult>>;
  readonly trouble: string | null;
  readonly interrupted: string | null;
  readonly nemesis: string;
  readonly impl: string;
}): string {
  const { verdict, results, trouble, interrupted, nemesis, impl } = input;
  if (verdict === 'unknown' && trouble !== null) return `the run did not come to its end: ${trouble}`;
  if (verdict === 'unknown' && interrupted !== null) return `interrupted by ${interrupted} before the end`;
  const guilty = Object.entries(results).find(([, result]) => result.verdict === verdict);
  if (verdict !== 'valid') return guilty === undefined ? '' : `${guilty[0]}: ${guilty[1].reason}`;
  const judged = Object.values(results).filter((result) => result.verdict === 'valid').length;
  if (nemesis === 'none') {
    return `${judged} properties of ${impl} held while nothing was broken, which proves nothing about faults`;
  }
  return `${judged} properties of ${impl} held under ${nemesis}`;
}

function sloProperty(slos: readonly SloResult[]): Readonly<Record<string, PropertyResult>> {
  if (slos.length === 0) return {};
  const verdict = combineVerdicts(slos.map((slo) => slo.verdict));
  const reason = slos
    .filter((slo) => slo.verdict === verdict)
    .map((slo) => slo.reason)
    .join('; ');
  return { slo: { verdict, reason } };
}

type Outages = NonNullable<VerdictFile['properties']['failover']>['outages'];

function propertiesOf(
  results: Readonly<Record<string, PropertyResult>>,
  outages: Outages,
): VerdictFile['properties'] {
  const { failover, ...others } = results;
  const flat = ({ verdict, reason, details }: PropertyResult) => ({ ...details, verdict, reason });
  return {
    ...Object.fromEntries(Object.entries(others).map(([name, result]) => [name, flat(result)])),
    ...(failover === undefined ? {} : { failover: { ...flat(failover), outages } }),
  };
}

const objectsIn = (details: JsonObject | undefined, name: string): readonly JsonObject[] => {
  const list = details?.[name];
  return Array.isArray(list) ? list.filter((item: Json) => isJsonObject(item)) : [];
};

function outagesOf(failover: PropertyResult | undefined): Outages {
  return objectsIn(failover?.details, 'outages').map((outage) => {
    const phases = isJsonObject(outage['phases']) ? outage['phases'] : {};
    return {
      ...outage,
      id: textOf(outage['id']),
      fault: textOf(outage['fault']),
      target: textOf(outage['target']),
      outageMs: numberOf(outage['outageMs']),
      phases: {
        detectMs: numberOf(phases['detectMs']),
        agreeMs: numberOf(phases['agreeMs']),
        recoverMs: numberOf(phases['recoverMs']),
        fullStrengthMs: numberOf(phases['fullStrengthMs']),
      },
      judged: outage['judged'] === true,
    };
  });
}

function goalsOf(vacuity: PropertyResult | undefined): VerdictFile['goals'] {
  return objectsIn(vacuity?.details, 'goals').map(({ name, required, reached, count, minimum }) => ({
    name: textOf(name),
    required: required === true,
    reached: reached === true,
    count: numberOf(count) ?? 0,
    minimum: numberOf(minimum) ?? 0,
  }));
}

const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const numberOf = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null);

function lagOf(run: RecordedRun): number | null {
  const lags = run.trace
    .filter((event) => event.event === 'lag' && event.node === 'harness')
    .map((event) => event['maxMs'])
    .filter((maxMs) => typeof maxMs === 'number');
  return lags.length === 0 ? null : rounded(Math.max(...lags));
}

const distrustOf = (lagMsMax: number | null): string | null =>
  lagMsMax === null || lagMsMax <= lagMsTrusted
    ? null
    : `ftcheck's own event loop ran ${Math.round(lagMsMax)} ms late (more than ${lagMsTrusted}), so times measured here may not be the system's own`;
