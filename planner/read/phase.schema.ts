/** Phase plans (spec/003): a phase, and the tasks and subtasks in it. */
import { z } from 'zod';
import { errorPolicyFields } from '../../model/error-policy.schema.ts';
import { dependencySchema, filesScopeSchema, taskSchema } from '../../model/task.schema.ts';
import { parallelismSchema, resourceLimitsSchema } from './pressure.schema.ts';

const textList = z.array(z.string());

export const OS_MODES = [
  'NORMAL',
  'FOCUS_DEV',
  'CRITICAL_PIPELINE',
  'OS_MODE_NORMAL',
  'OS_MODE_FOCUS_DEV',
  'OS_MODE_CRITICAL_PIPELINE',
] as const;

export const phaseTaskSchema = taskSchema.extend({
  /** design, impl, test, docs, infra, refactor, spike, or whatever a project calls its kinds; `bg` is background. */
  kind: z.string().optional(),
  tool_preference: z.union([z.string(), textList], { error: 'expected a tool or a list of tools' }).optional(),
  constraints: z.unknown().optional(),
  subtasks: z.array(z.unknown()).optional(),
});
export type PhaseTask = z.infer<typeof phaseTaskSchema>;

export const phaseSchema = z.looseObject({
  phase_id: z.string(),
  title: z.string().optional(),
  name: z.string().optional(),
  description: z.string().optional(),
  /** Ids of phases or of tasks, of this file or of another. */
  depends_on: z.array(dependencySchema).optional(),
  tasks: z.array(z.unknown()).optional(),
  subtasks: z.array(z.unknown()).optional(),
  codebase_path: z.string().optional(),
  resources: z.unknown().optional(),
  profiles: z.unknown().optional(),
  calendars: z.unknown().optional(),
  policies: z.unknown().optional(),
  /** Policies, as in `policies`. */
  executors: z.unknown().optional(),
  parallel_profile: z.looseObject({}).optional(),
  parallelism_policy: parallelismSchema.optional(),
  os_profile: z.looseObject({ mode: z.enum(OS_MODES).optional() }).optional(),
  resource_limits: resourceLimitsSchema.optional(),
  ...errorPolicyFields,
  kind: z.string().optional(),
  priority: taskSchema.shape.priority,
  files_scope: filesScopeSchema.optional(),
  tool_preference: phaseTaskSchema.shape.tool_preference,
  outputs: textList.optional(),
  constraints: z.unknown().optional(),
  acceptance: taskSchema.shape.acceptance,
});
export type Phase = z.infer<typeof phaseSchema>;

/** Blocks of a phase that are kept and do nothing yet. */
export const KEPT_BLOCKS = ['os_profile'] as const;
