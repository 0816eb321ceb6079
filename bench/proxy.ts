/**
 * What a link proxy costs: 64-byte frames to an echo server and back, directly, through HAProxy, through a link proxy in a process of its own
 * (as HAProxy is), and through one in the clients' process (as in a run). All in turn within each round, compared within the round.
 */
import { Haproxy, haproxyVersion } from './haproxy.ts';
import { median, shown } from './numbers.ts';
import { benchOptions } from './options.ts';
import { ProxyChild } from './proxy-child.ts';
import { loadResult, type LoadOrder, type LoadResult } from './proxy-messages.ts';
import { circumstances, note, publish, table } from './report.ts';

const script = 'bench:proxy';
const warmUpMs = 300;
const loads = [
  { connections: 1, inFlight: 1 },
  { connections: 10, inFlight: 1 },
  { connections: 100, inFlight: 1 },
  { connections: 10, inFlight: 16 },
] as const;
type Load = (typeof loads)[number];
const pathNames = ['direct', 'HAProxy', 'link proxy', 'link proxy inside'] as const;
type PathName = (typeof pathNames)[number];
type Path = Pick<LoadOrder, 'port' | 'isProxiedInside'>;

/** What each path did under one load in one round. */
type Round = ReadonlyMap<PathName, LoadResult>;

async function measure(
  generator: ProxyChild,
  path: Path,
  load: Load,
  measureMs: number,
): Promise<LoadResult> {
  generator.send({ ...path, ...load, warmUpMs, measureMs } satisfies LoadOrder);
  return loadResult.parse(await generator.receive());
}

/** Of one load over all rounds: a figure of each path, and how the last three stand to what they are compared with. */
class Comparison {
  private readonly rounds: readonly Round[];
  private readonly figure: (result: LoadResult) => number;

  constructor(rounds: readonly Round[], figure: (result: LoadResult) => number) {
    this.rounds = rounds;
    this.figure = figure;
  }

  median(name: PathName): number {
    return median(this.rounds.map((round) => this.of(round, name)));
  }

  /** The median over rounds of `combine(one, other)`, both from the same round. */
  compared(one: PathName, other: PathName, combine: (one: number, other: number) => number): number {
    return median(this.rounds.map((round) => combine(this.of(round, one), this.of(round, other))));
  }

  private of(round: Round, name: PathName): number {
    const result = round.get(name);
    return result === undefined ? NaN : this.figure(result);
  }
}

function latencyRows(rounds: readonly Round[]): string[][] {
  const p50 = new Comparison(rounds, ({ p50Us }) => p50Us ?? NaN);
  const p99 = new Comparison(rounds, ({ p99Us }) => p99Us ?? NaN);
  const minus = (one: number, other: number): number => one - other;
  const row = (name: string, cell: (path: PathName) => number): string[] => [
    name,
    ...pathNames.map((path) => shown(cell(path), 1)),
    '',
    '',
  ];
  return [
    row('round trip, 1 connection: p50, µs', (path) => p50.median(path)),
    row('p99, µs', (path) => p99.median(path)),
    row('added to direct at p50, µs', (path) => p50.compared(path, 'direct', minus)),
  ];
}

function throughputRow({ connections, inFlight }: Load, rounds: readonly Round[]): string[] {
  const frames = new Comparison(rounds, ({ framesPerSecond }) => framesPerSecond);
  const over = (one: number, other: number): number => one / other;
  return [
    `frames/s, ${connections} connections, ${inFlight} in flight`,
    ...pathNames.map((path) => shown(frames.median(path))),
    shown(frames.compared('link proxy', 'HAProxy', over), 2),
    shown(frames.compared('link proxy inside', 'HAProxy', over), 2),
  ];
}

const options = benchOptions({ rounds: 7, seconds: 1 });
const header = circumstances(script, options);
const anchor = haproxyVersion();
await using echo = new ProxyChild('proxy-echo-main');
const echoPort = await echo.port();
await using link = new ProxyChild('proxy-link-main', [String(echoPort)]);
await using generator = new ProxyChild('proxy-load-main');
await using haproxy = anchor === null ? null : await Haproxy.listen(echoPort);
const paths = new Map<PathName, Path>([
  ['direct', { port: echoPort, isProxiedInside: false }],
  ['link proxy', { port: await link.port(), isProxiedInside: false }],
  ['link proxy inside', { port: echoPort, isProxiedInside: true }],
]);
if (haproxy !== null) paths.set('HAProxy', { port: haproxy.port, isProxiedInside: false });

const rounds = new Map<Load, Round[]>(loads.map((load) => [load, []]));
for (let round = 1; round <= options.rounds; round++) {
  for (const load of loads) {
    const results = new Map<PathName, LoadResult>();
    for (const [name, path] of paths) {
      results.set(name, await measure(generator, path, load, options.seconds * 1000));
    }
    rounds.get(load)?.push(results);
    const figures = [...results].map(([name, { framesPerSecond }]) => `${name} ${shown(framesPerSecond)}`);
    note(`round ${round}: ${load.connections} x ${load.inFlight}: frames/s: ${figures.join(', ')}`);
  }
}

const head = ['64-byte frames, there and back', ...pathNames, 'link/HAProxy', 'inside/HAProxy'];
const [single, ...many] = loads;
publish(
  script,
  options,
  [
    header,
    `- anchor: ${anchor === null ? 'HAProxy is not installed (Debian: apt-get install haproxy)' : `${anchor}, tcp mode, 1 thread`}`,
    '- goals: at most 25 µs added at p50, at least 0.75 of HAProxy. Medians over the rounds; differences and ratios are taken within a round',
    '',
    table([
      head,
      ...latencyRows(rounds.get(single) ?? []),
      ...many.map((load) => throughputRow(load, rounds.get(load) ?? [])),
    ]),
  ].join('\n'),
);
