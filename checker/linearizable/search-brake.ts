import type { States } from './states.ts';

/** Tells when to stop: a clock is looked at now and then, and oftener where the model is slow. */
export interface Brake {
  /** Until `isExpired` says so. */
  release(isExpired: () => boolean): void;
  /** To be asked after every choice, and every step of the model that is no choice. */
  isPulled(): boolean;
}

const choicesPerLook = 256;
const modelStepsPerLook = 16;

export function makeBrake({ asked }: Pick<States, 'asked'>): Brake {
  let isExpired = (): boolean => false;
  let isPulled = false;
  let choices = 0;
  let askedAtLook = 0;
  return {
    release: (next) => {
      isExpired = next;
      isPulled = false;
    },
    isPulled: () => {
      choices += 1;
      if (isPulled || (choices < choicesPerLook && asked() - askedAtLook < modelStepsPerLook))
        return isPulled;
      choices = 0;
      askedAtLook = asked();
      isPulled = isExpired();
      return isPulled;
    },
  };
}
