/**
 * `coordinator.json`, both shapes of it in one: spec/002's `version, graph, policies, resources` and spec/001's
 * `coordinator, worker_pool`.
 */
import { z } from 'zod';

const amount = z.number().min(0);

export const coordinatorSchema = z.looseObject({
  version: z
    .string()
    .regex(/^1(?:\.[0-9A-Za-z]+)*$/, { error: 'expected a version 1.x' })
    .optional(),
  name: z.string().optional(),
  /** Of what it was made, and when. */
  generated: z.looseObject({}).optional(),
  codebase_path: z.string().optional(),
  graph: z.looseObject({ nodes: z.array(z.unknown()), edges: z.array(z.unknown()).optional() }).optional(),
  policies: z.unknown().optional(),
  /** The catalogue, and spec/002's `locks` and `quotas` among it. */
  resources: z.unknown().optional(),
  profiles: z.unknown().optional(),
  calendars: z.unknown().optional(),
  coordinator: z.looseObject({ policies: z.unknown().optional(), monitoring: z.unknown().optional() }).optional(),
  /** A policy, as in `policies`. */
  monitoring: z.unknown().optional(),
  worker_pool: z
    .looseObject({
      min_workers: z.int().min(0).optional(),
      max_workers: z.int().min(1).optional(),
      worker_template: z.looseObject({ resource_capacity: z.looseObject({ cpu_cores: amount, memory_mb: amount, disk_io_mbps: amount }).partial().optional() }).optional(),
    })
    .optional(),
});
export type Coordinator = z.infer<typeof coordinatorSchema>;
