/** `policies.failure_rules`: rows of a plan's own in the table that classifies failures, before those there always are. */
import { z } from 'zod';
import { ATTEMPT_FAILURE_REASONS, ERROR_KINDS, FAILURE_CLASSES } from '../../model/attempt.ts';
import { patternSchema } from '../../model/scalar.schema.ts';

const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1)]);
const exitCode = z.int().min(1).max(255);
const signal = z.string().regex(/^SIG[A-Z0-9+]{2,12}$/u, { error: 'expected the name of a signal, such as SIGKILL' });

const ruleSchema = z.strictObject({
  name: z.string().min(1).max(100).optional(),
  /** All that is stated must hold; at least one thing. */
  match: z
    .strictObject({
      exit_code: oneOrMore(exitCode).optional(),
      signal: oneOrMore(signal).optional(),
      reason: oneOrMore(z.enum(ATTEMPT_FAILURE_REASONS)).optional(),
      /** On the last 4 KB of the output; `^` and `$` match at lines, case does not count. */
      message_regex: patternSchema.max(1_000).optional(),
    })
    .refine((match) => Object.keys(match).length > 0, { error: 'expected exit_code, signal, reason or message_regex' }),
  class: z.enum(FAILURE_CLASSES),
  kind: z.enum(ERROR_KINDS).optional(),
});

export const failureRulesSchema = z.array(ruleSchema).max(200);
export type WrittenFailureRules = z.infer<typeof failureRulesSchema>;
