/**
 * Acceptance checks as a plan writes them. `expect` is strict: an expectation that nobody knows would pass
 * unseen.
 */
import { z } from 'zod';
import { REPORT_FORMATS } from './check.ts';
import { durationSchema, patternSchema } from './scalar.schema.ts';

const commandCheckSchema = z.looseObject({
  type: z.literal('command'),
  cmd: z.string().min(1),
  expect: z
    .strictObject({
      exitCode: z.int().optional(),
      contains: z.string().optional(),
      matches: patternSchema.optional(),
      passRateGte: z.number().min(0).max(1).optional(),
      coverageGte: z.number().min(0).max(1).optional(),
    })
    .optional(),
  report: z
    .union([z.string().min(1), z.strictObject({ path: z.string().min(1), format: z.enum(REPORT_FORMATS).optional() })], {
      error: `expected a path or {path, format}, where format is one of ${REPORT_FORMATS.join(', ')}`,
    })
    .optional(),
  timeout: durationSchema.optional(),
});

const artifactCheckSchema = z.looseObject({
  type: z.literal('artifact'),
  path: z.string().min(1),
  expect: z
    .strictObject({
      exists: z.boolean().optional(),
      validJSON: z.boolean().optional(),
      validYAML: z.boolean().optional(),
      validOpenAPI: z.boolean().optional(),
    })
    .optional(),
});

const metricCheckSchema = z.looseObject({
  type: z.literal('metric'),
  name: z.string().min(1),
  file: z.string().min(1).optional(),
  expect: z
    .strictObject({ lte: z.number().optional(), gte: z.number().optional() })
    .refine((bounds) => bounds.lte !== undefined || bounds.gte !== undefined, { error: 'expected lte, gte or both' }),
});

const manualCheckSchema = z.looseObject({ type: z.literal('manual'), text: z.string() });

export const CHECK_TYPES = ['command', 'artifact', 'metric', 'manual'] as const;

/** A check in one of the four shapes; its `type` tells which. */
export const checkSchema = z.discriminatedUnion(
  'type',
  [commandCheckSchema, artifactCheckSchema, metricCheckSchema, manualCheckSchema],
  { error: `expected a check whose type is one of ${CHECK_TYPES.join(', ')}` },
);
export type WrittenCheck = z.infer<typeof checkSchema>;
