/**
 * `coordinator.json` as the planner writes it: spec/002's `version, graph, policies, resources` and spec/001's
 * `coordinator, worker_pool` in one file. Policies and resources mean what `planner/read` makes of them.
 */
import { z } from 'zod';
import { policiesSchema } from '../read/policies.schema.ts';
import { generatedSchema, said, taskIdSchema } from './scalars.schema.ts';

export const coordinatorArtifactSchema = z.looseObject({
  version: z.string().regex(/^1(?:\.[0-9A-Za-z]+)*$/),
  generated: generatedSchema,
  graph: z.looseObject({
    nodes: z.array(z.looseObject({ id: taskIdSchema })),
    edges: z.array(z.looseObject({ from: taskIdSchema, to: taskIdSchema })),
  }),
  policies: policiesSchema,
  resources: z.unknown().optional(),
  coordinator: z.looseObject({
    role: said,
    version: said,
    responsibilities: z.array(said),
    state_management: z.looseObject({ task_states: z.record(z.string(), said) }),
    scheduling_loop: z.looseObject({ interval_ms: z.number().positive(), steps: z.array(said) }),
    policies: policiesSchema,
    monitoring: z.looseObject({}),
  }),
  worker_pool: z.looseObject({
    min_workers: z.int().min(0),
    max_workers: z.int().min(1),
    scaling_policy: said,
    worker_template: z.looseObject({
      capabilities: z.array(said),
      resource_capacity: z.looseObject({ cpu_cores: z.number().positive(), memory_mb: z.number().positive(), disk_io_mbps: z.number().positive() }),
      execution_protocol: z.looseObject({ heartbeat_interval: z.number().positive(), progress_updates: z.boolean(), can_checkpoint: z.boolean() }),
    }),
  }),
});
export type CoordinatorArtifact = z.infer<typeof coordinatorArtifactSchema>;
