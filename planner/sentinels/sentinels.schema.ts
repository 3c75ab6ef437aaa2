/** Sentinels and canaries as plans write them (spec/000 section 8). */
import { z } from 'zod';
import { taskSchema } from '../../model/task.schema.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/u;
/** It becomes part of an id. */
const checkName = z.string().regex(NAME, { error: 'expected a name of letters, digits, "_" and "-", at most 32' });

/** A command, or a task as plans write it without what its place in the graph decides. */
const lookSchema = z.union(
  [
    z.string().min(1),
    taskSchema
      .pick({
        title: true,
        description: true,
        cmd: true,
        directory: true,
        workspace_mode: true,
        worktree: true,
        env: true,
        secrets: true,
        timeout: true,
        estimate_minutes: true,
        priority: true,
        retries: true,
        retry: true,
        resources: true,
        locks: true,
        capabilities: true,
        artifacts: true,
        acceptance_checks: true,
      })
      .strict()
      .required({ cmd: true }),
  ],
  { error: 'expected a command, or {cmd, directory, env, timeout, retries, resources, …}' },
);
export type WrittenLook = z.infer<typeof lookSchema>;

const depth = z.int().min(0);

export const sentinelsSchema = z
  .strictObject({
    /** `false` takes back what the plan says. */
    enabled: z.boolean().optional(),
    /** What is run after each level, by name. */
    checks: z.record(checkName, lookSchema).refine((checks) => Object.keys(checks).length > 0, { error: 'expected at least one check' }).optional(),
    /** After which levels. */
    at: z.union([z.literal('every'), z.array(depth).min(1), z.strictObject({ every: z.int().min(1) })], { error: 'expected "every", a list of depths, or {"every": N}' }).optional(),
    /** Whether what lies deeper waits for them. */
    blocking: z.boolean().optional(),
  })
  .refine(({ enabled, checks }) => enabled === false || checks !== undefined, { error: 'expected "checks": what is to be run after each level', path: ['checks'] });
export type WrittenSentinels = z.infer<typeof sentinelsSchema>;

export const canariesSchema = z
  .strictObject({
    enabled: z.boolean().optional(),
    /** What is run after each major cut. */
    smoke: lookSchema.optional(),
    /** Of all tasks, before a cut as well as behind it. */
    share: z.number().min(0.01).max(0.5).optional(),
    blocking: z.boolean().optional(),
  })
  .refine(({ enabled, smoke }) => enabled === false || smoke !== undefined, { error: 'expected "smoke": what is to be run after each cut', path: ['smoke'] });
export type WrittenCanaries = z.infer<typeof canariesSchema>;
