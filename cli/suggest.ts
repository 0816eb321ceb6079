/** How many characters must be changed, added, left out or swapped with their neighbour to make one text from the other. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const [left = 0, up = 0, diagonal = 0] = [next[j - 1], row[j], row[j - 1]];
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min(left + 1, up + 1, diagonal + (a[i - 1] === b[j - 1] ? 0 : 1), swapped));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

/** The choice that was probably meant, or null. */
export function closest(text: string, choices: readonly string[]): string | null {
  const scored = choices
    .map((choice) => ({ choice, distance: editDistance(text.toLowerCase(), choice.toLowerCase()) }))
    .filter(
      ({ choice, distance }) => distance <= Math.max(1, Math.floor(Math.max(text.length, choice.length) / 3)),
    )
    .sort((a, b) => a.distance - b.distance);
  return scored[0]?.choice ?? null;
}

/** `there is no impl 'activ' (did you mean active?); there are simple, active`. `shown`: the choices that are worth listing. */
export function noSuch(
  what: string,
  text: string,
  choices: readonly string[],
  shown: readonly string[] = choices,
): string {
  const meant = closest(text, choices);
  const hint = meant === null ? '' : ` (did you mean ${meant}?)`;
  return `there is no ${what} '${text}'${hint}; there ${shown.length === 1 ? 'is' : 'are'} ${shown.join(', ')}`;
}
