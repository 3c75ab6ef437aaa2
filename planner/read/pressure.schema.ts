/** What plans say of pressure: triggers (spec/001, spec/002), limits of machines and of workers (spec/003). */
import { z } from 'zod';
import { MAX_CONCURRENCY } from '../../model/graph.ts';
import { prioritySchema, priorityOf } from '../../model/scalar.schema.ts';

const percent = z.number().min(0).max(100);
/** From 1: 0.8 is not meant as less than a percent. */
const EXPECTED_PERCENT = 'expected a percentage, 1 to 100';
const used = z.number({ error: EXPECTED_PERCENT }).min(1, { error: EXPECTED_PERCENT }).max(100, { error: EXPECTED_PERCENT });
const amount = z.number().min(0);

const triggerSchema = z
  .strictObject({
    metric: z.enum(['cpu', 'cpu_usage', 'memory', 'memory_usage', 'error_rate']),
    /** Percent used; of `error_rate` failed attempts a minute. */
    threshold: amount,
    /** All mean the same: nothing more starts. */
    action: z.enum(['pause_low_priority', 'defer_memory_intensive', 'defer_resource_intensive', 'reduce_concurrency', 'circuit_break']),
  })
  .check((context) => {
    const { metric, threshold } = context.value;
    if (metric === 'error_rate') return;
    const parsed = used.safeParse(threshold);
    if (!parsed.success) context.issues.push({ code: 'custom', input: threshold, path: ['threshold'], message: EXPECTED_PERCENT });
  });

export const backpressureSchema = z.strictObject({
  triggers: z.array(triggerSchema).optional(),
  recovery: z
    .strictObject({
      cool_down_seconds: amount.optional(),
      gradual_resume: z.boolean().optional(),
      /** Tasks a second. */
      resume_rate: z.number().positive().optional(),
    })
    .optional(),
});
export type WrittenBackpressure = z.infer<typeof backpressureSchema>;

/** Each class once: the order would contradict itself. */
const classesSchema = z.array(prioritySchema).check((context) => {
  const seen = new Set<number>();
  for (const [index, written] of context.value.entries()) {
    const value = priorityOf(written);
    if (seen.has(value)) context.issues.push({ code: 'custom', input: written, path: [index], message: `the priority ${JSON.stringify(written)} is named twice` });
    seen.add(value);
  }
});

export const resourceAllocationSchema = z.strictObject({
  /** The one way there is. */
  strategy: z.enum(['bin_packing_with_headroom']).optional(),
  /** Of each quota this much is kept free. */
  headroom_percent: percent.optional(),
  /** Quotas keep nothing from starting. */
  oversubscription_allowed: z.boolean().optional(),
  preemption_enabled: z.boolean().optional(),
  /** Those first that are stopped first. */
  preemption_priorities: classesSchema.optional(),
});
export type WrittenAllocation = z.infer<typeof resourceAllocationSchema>;

export const backgroundSchema = z.strictObject({ max_tasks: z.int().min(1).optional() });

const onSoftLimit = z.enum(['stop_spinning_up_more_cli_workers', 'throttle_bg_jobs', 'pause_new_tasks']);
const onHardLimit = z.enum([...onSoftLimit.options, 'gracefully shutdown lowest_priority_instances', 'gracefully_shutdown_lowest_priority_instances']);

/** `resource_limits`: the maxima of spec/001 and the thresholds of spec/003. */
export const resourceLimitsSchema = z
  .looseObject({
    max_concurrent_tasks: z.int().min(1).max(10_000).optional(),
    max_cpu_cores: amount.optional(),
    max_memory_gb: amount.optional(),
    max_disk_io_mbps: amount.optional(),
    cpu_percent_soft: used.optional(),
    cpu_percent_hard: used.optional(),
    ram_percent_soft: used.optional(),
    ram_percent_hard: used.optional(),
    /** Kept. */
    io_wait_soft_ms: amount.optional(),
    /** What is done anyway. */
    actions: z.strictObject({ on_soft_limit: z.array(onSoftLimit).optional(), on_hard_limit: z.array(onHardLimit).optional() }).optional(),
  })
  .check((context) => {
    const written = context.value;
    for (const what of ['cpu_percent', 'ram_percent'] as const) {
      const soft = written[`${what}_soft`];
      const hard = written[`${what}_hard`];
      if (soft === undefined || hard === undefined || soft <= hard) continue;
      context.issues.push({ code: 'custom', input: hard, path: [`${what}_hard`], message: `a hard limit below the soft one, ${soft}` });
    }
  });
export type WrittenLimits = z.infer<typeof resourceLimitsSchema>;

export const LIMIT_KEYS: readonly string[] = Object.keys(resourceLimitsSchema.shape);

export const parallelismSchema = z.looseObject({
  /** Tasks at once. */
  max_cli_workers: z.int().min(1).max(MAX_CONCURRENCY).optional(),
  /** Background tasks at once, among them. */
  max_bg_jobs: z.int().min(1).optional(),
});
export type WrittenParallelism = z.infer<typeof parallelismSchema>;
