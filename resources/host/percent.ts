/** `part` of `whole` in percent, kept within 0 and 100; undefined when the two make no share. */
export const percentOf = (part: number, whole: number): number | undefined => {
  const percent = (100 * part) / whole;
  return Number.isFinite(percent) && whole > 0 ? Math.min(100, Math.max(0, percent)) : undefined;
};
