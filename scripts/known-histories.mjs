// npm run known-histories -- FILE: judges every history of a verdicts.json (file -> {format, model, valid, initial?, failedCas?}) in this one
// process, prints what was right and what it took, and fails where anything is wrong or unknown.
//   npm run known-histories -- FILE [--only=TEXT] [--auto] [--time-ms=30000] [--memory-mb=2048]
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { argument } from './cli.mjs';

const built = (path) => import(new URL(`../dist/checker/${path}.js`, import.meta.url).href);
const { optionsForModel } = await built('formats/options-for-model');
const { decide } = await built('linearizable/decide');
const { models } = await built('models/models');
const { readHistory } = await built('worker-read');

const list = process.argv.slice(2).find((word) => !word.startsWith('--'));
if (list === undefined) throw new Error('the verdicts.json to go by is missing');
const only = argument('only', '');
const timeMs = Number(argument('time-ms', '30000'));
const memoryMb = Number(argument('memory-mb', '2048'));
const isAuto = process.argv.includes('--auto');

const now = () => performance.now();
const shownMax = 20;
let shown = 0;
const totals = { right: 0, wrong: 0, unknown: 0 };
const took = { readMs: 0, checkMs: 0 };

/** What is said of one file, and how long it took to read and to check. */
async function judged(file, { format, model: name, initial, failedCas }) {
  const model = models[name];
  if (model === undefined) return { verdict: 'unknown', reason: `there is no model ${name}` };
  const begin = now();
  const { table, assumptions } = await readHistory({
    path: join(dirname(list), file),
    file,
    format: isAuto ? 'auto' : format,
    failedCas,
    ...optionsForModel(model, initial),
  });
  const read = now();
  took.readMs += read - begin;
  if (assumptions.verdict !== 'valid') return assumptions;
  const limits = { now, deadline: read + timeMs, memoryBytesMax: memoryMb * 2 ** 20 };
  const { verdict } = decide(table, { model, initial, limits });
  took.checkMs += now() - read;
  return { verdict, reason: '' };
}

for (const [file, known] of Object.entries(JSON.parse(readFileSync(list, 'utf8')))) {
  if (!file.includes(only)) continue;
  const expected = known.valid ? 'valid' : 'invalid';
  const { verdict, reason } = await judged(file, known).catch((error) => ({
    verdict: 'unknown',
    reason: error.message,
  }));
  const kind = verdict === expected ? 'right' : verdict === 'unknown' ? 'unknown' : 'wrong';
  totals[kind] += 1;
  if (kind !== 'right' && (shown += 1) <= shownMax)
    console.log(`${file}: ${verdict}, should be ${expected}: ${reason.slice(0, 300)}`);
}

const { right, wrong, unknown } = totals;
console.log(`${right} right, ${wrong} wrong, ${unknown} unknown`);
console.log(`checking took ${Math.round(took.checkMs)} ms in all, reading ${Math.round(took.readMs)} ms`);
process.exitCode = wrong === 0 && unknown === 0 && right > 0 ? 0 : 1;
