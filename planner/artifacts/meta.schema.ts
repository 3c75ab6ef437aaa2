/** `.tasks-meta.json` (spec/001, "File Structure"): of what, and by what, a plan was made. */
import { z } from 'zod';
import { EXECUTION_MODELS, said, sha256Schema, shareSchema } from './scalars.schema.ts';

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
});
export type Meta = z.infer<typeof metaSchema>;
