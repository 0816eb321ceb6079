/** What one way of counting found. */
export interface Count {
  /** Contradictions that nothing but the system can explain. */
  readonly violations: readonly string[];
  /** What could not be counted, and why. */
  readonly gaps: readonly string[];
  /** What was counted, in words. */
  readonly counted: string;
  readonly details: Readonly<Record<string, number>>;
}
