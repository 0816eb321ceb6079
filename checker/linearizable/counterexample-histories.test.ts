/** Stored histories: FTCHECK_HISTORIES names a folder with `verdicts.json`, which says of each file its format, model and verdict. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Json } from '../../core/json.ts';
import type { Model } from '../../core/model.ts';
import { noLimits } from '../../test/judged-run.ts';
import { plainSearch } from '../../test/oracle.ts';
import type { FailedCas, FormatName } from '../formats/format.ts';
import { optionsForModel } from '../formats/options-for-model.ts';
import { operationsIn, type OperationTable } from '../history/operation-table.ts';
import { prefixOf, type Part } from '../history/parts.ts';
import { models } from '../models/models.ts';
import { readHistory } from '../worker-read.ts';
import { explain } from './counterexample.ts';
import { leastOf } from './counterexample-least.ts';
import { decide } from './decide.ts';
import { keptRows, lastReturn } from './shrink-candidates.ts';
import { closureOf, dependentsOf } from './units.ts';

interface Known {
  readonly format: FormatName;
  readonly model: string;
  readonly valid: boolean;
  readonly initial?: Json;
  readonly failedCas?: FailedCas;
}

const folder = process.env['FTCHECK_HISTORIES'] ?? '';
const verdicts =
  folder === ''
    ? {}
    : (JSON.parse(readFileSync(join(folder, 'verdicts.json'), 'utf8')) as Record<string, Known>);
const invalid = Object.entries(verdicts).filter(([, { valid }]) => !valid);

async function read(file: string, { format, model, initial, failedCas }: Known): Promise<OperationTable> {
  const options = optionsForModel(models[model]!, initial);
  const { table } = await readHistory({ ...options, path: join(folder, file), file, format, failedCas });
  return table;
}

const isValid = ({ table }: Part, model: Model<unknown>, initial: Json | undefined): boolean => {
  const status = plainSearch(operationsIn(table), model, 1_000_000, initial);
  if (status === 'unknown') throw new Error('too hard for a search that knows nothing');
  return status === 'found';
};

(invalid.length === 0 ? test.skip : test)(
  'what is left of every stored history is invalid, and nothing more can be removed',
  async () => {
    let counted = 0;
    for (const [file, known] of invalid) {
      const model = models[known.model]!;
      const table = await read(file, known);
      if (table.count >= 1000) continue;
      counted += 1;
      const question = { model, initial: known.initial, limits: noLimits };
      const decision = decide(table, question);
      if (decision.verdict !== 'invalid') throw new Error(`${file}: ${decision.verdict}`);
      const { shrunk, start } = leastOf(decision, question, () => false);
      expect({ file, start, isMinimal: shrunk.isMinimal }).toEqual({ file, start: null, isMinimal: true });
      const { part } = shrunk;
      expect(isValid(part, model, known.initial)).toBe(false);
      expect(isValid(prefixOf(part, lastReturn(part.table) - 1), model, known.initial)).toBe(true);
      const dependents = dependentsOf(model, operationsIn(part.table), known.initial);
      for (let row = 0; row < part.table.count; row++) {
        const gone = closureOf(dependents, [row], part.table.count);
        if (gone === null) continue;
        expect(
          isValid(
            keptRows(part, (each) => gone[each] === 0),
            model,
            known.initial,
          ),
        ).toBe(true);
      }
      const { words } = explain(decision, question, () => false);
      expect(words).toContain('fits nowhere');
    }
    expect(counted).toBeGreaterThan(0);
  },
  600_000,
);
