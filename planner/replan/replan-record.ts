/** What `.tasks-meta.json` keeps (`replan`) of a plan that goes on, for the next time. A plan that is the same as before has the record that it had. */
import type { ReplanRecord } from '../artifacts/meta.schema.ts';
import type { LargestNumbers } from './fresh-ids.ts';
import type { PreviousPlan } from './previous-plan.ts';

const MAX_FROM = 100;

export const replanRecord = ({ planId, finished, record }: PreviousPlan, largest: LargestNumbers): ReplanRecord => ({
  from: [...(record?.from ?? []), planId].slice(-MAX_FROM),
  finished: [...finished].sort(),
  largest: { ...largest },
});
