/**
 * From what a person has (a description, or a document's bytes) and a code base to a plan in memory. Reads files, writes none
 * but the analyser's cache.
 */
import { join, relative, sep } from 'node:path';
import envPaths from 'env-paths';
import { fail, ok } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';
import { analyseCodebase } from '../../planner/codebase/analyse-codebase.ts';
import { composePlan } from '../../planner/compose/compose-plan.ts';
import type { ComposedPlan } from '../../planner/compose/compose-plan.ts';
import { draftPlan } from '../../planner/drafters/draft-plan.ts';
import type { PlanOptions } from '../../planner/compose/options.ts';
import type { OnPhase } from '../../planner/compose/phase-report.ts';
import { readDocument } from '../../planner/document/read-document.ts';
import type { PreviousPlan } from '../../planner/replan/previous-plan.ts';
import { findRequirements } from '../../planner/requirements/find-requirements.ts';
import { VERSION } from '../../temporal/version.ts';
import type { ChosenDrafter } from '../drafters/choose-drafter.ts';
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
  /** The plan that goes on. */
  readonly previous?: PreviousPlan;
  readonly isRefreshing?: boolean;
  readonly onPhase?: OnPhase;
  /** Who drafts, and how that is ended; rules alone unless stated. */
  readonly drafting?: ChosenDrafter & { readonly signal: AbortSignal };
}

/** Problems with their exit codes: 1 the document, 2 the code base, 3 cycles, 4 resources. */
export const planDocument = async ({ document: { name, bytes }, codebase, home, options, environment, previous, isRefreshing, onPhase, drafting }: PlanDocumentOptions): Promise<Result<ComposedPlan>> => {
  const document = readDocument({ name, bytes });
  if (!document.ok) return document;
  const analysed = await analyseCodebase({ path: codebase, cacheDirectory: join(envPaths('tasks', { suffix: '' }).cache, 'codebase') });
  if (!analysed.ok) return analysed;
  const requirements = findRequirements(document.value);
  const input = { document: document.value, requirements, codebase: analysed.value };
  const drafted = drafting && (await draftPlan({ ...input, ...drafting }));
  // Another plan than the one that is to be made again is none.
  if (drafting?.isReplay && drafted && drafted.usedDrafter === undefined) return fail(drafted.warnings);
  const composed = composePlan({
    ...input,
    ...(drafted && { drafted }),
    options: { ...options, timestamp: sourceDate(environment, document.value.date) },
    version: VERSION,
    codebasePath: relative(home, codebase).split(sep).join('/') || '.',
    ...(previous && { previous }),
    ...(isRefreshing !== undefined && { isRefreshing }),
    ...(onPhase && { onPhase }),
  });
  if (!composed.ok || !drafted) return composed;
  return ok({ ...composed.value, warnings: [...drafted.warnings.map(({ code, message }) => `[${code}] ${message}`), ...composed.value.warnings] });
};
