/** FlowOps (spec/000): `tasks.v2.json`, `flowops.config.json`. */
import { z } from 'zod';

/** The object around the tasks. The bare array of tasks is the same without anything beside them. */
export const flowopsSchema = z.looseObject({
  tasks: z.array(z.unknown()),
  name: z.string().optional(),
  version: z.union([z.string(), z.number()]).optional(),
  codebase_path: z.string().optional(),
  resources: z.unknown().optional(),
  profiles: z.unknown().optional(),
  calendars: z.unknown().optional(),
  policies: z.unknown().optional(),
  /** Policies, as in `policies`. */
  circuit_breakers: z.unknown().optional(),
  playbooks: z.unknown().optional(),
  failure_rules: z.unknown().optional(),
  executors: z.unknown().optional(),
  error_policy: z.unknown().optional(),
  self_heal_policy: z.unknown().optional(),
  sentinels: z.unknown().optional(),
  canaries: z.unknown().optional(),
  meta: z.looseObject({}).optional(),
});

/** What stands beside the tasks, in a file of its own. */
export const flowopsConfigSchema = z.looseObject({
  policies: z.unknown().optional(),
  resources: z.unknown().optional(),
  profiles: z.unknown().optional(),
  calendars: z.unknown().optional(),
  /** Policies, as in `policies`. */
  circuit_breakers: z.unknown().optional(),
  playbooks: z.unknown().optional(),
  failure_rules: z.unknown().optional(),
  executors: z.unknown().optional(),
  error_policy: z.unknown().optional(),
  self_heal_policy: z.unknown().optional(),
  sentinels: z.unknown().optional(),
  canaries: z.unknown().optional(),
});
