/** When a worker that ended by itself is started again. */
const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;
/** One that lived so long starts anew with the shortest wait. */
export const SETTLED_MS = 60_000;

/** `failures` in a row, this one counted. In milliseconds. */
export const restartDelay = (failures: number): number => Math.min(FIRST_MS * 2 ** Math.max(0, failures - 1), LONGEST_MS);

/** How many failures in a row there are after one more. */
export const failuresAfter = (before: number, livedMs: number): number => (livedMs >= SETTLED_MS ? 1 : before + 1);
