/** How long things take on the simulated network, and what it does to frames of its own accord. */
export interface Weather {
  /** A frame, an open or a close takes between these two on its way. */
  readonly latencyMsMin: number;
  readonly latencyMsMax: number;
  /** A frame is late by up to `lateMsMax`, and as on a TCP connection all that follows it. */
  readonly lateChance: number;
  readonly lateMsMax: number;
  /** A frame is lost although its connection lives: a proxy dropped it. */
  readonly dropChance: number;
  /** A frame arrives twice, one copy right after the other. */
  readonly duplicateChance: number;
  /** A dial fails for no reason. */
  readonly dialFailureChance: number;
  /** With a dial comes a second connection that never says anything and closes some time later. */
  readonly strayChance: number;
  /** Timers of processes fire late by up to this, never early. */
  readonly timersLateMsMax: number;
}

/** A local network on a good day. */
export const calm: Weather = {
  latencyMsMin: 0.3,
  latencyMsMax: 3,
  lateChance: 0,
  lateMsMax: 0,
  dropChance: 0,
  duplicateChance: 0,
  dialFailureChance: 0,
  strayChance: 0,
  timersLateMsMax: 0.5,
};

/** Late by more than the first time-out of a failure detector, so that suspicions are often wrong. */
export const wild: Weather = {
  latencyMsMin: 0.5,
  latencyMsMax: 10,
  lateChance: 0.15,
  lateMsMax: 180,
  dropChance: 0.002,
  duplicateChance: 0.03,
  dialFailureChance: 0.05,
  strayChance: 0.03,
  timersLateMsMax: 0.5,
};
