/** T.A.S.K.S. v3 `tasks.json` (spec/001). Structure only: its quality rules bind planning, not reading. */
import { z } from 'zod';
import { capacitySchema, resourceNameSchema } from '../../model/resources.schema.ts';
import { resourceLimitsSchema } from './pressure.schema.ts';

/** What tasks share, as the analysis of the codebase found it; `capacity` is that of `shared_limited`. */
const sharedResourceSchema = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('exclusive') }),
  z.looseObject({ type: z.literal('shared_limited'), capacity: capacitySchema }),
]);

export const tasksV3Schema = z.looseObject({
  tasks: z.array(z.unknown()),
  dependencies: z.array(z.unknown()).optional(),
  meta: z
    .looseObject({
      execution_model: z.enum(['rolling_frontier', 'wave_based']).optional(),
      min_confidence: z.number().min(0).max(1).optional(),
      resource_limits: resourceLimitsSchema.optional(),
      codebase_path: z.string().optional(),
      codebase_analysis: z
        .looseObject({
          codebase_path: z.string().optional(),
          shared_resources: z.record(resourceNameSchema, sharedResourceSchema).optional(),
        })
        .optional(),
    })
    .optional(),
  name: z.string().optional(),
  resources: z.unknown().optional(),
  profiles: z.unknown().optional(),
  calendars: z.unknown().optional(),
  generated: z.looseObject({}).optional(),
  resource_conflicts: z.looseObject({}).optional(),
});
export type TasksV3 = z.infer<typeof tasksV3Schema>;
