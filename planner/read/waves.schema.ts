/** T.A.S.K.S. v3 `waves.json` (spec/001): the parts that running acts on. */
import { z } from 'zod';
import { waveSchema } from './policies.schema.ts';

const barrierSchema = z.looseObject({
  kind: z.enum(['quorum']).optional(),
  quorum: waveSchema.shape.quorum,
  timeoutMinutes: waveSchema.shape.timeoutMinutes,
  fallback: waveSchema.shape.fallback,
});

export const wavesSchema = z.looseObject({
  planId: z.string().optional(),
  generated: z.looseObject({}).optional(),
  execution_models: z
    .looseObject({
      wave_based: z
        .looseObject({
          config: z.looseObject({ maxWaveSize: z.int().min(1).optional(), barrier: barrierSchema.optional() }).optional(),
          waves: z
            .array(z.looseObject({ waveNumber: z.int().min(1), tasks: z.array(z.string()), barrier: barrierSchema.optional() }))
            .optional(),
        })
        .optional(),
      rolling_frontier: z
        .looseObject({
          config: z.looseObject({ max_concurrent_tasks: z.int().min(1).max(10_000).optional() }).optional(),
        })
        .optional(),
    })
    .optional(),
});
export type WrittenWaves = z.infer<typeof wavesSchema>;
