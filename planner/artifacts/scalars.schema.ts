/** Pieces that several artifacts share. */
import { z } from 'zod';
import { DEPENDENCY_TYPES } from '../../model/edge.schema.ts';
import { ID_PATTERN } from '../../model/ids.ts';

/** Text that says something. */
export const said = z.string().regex(/\S/, { error: 'expected text that is not blank' });

export const taskIdSchema = z.string().regex(ID_PATTERN, { error: 'expected a task id: a letter or a digit, then letters, digits, ".", "_" and "-"' });
export const featureIdSchema = taskIdSchema;
export const shareSchema = z.number().min(0).max(1);
export const hoursSchema = z.number().min(0);

/** sha256 as 64 hex digits. */
export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, { error: 'expected sha256 as 64 lower-case hex digits' });
/** The first 16 of them: a task's own. */
export const shortHashSchema = z.string().regex(/^[0-9a-f]{16}$/, { error: 'expected the first 16 lower-case hex digits of sha256' });

export const GENERATOR = 'T.A.S.K.S v3';

export const generatedSchema = z.looseObject({
  by: z.string(),
  /** ISO 8601; of what was planned, not of when it was planned: `SOURCE_DATE_EPOCH`, else 1970-01-01. */
  timestamp: z.iso.datetime({ offset: true }),
  /** Of the file's canonical JSON (RFC 8785) without this field. */
  contentHash: sha256Schema,
});
export type Generated = z.infer<typeof generatedSchema>;

/** `quote` is exactly `document.slice(loc.start, loc.end)`, in UTF-16 units, but for secrets, which read `[REDACTED]`. Lines count from 1, the last one included. */
export const sourceEvidenceSchema = z.looseObject({
  quote: said,
  loc: z.object({ start: z.int().min(0), end: z.int().min(0) }),
  section: z.string(),
  startLine: z.int().min(1),
  endLine: z.int().min(1),
});
export type SourceEvidence = z.infer<typeof sourceEvidenceSchema>;

export const dependencyTypeSchema = z.enum(DEPENDENCY_TYPES);
export type DependencyType = z.infer<typeof dependencyTypeSchema>;

export const PLAN_PRIORITIES = ['critical', 'high', 'medium', 'low'] as const;
export type PlanPriority = (typeof PLAN_PRIORITIES)[number];

export const EXECUTION_MODELS = ['rolling_frontier', 'wave_based'] as const;
export type ExecutionModel = (typeof EXECUTION_MODELS)[number];
