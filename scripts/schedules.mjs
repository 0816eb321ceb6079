// npm run schedules: schedules of chaos in virtual time by the thousand, over all options of an impl; each batch draws its options by its
// number. None may be invalid.
//   node scripts/schedules.mjs [--schedules=10000] [--batch=50] [--from=1] [--jobs=2] [--impls=somersault,somersault:composed]
import { argument, ftcheck } from './cli.mjs';

const schedules = Number(argument('schedules', '10000'));
const batch = Number(argument('batch', '50'));
const from = Number(argument('from', '1'));
const jobs = Number(argument('jobs', '2'));
const impls = argument('impls', 'somersault,somersault,somersault:composed').split(',');

const units = {
  logging: ['late', 'early'],
  transfer: ['whole', 'fuzzy'],
  chunk: [1, 2, 64],
  window: [64, 4, 1],
  resend: ['on', 'off'],
};
const axes = {
  passive: { nodes: [3, 3, 5], acks: ['majority', 'all'], requests: ['multicast', 'primary'] },
  active: { nodes: [3, 3, 5] },
  somersault: { ...units, nodes: [3, 3, 5], topology: ['chain', 'fan-out'] },
  'somersault:composed': { ...units, nodes: [6] },
};
const common = {
  workload: ['kv', 'rpc', 'queue', 'lock', 'register'],
  timing: ['default', 'default', 'fast'],
  'service-time': ['0ms', '0ms', '3ms'],
};

/** The nth batch's choice on each axis: a small hash, so that the axes vary apart from each other. */
function drawn(n, name, values) {
  let x = n * 0x9e3779b1;
  for (const letter of name) x = Math.imul(x ^ letter.charCodeAt(0), 0x01000193);
  x ^= x >>> 15;
  x = Math.imul(x, 0x2c1b3c6d);
  x ^= x >>> 13;
  return values[(x >>> 0) % values.length];
}

const totals = { valid: 0, invalid: 0, unknown: 0, lost: 0 };
const sums = { views: 0, crashes: 0 };
let next = 0;
const batches = Math.ceil(schedules / batch);

async function work() {
  while (next < batches) {
    const n = next++;
    const impl = impls[n % impls.length];
    const options = Object.entries({ ...axes[impl], ...common }).map(
      ([name, values]) => `--${name}=${drawn(n, name, values)}`,
    );
    const args = [`--impl=${impl}`, ...options, `--seeds=${batch}`, `--seed=${from + n * batch}`];
    const { stdout, stderr, code } = await ftcheck(['simulate', '--json', '--quiet', ...args]);
    if (code === 254 || code === 255)
      throw new Error(`ftcheck simulate ${args.join(' ')}: exit ${code}: ${stderr}`);
    const report = JSON.parse(stdout);
    for (const verdict in totals) totals[verdict] += report.verdicts[verdict] ?? 0;
    for (const sum in sums) sums[sum] += report[sum];
    for (const { seed, reason } of report.failures)
      console.log(
        `ftcheck simulate ${[...args.slice(0, -2), '--seeds=1', `--seed=${seed}`].join(' ')}: ${reason}`,
      );
    if ((n + 1) % 20 === 0) console.log(`${(n + 1) * batch} schedules: ${JSON.stringify(totals)}`);
  }
}

await Promise.all(Array.from({ length: jobs }, work));
console.log(`${batches * batch} schedules: ${JSON.stringify({ ...totals, ...sums })}`);
process.exitCode = totals.invalid === 0 ? 0 : 1;
