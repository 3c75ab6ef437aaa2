/** The paths a task names must stay inside the workspace: no absolute ones, no step up. */
import type { WrittenCheck } from '../../model/check.schema.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import { unreachable } from '../../model/unreachable.ts';
import { staysInside } from './inside.ts';
import type { Path } from './source.ts';

export interface NamedPath {
  /** Where it stands within the task. */
  readonly at: Path;
  readonly text: string;
}

const listed = (key: string, list: readonly string[] | undefined): readonly NamedPath[] =>
  (list ?? []).map((text, index) => ({ at: [key, index], text }));

const single = (at: Path, text: unknown): readonly NamedPath[] => (typeof text === 'string' ? [{ at, text }] : []);

const ofCheck = (check: WrittenCheck, at: Path): readonly NamedPath[] => {
  switch (check.type) {
    case 'command':
      return typeof check.report === 'string'
        ? single([...at, 'report'], check.report)
        : single([...at, 'report', 'path'], check.report?.path);
    case 'artifact':
      return single([...at, 'path'], check.path);
    case 'metric':
      return single([...at, 'file'], check.file);
    case 'manual':
      return [];
    default:
      return unreachable(check);
  }
};

const CHECK_TYPES: ReadonlySet<unknown> = new Set(['command', 'artifact', 'metric', 'manual']);
const isCheck = (item: unknown): item is WrittenCheck =>
  typeof item === 'object' && item !== null && 'type' in item && CHECK_TYPES.has(item.type);

const ofChecks = (key: string, checks: unknown): readonly NamedPath[] => {
  if (Array.isArray(checks)) {
    return checks.flatMap((check: unknown, index) => (isCheck(check) ? ofCheck(check, [key, index]) : []));
  }
  return isCheck(checks) ? ofCheck(checks, [key]) : [];
};

const ofFilesScope = (scope: unknown): readonly NamedPath[] => {
  if (typeof scope !== 'object' || scope === null) return [];
  return ['writes', 'write'].flatMap((key) => {
    const list: unknown = (scope as Record<string, unknown>)[key];
    if (!Array.isArray(list)) return [];
    return list.flatMap((text: unknown, index) => single(['files_scope', key, index], text));
  });
};

/** Every path of the task that leads out of the workspace. */
export const pathsOutside = (task: WrittenTask): readonly NamedPath[] =>
  [
    ...listed('artifacts', task.artifacts),
    ...listed('outputs', task.outputs),
    ...single(['directory'], task.directory),
    ...single(['workspace'], task.workspace),
    ...ofFilesScope(task['files_scope']),
    ...ofChecks('acceptance_checks', task.acceptance_checks),
    ...ofChecks('acceptance', task.acceptance),
  ].filter(({ text }) => !staysInside(text));
