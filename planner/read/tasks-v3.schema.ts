/** T.A.S.K.S. v3 `tasks.json` (spec/001). Structure only: its quality rules bind planning, not reading. */
import { z } from 'zod';

export const tasksV3Schema = z.looseObject({
  tasks: z.array(z.unknown()),
  dependencies: z.array(z.unknown()).optional(),
  meta: z
    .looseObject({
      execution_model: z.enum(['rolling_frontier', 'wave_based']).optional(),
      min_confidence: z.number().min(0).max(1).optional(),
      resource_limits: z.looseObject({ max_concurrent_tasks: z.int().min(1).max(10_000).optional() }).optional(),
      codebase_path: z.string().optional(),
      codebase_analysis: z.looseObject({ codebase_path: z.string().optional() }).optional(),
    })
    .optional(),
  name: z.string().optional(),
  generated: z.looseObject({}).optional(),
  resource_conflicts: z.looseObject({}).optional(),
});
export type TasksV3 = z.infer<typeof tasksV3Schema>;
