// npm run mutants: every seeded bug is caught by its command within five seeds, with the property named, while its parent is valid
// under the same flags and seed, and the bug itself is valid without faults.
import { ftcheck, run } from './cli.mjs';

const seedsMax = 5;
const { code, stdout, stderr } = await ftcheck(['list', 'mutants', '--json']);
if (code !== 0) throw new Error(`ftcheck list mutants: exit ${code}: ${stderr}`);
const mutants = JSON.parse(stdout);
const wanted = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
let failures = 0;
/** Of parents, by command: several bugs are looked for under the same one. */
const parents = new Map();

const tell = (isGood, text) => {
  if (!isGood) failures++;
  console.log(`${isGood ? 'ok    ' : 'FAILED'} ${text}`);
};

for (const { name, parent, property, command } of mutants) {
  // The documented command, to the letter, less the program's name and the impl.
  const flags = command
    .split(' ')
    .slice(3)
    .filter((flag) => !flag.startsWith('--impl='));
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  let caught = null;
  for (let seed = 1; seed <= seedsMax && caught === null; seed++) {
    const { verdict } = await run([`--impl=${name}`, ...flags, `--seed=${seed}`]);
    if (verdict.verdict === 'invalid' && verdict.properties[property]?.verdict === 'invalid')
      caught = { seed, verdict };
    else if (verdict.verdict !== 'valid')
      console.log(`       ${name}, seed ${seed}: ${verdict.verdict}: ${verdict.reason}`);
  }
  tell(
    caught !== null,
    `${name} is ${caught === null ? `not caught by ${property} in ${seedsMax} seeds` : `caught at seed ${caught.seed}: ${caught.verdict.properties[property].reason}`}`,
  );
  const parentArgs = [`--impl=${parent}`, ...flags, `--seed=${caught?.seed ?? 1}`];
  const parentRun = parents.get(parentArgs.join(' ')) ?? (await run(parentArgs));
  parents.set(parentArgs.join(' '), parentRun);
  tell(
    parentRun.verdict.verdict === 'valid',
    `${parent} under ${flags.join(' ')} is ${parentRun.verdict.verdict}: ${parentRun.verdict.reason}`,
  );
  const calm = await run([
    `--impl=${name}`,
    ...flags.filter((flag) => !flag.startsWith('--nemesis')),
    '--nemesis=none',
    '--clients=2', // few, so that a busy machine makes nobody repeat a request
    '--duration=2s',
    '--seed=1',
  ]);
  tell(
    calm.verdict.verdict === 'valid',
    `${name} under --nemesis=none is ${calm.verdict.verdict}: ${calm.verdict.reason}`,
  );
}
console.log(failures === 0 ? 'every seeded bug is caught' : `${failures} expectations failed`);
process.exitCode = failures === 0 ? 0 : 1;
