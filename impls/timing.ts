import { defaultTiming, type Timing, type TimingProfile } from '../core/machine.ts';

/** For a quiet machine: failover within tens of milliseconds, at the price of false suspicions under load. */
const fastTiming: Timing = {
  beatMs: 5,
  suspectMs: 30,
  suspectMsMax: 400,
  joinMs: 20,
  transferMs: 150,
  redialMs: 5,
};

/** The time-outs of a profile. */
export const timingOf = (profile: TimingProfile): Timing => (profile === 'fast' ? fastTiming : defaultTiming);
