// npm run roles-in-turn: a member of each role is killed in turn, the next as soon as the group is at full strength again, in one run. The run
// must be valid, and every kill must have happened. Some 75 s by default; every other flag is one of `ftcheck run`.
//   node scripts/roles-in-turn.mjs [--kills=50] [--impl=somersault] [--workload=rpc] [--seed=1] [--logging=early ...]
import { argument, orphans, run } from './cli.mjs';

const kills = Number(argument('kills', '50'));
const own = ['--kills='];
const defaults = {
  impl: 'somersault',
  workload: 'rpc',
  seed: '1',
  nemesis: 'kill:in-turn',
  duration: `${Math.ceil(1.5 * kills + 2)}s`,
  'checker-time': '2m',
};
const given = process.argv.slice(2).filter((arg) => !own.some((name) => arg.startsWith(name)));
const isGiven = (name) => given.some((arg) => arg.startsWith(`--${name}=`));
const flags = [
  ...Object.entries(defaults)
    .filter(([name]) => !isGiven(name))
    .map(([name, value]) => `--${name}=${value}`),
  ...given,
  `--faults=${kills}`,
];
const { verdict } = await run(flags);
console.log(`ftcheck run ${flags.join(' ')}`);
console.log(`${verdict.verdict}: ${verdict.reason}`);

const outages = verdict.properties.failover?.outages ?? [];
for (const name of new Set(outages.map(({ fault }) => fault))) {
  const some = outages.filter(({ fault }) => fault === name);
  const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1]?.toFixed(0) ?? '-';
  const longest = Math.max(...some.map(({ outageMs }) => outageMs ?? Infinity));
  console.log(
    `${name}: ${some.length} times, outage median ${middle(some.map(({ outageMs }) => outageMs ?? Infinity))} ms, longest ${longest.toFixed(0)} ms, ` +
      `full strength after ${middle(some.map(({ phases }) => phases.fullStrengthMs ?? Infinity))} ms`,
  );
}
const left = orphans();
if (left.length > 0) console.log(`left processes ${left.join(', ')}`);
if (outages.length !== kills) console.log(`${outages.length} of ${kills} kills took effect`);
process.exitCode = verdict.verdict === 'valid' && outages.length === kills && left.length === 0 ? 0 : 1;
