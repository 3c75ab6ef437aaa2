/** Acceptance checks of T.A.S.K.S. v3, run after the command and `smoke` have passed, in the plan's order. */
export interface CommandCheck {
  readonly type: 'command';
  readonly cmd: string;
  readonly expect?: {
    /** Expected exit code; 0 unless stated. Not judged when unstated and `passRateGte` below 1 allows failed tests. */
    readonly exitCode?: number;
    /** Text that the output must hold. */
    readonly contains?: string;
    /** Regular expression that the output must match. */
    readonly matches?: string;
    /** 0 to 1, read from `report`: no report, no pass. */
    readonly passRateGte?: number;
    readonly coverageGte?: number;
  };
  /** The report that the command writes, relative to the workspace. */
  readonly report?: { readonly path: string; readonly format?: ReportFormat };
  readonly timeoutMs?: number;
}

export const REPORT_FORMATS = ['junit', 'tap', 'json', 'lcov', 'cobertura', 'istanbul'] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ArtifactCheck {
  readonly type: 'artifact';
  readonly path: string;
  readonly expect?: {
    readonly exists?: boolean;
    readonly validJSON?: boolean;
    readonly validYAML?: boolean;
    readonly validOpenAPI?: boolean;
  };
}

/** A number the task itself writes into `file` (JSON object of numbers, or `name value` lines). */
export interface MetricCheck {
  readonly type: 'metric';
  readonly name: string;
  /** Relative to the workspace; `metrics.json` in the attempt's directory unless stated. */
  readonly file?: string;
  readonly expect: { readonly lte?: number; readonly gte?: number };
}

/** A criterion in words: kept, shown, and never counted as verified by a machine. */
export interface ManualCheck {
  readonly type: 'manual';
  readonly text: string;
}

export type AcceptanceCheck = CommandCheck | ArtifactCheck | MetricCheck | ManualCheck;
