/** A plan as the checks look at it: commands parsed, paths collected, who comes before whom. */
import type { GraphTask, StoredPlan, TaskSpec } from '../../model/graph.ts';
import { UNASSIGNED } from '../../model/graph.ts';
import type { Mark } from '../../model/sentinel.ts';
import { markOf } from '../../model/sentinel.ts';
import type { WrittenTask } from '../../model/task.schema.ts';
import { ancestorsOf } from '../../scheduler/graph/ancestors.ts';
import type { Ancestors } from '../../scheduler/graph/ancestors.ts';
import { areaOf } from '../healing/area.ts';
import type { Certainty, Finding } from './finding.ts';
import { namedPaths } from './named-paths.ts';
import { PathIndex, plainPath } from './path-index.ts';
import { parseCommand } from './shell/parse-command.ts';
import type { ShellCommand } from './shell/shell-command.ts';

export interface PreflightSubject {
  readonly plan: StoredPlan;
  /** Absolute path of the directory that commands run in. */
  readonly workspace: string;
  /** Of whoever runs the commands, as far as that is known. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Commands run on this machine and in this environment: else what depends on them is only likely. */
  readonly here: boolean;
}

export interface TaskCommand {
  /** As the plan calls it. */
  readonly what: 'cmd' | 'smoke' | 'a check';
  /** Undefined where it is not understood. */
  readonly shell: ShellCommand | undefined;
}

export interface SurveyedTask {
  readonly index: number;
  readonly node: GraphTask;
  readonly spec: TaskSpec;
  readonly mark: Mark | undefined;
  /** Relative to the workspace; `.` is the workspace itself. */
  readonly directory: string;
  readonly commands: readonly TaskCommand[];
  /** What it says that it writes and reads: paths and globs. */
  readonly writes: readonly string[];
  readonly reads: readonly string[];
  /** All paths it has to do with, as far as that can be seen. */
  readonly touches: readonly string[];
}

export interface Survey extends PreflightSubject {
  readonly tasks: readonly SurveyedTask[];
  readonly ancestors: Ancestors;
  readonly writers: PathIndex;
  readonly touchers: PathIndex;
}

/** Checked against its schema when the plan was read. */
type Fields = Partial<WrittenTask>;

const plain = (...lists: readonly (readonly string[] | undefined)[]): readonly string[] => [...new Set(lists.flatMap((list) => list ?? []).flatMap((path) => plainPath(path) ?? []))];

const commandsOf = ({ command, smoke, checks = [] }: TaskSpec): readonly TaskCommand[] => [
  ...(command === undefined ? [] : [{ what: 'cmd' as const, shell: parseCommand(command) }]),
  ...(smoke === undefined ? [] : [{ what: 'smoke' as const, shell: parseCommand(smoke) }]),
  ...checks.flatMap((check) => (check.type === 'command' ? [{ what: 'a check' as const, shell: parseCommand(check.cmd) }] : [])),
];

const surveyed = (node: GraphTask, spec: TaskSpec, index: number): SurveyedTask => {
  const fields: Fields = spec.fields;
  const directory = (spec.directory === undefined ? undefined : plainPath(spec.directory)) ?? '.';
  const commands = commandsOf(spec);
  const scope = fields.files_scope;
  const writes = plain(spec.artifacts, scope?.writes, scope?.write);
  const named = commands.flatMap(({ shell }) => (shell ? namedPaths(shell, directory) : []));
  return { index, node, spec, mark: markOf(node), directory, commands, writes, reads: plain(scope?.reads, scope?.read), touches: plain(writes, areaOf(fields), named) };
};

export const surveyOf = (subject: PreflightSubject): Survey => {
  const { graph, tasks: specs } = subject.plan;
  const tasks = graph.tasks.map((node, index) => surveyed(node, specs[index] ?? { id: node.id, fields: {} }, index));
  const pathsOf = (of: (task: SurveyedTask) => readonly string[]): PathIndex => new PathIndex(tasks.flatMap((task) => of(task).map((path) => ({ task: task.index, path }))));
  return {
    ...subject,
    tasks,
    ancestors: ancestorsOf(graph.tasks.map(({ deps = [], soft = [] }) => [...deps, ...soft])),
    writers: pathsOf(({ writes }) => writes),
    touchers: pathsOf(({ touches }) => touches),
  };
};

/** Neither a person nor nobody does it. */
export const isCommand = ({ node, spec }: SurveyedTask): boolean => spec.command !== undefined && (node.executor === undefined || node.executor === 'command' || node.executor === UNASSIGNED);

/** Of what was seen on this machine: a task that only some workers take may run on another. */
export const seenHere = ({ here }: Survey, { node }: SurveyedTask, isCertain: boolean): Certainty => (isCertain && here && node.capabilities === undefined ? 'certain' : 'likely');

/** A finding of a task, where it stands. */
export const about = ({ node, spec }: SurveyedTask, finding: Omit<Finding, 'task' | 'place'>): Finding => ({ ...finding, task: node.id, ...(spec.place && { place: spec.place }) });
