/** `.tasks-meta.json` (spec/001, "File Structure"): of what, and by what, a plan was made. */
import { z } from 'zod';
import { EXECUTION_MODELS, said, sha256Schema, shareSchema, taskIdSchema } from './scalars.schema.ts';

const number = z.int().min(0);

/** Of a plan that goes on from another one (`tasks replan`). */
export const replanRecordSchema = z.looseObject({
  /** Plans that it comes from, the latest last. */
  from: z.array(said),
  /** Tasks that were done: they are as they were, and cite the documents that they were planned by. */
  finished: z.array(taskIdSchema),
  /** The largest numbers ever given in ids: none is given twice, also when what had it is gone. */
  largest: z.looseObject({ task: number, feature: number, requirement: number }),
});
export type ReplanRecord = z.infer<typeof replanRecordSchema>;

export const metaSchema = z.looseObject({
  version: z.literal(1),
  generator: z.looseObject({ name: said, version: said }),
  timestamp: z.iso.datetime({ offset: true }),
  planId: z.string().regex(/^PLAN-[0-9a-f]{8}$/),
  /** `planHashOf` of `files`. */
  planHash: sha256Schema,
  /** `name` is the file's own, without directories. */
  document: z.looseObject({ name: said, hash: sha256Schema, offsets: z.literal('utf-16') }),
  codebase: z.looseObject({ hash: sha256Schema }).optional(),
  options: z.looseObject({
    min_confidence: shareSchema,
    max_wave_size: z.int().min(1),
    max_concurrent: z.int().min(1),
    execution_model: z.enum(EXECUTION_MODELS),
  }),
  /** Of each file its `contentHash`; of Markdown the sha256 of its text. */
  files: z.record(z.string(), sha256Schema),
  replan: replanRecordSchema.optional(),
});
export type Meta = z.infer<typeof metaSchema>;
