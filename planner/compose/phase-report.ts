/** What each phase of planning found, as people are told while it goes on. */
export interface PhaseReport {
  /** 1 to 5; of what is written at the end undefined. */
  readonly phase?: number;
  readonly title: string;
  /** One fact each. */
  readonly lines: readonly string[];
  /** For whoever wants to know more. */
  readonly details: readonly string[];
}
export type OnPhase = (report: PhaseReport) => void;
