import type { Items } from './queue-or-stack-items.ts';
import type { Lives } from './stack-lives.ts';
import type { Nesting } from './stack-nesting.ts';

/** The last place at which a pop can have found nothing; -1: none. */
export function placeOfEmpty({ columns }: Items, lives: Lives, nesting: Nesting, row: number): number {
  const from = lives.placeBefore[(columns.called[row] ?? 0) + 1] ?? 0;
  const to = lives.placeBefore[columns.returned[row] ?? 0] ?? 0;
  const place = nesting.openAtFirst[to] ?? -1;
  return place >= from ? place : -1;
}
