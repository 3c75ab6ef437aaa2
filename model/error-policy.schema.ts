/** `error_policy`, `self_heal_policy` and `executors` as plans write them (spec/003 sections 3.3 and 4). Strict: no key is parsed and ignored. */
import { z } from 'zod';
import { BUILT_IN_EXECUTORS, EXECUTOR_NAME, MAX_EXECUTORS } from './executor.ts';
import { MAX_TURNS } from './self-heal.ts';

const executorNameSchema = z.string().regex(EXECUTOR_NAME, { error: 'expected the name of an executor: letters, digits, ".", "_" and "-", at most 64' });

/** `switch_to_claude` (spec/003 section 3.3) is `{switch_tool_to: claude}`. */
const SWITCH_TO = /^switch_to_([A-Za-z0-9][A-Za-z0-9._-]{0,53})$/u;

const strategySchema = z.union(
  [
    z.enum(['rerun_same_tool', 'context_repair', 'agent_review', 'split_task', 'split_task_into_subtasks']),
    z.string().regex(SWITCH_TO),
    z.strictObject({ switch_tool_to: executorNameSchema }),
    z.strictObject({ agent_review: executorNameSchema }),
  ],
  { error: 'expected rerun_same_tool, {switch_tool_to: EXECUTOR}, context_repair, agent_review or {agent_review: EXECUTOR}, or split_task' },
);
export type WrittenStrategy = z.infer<typeof strategySchema>;

/** The executor that a strategy written as one word switches to. */
export const switchedTo = (written: string): string | undefined => SWITCH_TO.exec(written)?.[1];

const ON_FAIL = ['HUMAN_REVIEW', 'QUARANTINE', 'FAIL'] as const;
const onFail = z.enum(ON_FAIL);

const selfHealSchema = z.strictObject({
  /** Turns of the ladder; as many as there are strategies unless stated. */
  max_attempts: z.int().min(1).max(MAX_TURNS).optional(),
  retry_strategies: z.array(strategySchema).min(1).max(MAX_TURNS).optional(),
  /** What comes when no turn is left. */
  escalation: z.union([onFail, z.strictObject({ on_fail: onFail })], { error: `expected ${ON_FAIL.join(', ')}, or {on_fail: …}` }).optional(),
});

const errorPolicySchema = z.strictObject({
  /** The one pipeline there is. */
  pipeline_id: z.enum(['ERR-EXEC-V1']).optional(),
  self_heal_policy: selfHealSchema.optional(),
});
export type WrittenErrorPolicy = z.infer<typeof errorPolicySchema>;

/** Where a policy may stand: of a task, a phase or a plan. */
export const errorPolicyFields = { error_policy: errorPolicySchema.optional(), self_heal_policy: selfHealSchema.optional() };
export type ErrorPolicyFields = { readonly [K in keyof typeof errorPolicyFields]?: z.infer<(typeof errorPolicyFields)[K]> };

const environmentName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/u, { error: 'expected the name of an environment variable' });

export const executorsSchema = z
  .record(
    executorNameSchema.refine((name) => !(BUILT_IN_EXECUTORS as readonly string[]).includes(name), { error: 'is one of the executors that there always are: choose another name' }),
    z.strictObject({
      command: z.string().min(1),
      env: z.record(environmentName, z.union([z.string(), z.number(), z.boolean()])).optional(),
      secrets: z.array(environmentName).optional(),
    }),
  )
  .refine((written) => Object.keys(written).length <= MAX_EXECUTORS, { error: `expected at most ${MAX_EXECUTORS} executors` });
export type WrittenExecutors = z.infer<typeof executorsSchema>;
