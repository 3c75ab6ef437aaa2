/**
 * `coverage.json`, beyond spec/001: every requirement that the document states, and the tasks that cover it, or why none
 * does; and what is vague or open in the document.
 */
import { z } from 'zod';
import { generatedSchema, said, shareSchema, sourceEvidenceSchema, taskIdSchema } from './scalars.schema.ts';

/** How binding a requirement is: MUST, SHALL and their kind; SHOULD; MAY; of a statement that says none of these, `stated`. */
export const STRENGTHS = ['must', 'should', 'may', 'stated'] as const;
export type Strength = (typeof STRENGTHS)[number];

export const coverageSchema = z.looseObject({
  generated: generatedSchema,
  requirements: z.array(
    z.looseObject({
      id: said,
      rule: said,
      strength: z.enum(STRENGTHS),
      evidence: sourceEvidenceSchema,
      tasks: z.array(taskIdSchema),
      /** Why no task covers it; there unless some do. */
      reason: said.optional(),
    }),
  ),
  /** Share of the normative ones (must) with a task or a reason, and of all. */
  normative: shareSchema,
  all: shareSchema,
  excludes: z.array(sourceEvidenceSchema),
  /** Wording that nobody can test, and questions that the document leaves open. */
  clarifications: z.array(z.looseObject({ kind: z.enum(['vague', 'open_question']), rule: said, message: said, evidence: sourceEvidenceSchema })),
});
export type Coverage = z.infer<typeof coverageSchema>;
