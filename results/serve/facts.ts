import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { countText, msText } from '../units-text.ts';
import type { StoredRun } from './stored-runs.ts';

/** One figure of a run; null: it does not have it. */
export interface Fact {
  readonly group: string;
  readonly name: string;
  readonly text: string | null;
  /** For a ratio. */
  readonly value: number | null;
}

/** What of verdict.json is worth a line, for whatever version wrote it. Every run gives the same groups, in the same order. */
export function factsOf({ verdict, state }: StoredRun): readonly Fact[] {
  const at = (...path: readonly string[]): Json | undefined => valueAt(verdict ?? {}, path);
  const text = (group: string, name: string, ...path: readonly string[]): Fact => {
    const value = at(...path);
    const isShown = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    return { group, name, text: isShown ? String(value) : null, value: null };
  };
  const figure = (
    group: string,
    name: string,
    write: (value: number) => string,
    value: Json | undefined,
  ): Fact =>
    typeof value === 'number'
      ? { group, name, text: write(value), value }
      : { group, name, text: null, value: null };
  const latency = (name: string): Fact => figure('Latency', name, msText, at('latency', `${name}Ms`));
  const whole = (value: number): string => countText(Math.round(value));
  return [
    { group: 'Verdict', name: 'verdict', text: state, value: null },
    ...properties(at('properties')),
    text('Asked', 'impl', 'impl'),
    { group: 'Asked', name: 'options', text: optionsText(at('implOptions')), value: null },
    text('Asked', 'workload', 'workload'),
    text('Asked', 'nemesis', 'nemesis'),
    text('Asked', 'nodes', 'nodes'),
    text('Asked', 'clients', 'clients'),
    text('Asked', 'seed', 'seed'),
    figure('Throughput', 'ok operations/s', whole, at('throughput', 'opsPerSecond')),
    figure('Throughput', 'ok', whole, at('operations', 'ok')),
    figure('Throughput', 'fail', whole, at('operations', 'fail')),
    figure('Throughput', 'info', whole, at('operations', 'info')),
    ...['p50', 'p90', 'p99', 'max'].map(latency),
    ...outages(at('properties', 'failover', 'outages')),
    figure(
      'Cost',
      'messages for each operation',
      (value) => value.toFixed(1),
      at('cost', 'messagesPerOperation'),
    ),
    figure('Cost', 'bytes for each operation', whole, at('cost', 'bytesPerOperation')),
    figure('Cost', 'CPU of all nodes', msText, cpuMs(at('resources', 'nodes'))),
    figure('Harness', 'event loop late by at most', msText, at('harness', 'lagMsMax')),
  ];
}

function valueAt(from: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = from;
  for (const name of path) value = isJsonObject(value) ? value[name] : undefined;
  return value;
}

function properties(given: Json | undefined): Fact[] {
  if (!isJsonObject(given)) return [];
  return Object.entries(given).map(([name, property]) => {
    const verdict = isJsonObject(property) ? property['verdict'] : undefined;
    return { group: 'Verdict', name, text: typeof verdict === 'string' ? verdict : null, value: null };
  });
}

function optionsText(given: Json | undefined): string | null {
  if (!isJsonObject(given)) return null;
  const options = Object.entries(given).map(
    ([name, value]) => `${name}=${JSON.stringify(value).replaceAll('"', '')}`,
  );
  return options.join(', ') || 'none';
}

function outages(given: Json | undefined): Fact[] {
  const list = isJsonList(given) ? given.filter((one) => isJsonObject(one)) : [];
  const lengths = list.flatMap(({ outageMs }) => (typeof outageMs === 'number' ? [outageMs] : []));
  const unended = list.length - lengths.length;
  const figure = (name: string, value: number | null): Fact => ({
    group: 'Outages',
    name,
    text: value === null ? null : msText(value),
    value,
  });
  const sum = lengths.reduce((total, ms) => total + ms, 0);
  return [
    { group: 'Outages', name: 'faults', text: String(list.length), value: null },
    figure('mean', lengths.length === 0 ? null : sum / lengths.length),
    figure('longest', lengths.length === 0 ? null : Math.max(...lengths)),
    { group: 'Outages', name: 'without an end', text: String(unended), value: null },
  ];
}

function cpuMs(nodes: Json | undefined): number | undefined {
  if (!isJsonObject(nodes)) return undefined;
  const times = Object.values(nodes).flatMap((node) => {
    const ms = isJsonObject(node) ? node['cpuMs'] : undefined;
    return typeof ms === 'number' ? [ms] : [];
  });
  return times.length === 0 ? undefined : times.reduce((total, ms) => total + ms, 0);
}
