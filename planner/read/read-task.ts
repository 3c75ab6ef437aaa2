/** One task of any format: checked against the common shape, then mapped. */
import type { z } from 'zod';
import { taskSchema } from '../../model/task.schema.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import { pathsOutside } from './check-paths.ts';
import type { DraftEdge, DraftTask, Findings } from './draft.ts';
import { lacksReport } from './map-checks.ts';
import { namedAsks } from './map-asks.ts';
import { compensationProblem } from './map-compensation.ts';
import { mapExclusions } from './map-exclusions.ts';
import { mapNode, mapSpec } from './map-task.ts';
import { capabilityTooMany, TOO_MANY_CAPABILITIES } from './map-workers.ts';
import { schemaProblems } from './schema-problems.ts';
import type { Where } from './source.ts';
import { inside, problemAt } from './source.ts';
import { quote } from './words.ts';

export interface ReadTask<T extends WrittenTask = WrittenTask> {
  readonly task: DraftTask;
  readonly edges: readonly DraftEdge[];
  /** Undefined when the task did not pass its schema: what is here then only keeps other errors honest. */
  readonly written?: T;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const edgesOf = (id: string, raw: Readonly<Record<string, unknown>>, where: Where): readonly DraftEdge[] => {
  const listed = (key: string, type: 'hard' | 'soft'): readonly DraftEdge[] => {
    const list: unknown = Object.hasOwn(raw, key) ? raw[key] : undefined;
    if (!Array.isArray(list)) return [];
    return list.flatMap((item: unknown, index): DraftEdge[] => {
      const at = inside(where, key, index);
      if (typeof item === 'string') return [{ from: item, to: id, type, where: at }];
      if (!isRecord(item) || typeof item['id'] !== 'string') return [];
      return [{ from: item['id'], to: id, type: item['type'] === 'soft' ? 'soft' : type, where: inside(at, 'id') }];
    });
  };
  return [...listed('deps', 'hard'), ...listed('depends_on', 'hard'), ...listed('soft_deps', 'soft')];
};

/** A task that failed its schema still has an id, and other tasks may depend on it. */
const stub = (raw: unknown, where: Where): ReadTask | undefined => {
  if (!isRecord(raw) || typeof raw['id'] !== 'string') return undefined;
  const task: DraftTask = { id: raw['id'], where, node: { executor: 'noop' }, spec: { fields: {} }, asks: [], exclusions: {} };
  return { task, edges: edgesOf(raw['id'], raw, where) };
};

const checkTask = (task: WrittenTask, where: Where, findings: Findings): void => {
  for (const { at, text } of pathsOutside(task)) {
    findings.problems.push(
      problemAt({
        code: 'TASKS1209',
        message: `task ${quote(task.id)}: the path ${quote(text)} leads out of the workspace`,
        where: inside(where, ...at),
        hint: 'Paths are relative to the workspace and hold no "..".',
      }),
    );
  }
  const tooMany = capabilityTooMany(task);
  if (tooMany) findings.problems.push(problemAt({ code: 'TASKS1006', message: `task ${quote(task.id)}: ${TOO_MANY_CAPABILITIES}`, where: inside(where, ...tooMany) }));
  const twofold = compensationProblem(task);
  if (twofold !== undefined) findings.problems.push(problemAt({ code: 'TASKS1006', message: `task ${quote(task.id)}: ${twofold}`, where: inside(where, 'rollback_cmd') }));
  if (task.executor === 'command' && task.cmd === undefined) {
    findings.problems.push(
      problemAt({
        code: 'TASKS1006',
        message: `task ${quote(task.id)}: the executor "command" needs a cmd`,
        where: inside(where, 'executor'),
      }),
    );
  }
};

const warnTask = (task: WrittenTask, mapped: DraftTask, findings: Findings): void => {
  if (mapped.spec.checks?.some(lacksReport)) {
    findings.warnings.push(
      problemAt({
        code: 'TASKS1006',
        message: `task ${quote(task.id)}: a check expects a pass rate or a coverage and names no report: it cannot pass`,
        where: inside(mapped.where, task.acceptance_checks ? 'acceptance_checks' : 'acceptance'),
        hint: 'Add "report": {"path": "…", "format": "junit"} with the report that the command writes.',
      }),
    );
  }
  if (mapped.node.dispatch === 'activity' && mapped.node.needsChild) {
    findings.warnings.push(
      problemAt({
        code: 'TASKS1006',
        message: `task ${quote(task.id)}: dispatch "activity" has no effect: it needs a child workflow (checkpoints, rollback, steps or a person)`,
        where: inside(mapped.where, 'dispatch'),
      }),
    );
  }
};

/** Undefined when there is nothing that could be called a task; what is wrong is in `findings`. */
export const readTask = <T extends WrittenTask>(options: {
  readonly raw: unknown;
  readonly where: Where;
  readonly schema: z.ZodType<T>;
  readonly findings: Findings;
}): ReadTask<T> | undefined => {
  const { raw, where, schema, findings } = options;
  const parsed = schema.safeParse(raw);
  if (!parsed.success) {
    findings.problems.push(...schemaProblems({ schema, issues: parsed.error.issues, value: raw, where }));
    const { task, edges } = stub(raw, where) ?? {};
    return task && edges ? { task, edges } : undefined;
  }
  const written = parsed.data;
  const fields = isRecord(raw) ? raw : {};
  const task: DraftTask = {
    id: written.id,
    where,
    node: mapNode(written),
    spec: mapSpec(written, fields),
    asks: namedAsks(written).map(({ at, ...ask }) => ({ ...ask, where: inside(where, ...at) })),
    exclusions: mapExclusions(written, where),
  };
  checkTask(written, where, findings);
  warnTask(written, task, findings);
  return { task, edges: edgesOf(written.id, fields, where), written };
};

export interface ReadTasks {
  readonly tasks: readonly DraftTask[];
  readonly edges: readonly DraftEdge[];
}

/** A list of tasks in the common shape. */
export const readTasks = (options: {
  readonly raw: readonly unknown[];
  readonly where: Where;
  readonly findings: Findings;
}): ReadTasks => {
  const { raw, where, findings } = options;
  const tasks: DraftTask[] = [];
  const edges: DraftEdge[] = [];
  for (const [index, item] of raw.entries()) {
    const read = readTask({ raw: item, where: inside(where, index), schema: taskSchema, findings });
    if (!read) continue;
    tasks.push(read.task);
    edges.push(...read.edges);
  }
  return { tasks, edges };
};
