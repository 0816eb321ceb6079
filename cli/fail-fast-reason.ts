/** In the place of a signal's name: a violation seen while the run went on has ended it. */
export const failFastReason = '--fail-fast';
