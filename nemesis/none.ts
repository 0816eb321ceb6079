import type { Nemesis } from '../core/nemesis.ts';

/** Nothing breaks: the baseline, which proves nothing about faults. */
export const none: Nemesis = {
  name: 'none',
  class: 'none',
  description: 'breaks nothing; such a run proves nothing about faults',
  variants: [],
  takesRole: false,
  impairs: () => 0,
  schedule: () => [],
  inject: () => null,
};
