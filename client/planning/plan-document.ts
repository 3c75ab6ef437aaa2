/**
 * From what a person has (a description, or a document's bytes) and a code base to a plan in memory. Reads files, writes none
 * but the analyser's cache.
 */
import { join, relative, sep } from 'node:path';
import envPaths from 'env-paths';
import type { Result } from '../../model/problem.ts';
import { analyseCodebase } from '../../planner/codebase/analyse-codebase.ts';
import { composePlan } from '../../planner/compose/compose-plan.ts';
import type { ComposedPlan } from '../../planner/compose/compose-plan.ts';
import type { PlanOptions } from '../../planner/compose/options.ts';
import type { OnPhase } from '../../planner/compose/phase-report.ts';
import { readDocument } from '../../planner/document/read-document.ts';
import { findRequirements } from '../../planner/requirements/find-requirements.ts';
import { VERSION } from '../../temporal/version.ts';
import { sourceDate } from './source-date.ts';

export interface PlanDocumentOptions {
  /** `name` without directories. */
  readonly document: { readonly name: string; readonly bytes: Uint8Array };
  /** Absolute. */
  readonly codebase: string;
  /** Absolute: where the plan will lie, or would. */
  readonly home: string;
  readonly options: Omit<PlanOptions, 'timestamp'>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onPhase?: OnPhase;
}

/** Problems with their exit codes: 1 the document, 2 the code base, 3 cycles, 4 resources. */
export const planDocument = async ({ document: { name, bytes }, codebase, home, options, environment, onPhase }: PlanDocumentOptions): Promise<Result<ComposedPlan>> => {
  const document = readDocument({ name, bytes });
  if (!document.ok) return document;
  const analysed = await analyseCodebase({ path: codebase, cacheDirectory: join(envPaths('tasks', { suffix: '' }).cache, 'codebase') });
  if (!analysed.ok) return analysed;
  return composePlan({
    document: document.value,
    requirements: findRequirements(document.value),
    codebase: analysed.value,
    options: { ...options, timestamp: sourceDate(environment, document.value.date) },
    version: VERSION,
    codebasePath: relative(home, codebase).split(sep).join('/') || '.',
    ...(onPhase && { onPhase }),
  });
};
