/** Names by number, in order of first use. */
export interface Names {
  readonly all: readonly string[];
  numberOf(name: string): number;
}

/** `max`: so many can be told apart in their column; all later ones share the last number. */
export function nameList(max = Infinity): Names {
  const all: string[] = [];
  const numbers = new Map<string, number>();
  return {
    all,
    numberOf: (name) => {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      const number = Math.min(all.length, max - 1);
      numbers.set(name, number);
      if (number === all.length) all.push(name);
      else all[number] = 'others';
      return number;
    },
  };
}
