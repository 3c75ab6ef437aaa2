/**
 * Reading a plan: the one way from whatever people have (a directory, a file, text) to the {@link StoredPlan}
 * that everything else works on. Nothing is started and nothing is written.
 *
 * @example
 * const read = await readPlan({ source: { path: 'examples/quickstart' } });
 * if (!read.ok) throw new TasksError(read.error);
 * console.error(read.value.warnings.map((warning) => warning.message).join('\n'));
 */
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { unreachable } from '../../model/unreachable.ts';
import { bounded, compile } from './compile.ts';
import type { ReadPlan } from './compile.ts';
import { detectFormat } from './detect.ts';
import type { Detected, Documents } from './detect.ts';
import { newFindings } from './draft.ts';
import type { Draft, Findings } from './draft.ts';
import { inputFromPath, inputFromText } from './input.ts';
import type { PlanInput } from './input.ts';
import { parseSource } from './parse-source.ts';
import { readCoordinator } from './read-coordinator.ts';
import { readFlowops } from './read-flowops.ts';
import { readPhases } from './read-phase.ts';
import { readTasksV3 } from './read-tasks-v3.ts';
import type { SourceDocument } from './source.ts';

export type { ReadPlan } from './compile.ts';

/** A path, or the text of standard input: that may be a path too, or files between `---file:` fences. */
export type PlanSource = { readonly path: string } | { readonly stdin: string };

export interface ReadPlanOptions {
  /** Executors there are: a task that names another is refused. `command`, `human` and `noop` unless stated. */
  readonly executors?: readonly string[];
  /** v3 dependencies of less confidence do not gate; the plan's own, or 0.7, unless stated. */
  readonly minConfidence?: number;
  /** Profile whose capacities the graph is compiled with; the plan's own unless stated. */
  readonly profile?: string;
}

const draftOf = (detected: Detected, options: ReadPlanOptions, findings: Findings): Draft | undefined => {
  const confidence = { minConfidence: options.minConfidence };
  switch (detected.format) {
    case 'flowops':
      return readFlowops(detected.files, findings);
    case 'tasks.v3':
      return readTasksV3(detected.files, confidence, findings);
    case 'coordinator':
      return readCoordinator(detected.files, confidence, findings);
    case 'phase':
      return readPhases(detected.files, findings);
    default:
      return unreachable(detected);
  }
};

/** Files that were parsed, and what they are: not checked any further. */
export interface ParsedPlan {
  readonly input: PlanInput;
  readonly documents: Documents;
  readonly detected: Detected;
}

export const parsePlan = (input: PlanInput): Result<ParsedPlan> => {
  const documents = new Map<string, readonly SourceDocument[]>();
  const unparsed: Problem[] = [];
  for (const file of input.files) {
    const parsed = parseSource(file);
    if (parsed.ok) documents.set(file.name, parsed.value);
    else unparsed.push(...parsed.error);
  }
  if (unparsed.length > 0) return fail(bounded(unparsed));
  const detected = detectFormat(input.label, documents);
  return detected.ok ? ok({ input, documents, detected: detected.value }) : detected;
};

export const compilePlan = ({ input, detected }: ParsedPlan, options: ReadPlanOptions = {}): Result<ReadPlan> => {
  const findings = newFindings();
  findings.warnings.push(...input.warnings);
  const draft = draftOf(detected, options, findings);
  if (!draft) return fail(bounded(findings.problems));
  const compiled = compile({ draft, findings, name: input.name, executors: options.executors, profile: options.profile });
  return compiled.ok && input.path !== undefined ? ok({ ...compiled.value, path: input.path }) : compiled;
};

export const inputOf = (source: PlanSource): Promise<Result<PlanInput>> => ('path' in source ? inputFromPath(source.path) : inputFromText(source.stdin));

/**
 * Everything that is wrong comes back at once, each problem with its place, the line and, where there is one,
 * the way out. Warnings come with the plan.
 */
export const readPlan = async (options: {
  readonly source: PlanSource;
  readonly options?: ReadPlanOptions;
}): Promise<Result<ReadPlan>> => {
  const input = await inputOf(options.source);
  if (!input.ok) return input;
  const parsed = parsePlan(input.value);
  return parsed.ok ? compilePlan(parsed.value, options.options) : parsed;
};
