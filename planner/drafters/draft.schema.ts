/**
 * What a drafter answers: features, tasks and the order between them, in as few words as that takes. Everything else of a plan
 * follows from it by rules. Parsed item by item (`verify/read-draft.ts`): one that is malformed does no harm to the others.
 *
 * Members that may be left out have a default, and still the published schema asks for all of them: providers that hold a model
 * to a schema want every member to be required.
 */
import { z } from 'zod';
import { PLAN_PRIORITIES } from '../artifacts/scalars.schema.ts';
import { TASK_KINDS } from '../breakdown/task-draft.ts';

const list = z.array(z.string()).default([]);
const quotes = list.describe('Word for word from the document');
const requirements = list.describe('Ids of requirements of the request, such as R012');

export const draftFeatureSchema = z.object({
  id: z.string().describe('Yours, unique, such as F1'),
  title: z.string(),
  description: z.string().default(''),
  priority: z.enum(PLAN_PRIORITIES).default('medium'),
  quotes,
  requirements,
});
export type DraftFeature = z.infer<typeof draftFeatureSchema>;

/** Flat: not every provider takes a choice of shapes. */
export const draftCheckSchema = z.object({
  type: z.enum(['command', 'artifact', 'metric']),
  value: z.string().describe('command: one of the project, with a path of tests after it; artifact: the path of a file that must exist; metric: its name'),
  bound: z.enum(['none', 'at_most', 'at_least']).default('none').describe('Of a metric'),
  number: z.number().default(0).describe('Of a metric: as the document states it'),
});
export type DraftCheck = z.infer<typeof draftCheckSchema>;

export const draftTaskSchema = z.object({
  id: z.string().describe('Yours, unique, such as T1'),
  feature: z.string().describe('Id of its feature'),
  kind: z.enum(TASK_KINDS).default('implementation'),
  title: z.string().describe('Begins with a verb, names the object and, where there is one, the symbol or path'),
  description: z.string().default(''),
  quotes,
  requirements,
  hours: z.object({ optimistic: z.number(), mostLikely: z.number(), pessimistic: z.number() }),
  reads: list.describe('Paths or patterns, relative to the code base'),
  writes: list.describe('Paths or patterns, relative to the code base'),
  /** Looked at one by one ({@link draftCheckSchema}). */
  checks: z.array(z.unknown()).default([]),
  produces: list.describe('Interfaces that other tasks build upon, such as SessionStore:v1; each has one producer'),
  consumes: list.describe('Interfaces that it builds upon'),
  extends: list.describe('Names of the code base that it extends'),
  uses: list.describe('Names of the code base that it uses'),
  rationale: z.string().default('').describe('Why something is extended, or why something new is built'),
});
export type DraftTask = z.infer<typeof draftTaskSchema>;

export const DRAFT_DEPENDENCY_TYPES = ['technical', 'sequential', 'infrastructure', 'knowledge'] as const;

export const draftDependencySchema = z.object({
  from: z.string().describe('Id of the task that comes first'),
  to: z.string(),
  type: z.enum(DRAFT_DEPENDENCY_TYPES),
  reason: z.string(),
  quote: z.string().default('').describe('Word for word from the document, where it says so'),
  confidence: z.number(),
  isHard: z.boolean().default(true),
});
export type DraftDependency = z.infer<typeof draftDependencySchema>;

/** A requirement that no work follows from, and why: only one that is not binding can be declined. */
export const draftDeclineSchema = z.object({ requirement: z.string(), reason: z.string() });
export type DraftDecline = z.infer<typeof draftDeclineSchema>;

const draftSchema = z.object({
  features: z.array(draftFeatureSchema),
  tasks: z.array(draftTaskSchema.extend({ checks: z.array(draftCheckSchema) })),
  dependencies: z.array(draftDependencySchema),
  declined: z.array(draftDeclineSchema).describe('Requirements that are not binding and that no work follows from'),
});

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Members of their dialect that providers know: descriptions, types, and that nothing else is there. Defaults are ours. */
const plain = (schema: Json): Json => {
  if (Array.isArray(schema)) return schema.map(plain);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(Object.entries(schema).flatMap(([key, value]) => (key === 'default' || key === '$schema' ? [] : [[key, plain(value)]])));
};

/** JSON Schema of an answer. */
export const DRAFT_JSON_SCHEMA: Readonly<Record<string, unknown>> = plain(z.toJSONSchema(draftSchema, { io: 'output' }) as Json) as Readonly<Record<string, unknown>>;
