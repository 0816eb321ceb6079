/** Which options are taken, each time that there are several. */
export interface Chooser {
  /** One of so many, by its number from 0. */
  pick(count: number): number;
  /** Some options were not even counted. */
  leftOut(): void;
  readonly result: () => Choices;
}

export interface Choices {
  /** How many options there were, each time that there were several. */
  readonly options: readonly number[];
  /** No option was left out because there were too many. */
  readonly isComplete: boolean;
}

/** `picks`: which option to take, each time that there are several; the first, where it does not say. */
export function makeChooser(picks: readonly number[]): Chooser {
  const options: number[] = [];
  let isComplete = true;
  return {
    pick: (count) => (count === 1 ? 0 : (picks[options.push(count) - 1] ?? 0)),
    leftOut: () => {
      isComplete = false;
    },
    result: () => ({ options, isComplete }),
  };
}
