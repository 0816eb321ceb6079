// npm run sweep: real processes, every impl under every nemesis, a number of seeds each, workloads and options in turn. All must be valid
// and no process may be left. Takes some six seconds a run: 300 runs by default.
//   node scripts/sweep.mjs [--seeds=20] [--from=1] [--impls=passive,active,...] [--nemeses=partition,kill,...] [--duration=5s]
import { argument, orphans, run } from './cli.mjs';

const impls = argument('impls', 'passive,active,somersault').split(',');
const nemeses = argument('nemeses', 'partition,kill,crash:host,pause,slow').split(/,(?=[a-z]+(?::|,|$))/);
const workloads = argument('workloads', 'kv,register,queue,rpc,lock').split(',');
const seeds = Number(argument('seeds', '20'));
const from = Number(argument('from', '1'));
const duration = argument('duration', '5s');
/** Any two values of two options meet in one of these. */
const optionSets = {
  somersault: [
    '--logging=late --transfer=whole --nodes=3',
    '--logging=early --transfer=fuzzy --chunk=2 --nodes=3',
    '--logging=late --transfer=fuzzy --chunk=2 --nodes=5 --topology=chain',
    '--logging=early --transfer=whole --nodes=5 --topology=chain',
    '--logging=late --transfer=whole --nodes=5 --topology=fan-out',
    '--logging=early --transfer=fuzzy --chunk=2 --nodes=5 --topology=fan-out',
    '--logging=early --transfer=whole --nodes=3 --window=2 --resend=off',
    '--logging=late --transfer=fuzzy --chunk=2 --nodes=3 --service-time=1ms',
  ],
  'somersault:composed': [
    '--logging=late --transfer=whole',
    '--logging=early --transfer=fuzzy --chunk=2',
    '--logging=early --transfer=whole --window=2 --resend=off',
    '--logging=late --transfer=fuzzy --chunk=2',
  ],
};
const optionsOf = (impl, seed) => {
  const sets = optionSets[impl] ?? [''];
  return sets[seed % sets.length].split(' ').filter((option) => option !== '');
};
const outages = new Map();
const counts = { valid: 0, invalid: 0, unknown: 0, error: 0 };

for (const impl of impls) {
  for (const nemesis of nemeses) {
    const row = { valid: 0, other: [], outages: [] };
    for (let seed = from; seed < from + seeds; seed++) {
      const workload = workloads[seed % workloads.length];
      const args = [
        `--impl=${impl}`,
        `--nemesis=${nemesis}`,
        `--workload=${workload}`,
        `--seed=${seed}`,
        `--duration=${duration}`,
        ...optionsOf(impl, seed),
      ];
      const { verdict } = await run(args);
      counts[verdict.verdict]++;
      if (verdict.verdict === 'valid') row.valid++;
      else row.other.push(`ftcheck run ${args.join(' ')}: ${verdict.verdict}: ${verdict.reason}`);
      for (const { outageMs } of verdict.properties.failover?.outages ?? [])
        if (outageMs !== null) row.outages.push(outageMs);
      const left = orphans();
      if (left.length > 0) row.other.push(`seed ${seed} left processes ${left.join(', ')}`);
    }
    row.outages.sort((a, b) => a - b);
    outages.set(`${impl} ${nemesis}`, row.outages);
    const median = row.outages[row.outages.length >> 1];
    const longest = row.outages[row.outages.length - 1];
    const figures =
      median === undefined
        ? ''
        : `, ${row.outages.length} outages: median ${median.toFixed(0)} ms, longest ${longest.toFixed(0)} ms`;
    console.log(`${impl} ${nemesis}: ${row.valid} of ${seeds} valid${figures}`);
    for (const line of row.other) console.log(`  ${line}`);
  }
}
console.log(JSON.stringify(counts));
process.exitCode = counts.valid === impls.length * nemeses.length * seeds ? 0 : 1;
