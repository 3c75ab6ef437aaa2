/** The time that a plan states: of what was planned, never of when that was done. */
import { TasksError } from '../../model/problem.ts';
import { EPOCH } from '../../planner/compose/options.ts';

/** `SOURCE_DATE_EPOCH` (reproducible-builds.org), else the document's own date, else the epoch. @throws TasksError TASKS3010 when the variable is no number of seconds. */
export const sourceDate = (environment: Readonly<Record<string, string | undefined>>, date: string | undefined): string => {
  const seconds = environment['SOURCE_DATE_EPOCH'];
  if (seconds !== undefined && seconds !== '') {
    const at = /^\d{1,11}$/.test(seconds) ? new Date(Number(seconds) * 1000) : undefined;
    if (!at || Number.isNaN(at.getTime())) throw new TasksError({ code: 'TASKS3010', message: `SOURCE_DATE_EPOCH: expected seconds since 1970, not ${JSON.stringify(seconds)}` });
    return at.toISOString().replace('.000Z', 'Z');
  }
  return date ?? EPOCH;
};
