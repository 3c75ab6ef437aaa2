/** Which files a task produces and touches, as far as the plan says: what late edges are found by. */
import { MAX_TASK_FILES } from '../../model/late-edge.ts';
import type { TaskFiles } from '../../model/late-edge.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import { isNegated, scopeKey } from '../../resources/path-patterns.ts';
import { workingDirectories } from '../healing/area.ts';
import { staysInside } from '../read/inside.ts';
import { present } from '../read/optional.ts';

/** Longer ones say less than they cost: the graph travels with every run. */
const MAX_LENGTH = 300;

export type FileFields = Pick<WrittenTask, 'artifacts' | 'outputs' | 'files_scope' | 'directory' | 'workspace' | 'cmd' | 'smoke'>;

/** What is said of the whole workspace says nothing of who comes first, and what a pattern takes away is left on the safe side. */
const tells = (path: string): boolean => path.length <= MAX_LENGTH && !isNegated(path) && staysInside(path) && !/^[.*/]*$/u.test(path);

const listed = (paths: readonly string[]): readonly string[] => [...new Set(paths.filter(tells).map(scopeKey))];

const bounded = (paths: readonly string[]): readonly string[] | undefined => (paths.length > 0 ? paths.slice(0, MAX_TASK_FILES) : undefined);

const stated = ({ artifacts = [], outputs = [], files_scope: scope = {}, ...rest }: FileFields): Readonly<Record<keyof TaskFiles, readonly string[]>> => ({
  produces: listed([...artifacts, ...outputs, ...(scope.writes ?? []), ...(scope.write ?? [])]),
  reads: listed([...(scope.reads ?? []), ...(scope.read ?? [])]),
  names: listed(workingDirectories(rest)),
});

/** Undefined where it says nothing. */
export const filesOf = (task: FileFields): TaskFiles | undefined => {
  const { produces, reads, names } = stated(task);
  const files = present({ produces: bounded(produces), reads: bounded(reads), names: bounded(names) });
  return Object.keys(files).length > 0 ? files : undefined;
};

/** Whether it names more than is carried along. */
export const hasMoreFiles = (task: FileFields): boolean => Object.values(stated(task)).some((paths) => paths.length > MAX_TASK_FILES);
