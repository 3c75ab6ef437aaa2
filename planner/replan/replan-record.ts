/** What `.tasks-meta.json` keeps (`replan`) of a plan that was planned again, for the next time. */
import { z } from 'zod';
import { said, taskIdSchema } from '../artifacts/scalars.schema.ts';
import type { LargestNumbers } from './fresh-ids.ts';
import type { PreviousPlan } from './previous-plan.ts';

const number = z.int().min(0);

export const replanRecordSchema = z.looseObject({
  /** Plans that it comes from, the latest last. */
  from: z.array(said),
  /** Tasks that were done: they are as they were, and cite the documents that they were planned by. */
  finished: z.array(taskIdSchema),
  /** The largest numbers ever given in ids. */
  largest: z.looseObject({ task: number, feature: number, requirement: number }),
});
export type ReplanRecord = z.infer<typeof replanRecordSchema>;

const MAX_FROM = 100;

/** The record that goes into the new plan. Where the plan is the same as before it has the record that it had: see {@link carriedRecord}. */
export const replanRecord = ({ planId, finished, record }: PreviousPlan, largest: LargestNumbers): ReplanRecord => ({
  from: [...(record?.from ?? []), planId].slice(-MAX_FROM),
  finished: [...new Set([...(record?.finished ?? []), ...finished])].sort(),
  largest: { ...largest },
});

/** Of a plan whose hash is that of the plan before. */
export const carriedRecord = ({ record }: PreviousPlan): ReplanRecord | undefined => record;
