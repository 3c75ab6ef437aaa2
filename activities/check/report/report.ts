/** What a report says, as far as a check asks: shares from 0 to 1, undefined where it does not say. */
export interface Report {
  /** Passed among those that ran; skipped tests count neither way, and no tests are no pass. */
  readonly passRate?: number;
  /** Of lines (statements where lines are not counted). */
  readonly coverage?: number;
}

/** Undefined: the text is not of this format. */
export type ReportReader = (text: string) => Report | undefined;

export const share = (part: number, whole: number): number | undefined =>
  Number.isFinite(part) && Number.isFinite(whole) && whole > 0 && part >= 0 && part <= whole ? part / whole : undefined;

export const reportOf = ({ passRate, coverage }: { passRate?: number | undefined; coverage?: number | undefined }): Report => ({
  ...(passRate === undefined ? {} : { passRate }),
  ...(coverage === undefined ? {} : { coverage }),
});

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A number, or text that is one. */
export const numberIn = (from: Record<string, unknown>, key: string): number | undefined => {
  const value = Object.hasOwn(from, key) ? from[key] : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
};
