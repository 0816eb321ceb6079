/** Something that a run must reach, or that is worth knowing whether it did. */
export interface Goal {
  readonly name: string;
  readonly required: boolean;
  readonly count: number;
  readonly minimum: number;
  /** Why it was not reached, where that is known better than by its numbers. */
  readonly why?: string;
}

export const isReached = ({ count, minimum }: Goal): boolean => count >= minimum;
