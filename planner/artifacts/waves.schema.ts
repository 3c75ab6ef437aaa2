/** `waves.json` (spec/001): both ways to execute the plan, as the simulated scheduler walks it. */
import { z } from 'zod';
import { generatedSchema, hoursSchema, said, shareSchema, taskIdSchema } from './scalars.schema.ts';

const count = z.int().min(0);
const usageSchema = z.record(z.string(), z.number().min(0));

const barrierSchema = z.looseObject({ kind: z.literal('quorum'), quorum: shareSchema });

export const plannedWaveSchema = z.looseObject({
  waveNumber: z.int().min(1),
  tasks: z.array(taskIdSchema).min(1),
  estimates: z.looseObject({ units: z.literal('hours'), p50Hours: hoursSchema, p80Hours: hoursSchema, p95Hours: hoursSchema }),
  /** The most of each at once. */
  resource_usage: usageSchema,
  barrier: barrierSchema.extend({ timeoutMinutes: z.number().positive(), fallback: z.enum(['deferOptional', 'wait', 'fail']), gateId: said }),
});
export type PlannedWave = z.infer<typeof plannedWaveSchema>;

const snapshotSchema = z.looseObject({
  running: z.array(taskIdSchema),
  ready: z.array(taskIdSchema),
  blocked: z.array(taskIdSchema),
  completed: z.array(taskIdSchema).optional(),
  resource_usage: usageSchema,
});

export const wavesSchema = z.looseObject({
  planId: z.string().regex(/^PLAN-[0-9a-f]{8}$/),
  generated: generatedSchema,
  execution_models: z.looseObject({
    wave_based: z.looseObject({
      config: z.looseObject({ maxWaveSize: z.int().min(1), barrier: barrierSchema }),
      waves: z.array(plannedWaveSchema),
      total_waves: count,
      estimated_completion: z.looseObject({ p50_hours: hoursSchema, p80_hours: hoursSchema, p95_hours: hoursSchema }),
    }),
    rolling_frontier: z.looseObject({
      initial_frontier: z.array(taskIdSchema),
      config: z.looseObject({ max_concurrent_tasks: z.int().min(1), scheduling_algorithm: said, frontier_update_policy: said, coordinator_config_ref: said }),
      /** `optimal`: the critical path, with nothing to wait for. */
      estimated_completion_time: z.looseObject({ optimal_hours: hoursSchema, p50_hours: hoursSchema, p80_hours: hoursSchema, p95_hours: hoursSchema }),
      resource_utilization_forecast: z.looseObject({
        average_cpu_percent: z.number().min(0),
        peak_cpu_percent: z.number().min(0),
        average_memory_percent: z.number().min(0),
        peak_memory_percent: z.number().min(0),
        average_concurrency: z.number().min(0),
        max_concurrency: count,
      }),
      critical_resource_contentions: z.array(z.looseObject({ resource: said, contention_points: count, estimated_wait_time_hours: hoursSchema, mitigation: said })),
      /** By `time_<hours>h`, in the order of time. */
      execution_simulation: z.record(z.string().regex(/^time_\d+(?:\.\d+)?h$/), snapshotSchema),
      advantages_over_wave_based: z.array(said),
    }),
  }),
});
export type Waves = z.infer<typeof wavesSchema>;
