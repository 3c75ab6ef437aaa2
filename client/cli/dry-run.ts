/**
 * `execute --dry-run`: what a plan would do, from the scheduler itself. Nothing is started or stored, no
 * server is needed.
 */
import { isBackground, MAX_CONCURRENCY, UNASSIGNED } from '../../model/graph.ts';
import type { MachineLimits, Policies, StoredPlan } from '../../model/graph.ts';
import type { CarriedTask } from '../../model/activity.ts';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import type { PolicyOverrides } from '../../model/message.ts';
import type { WorkerTable } from '../../model/pool.ts';
import type { Resource } from '../../model/resource.ts';
import { markedAs } from '../../model/sentinel.ts';
import type { Mark } from '../../model/sentinel.ts';
import { openingsOf } from '../../planner/resources/openings.ts';
import type { QuarantineEntry } from '../../model/quarantine.ts';
import type { PlannedTakeOver } from '../../store/checkpoint/plan-take-over.ts';
import { createState } from '../../scheduler/create-state.ts';
import { executorOf } from '../../scheduler/dispatch.ts';
import { GraphIndex } from '../../scheduler/graph-index.ts';
import { mergePolicies } from '../../scheduler/policies.ts';
import type { SchedulerEvent } from '../../scheduler/protocol.ts';
import { Scheduler } from '../../scheduler/scheduler.ts';
import { pressureLines } from './dry-run-pressure.ts';
import { oneLine, pad, style, truncate, widthOf } from './markup.ts';
import { estimate } from './time-text.ts';
import { counted } from './view/counts-text.ts';
import { leftOutText } from './view/quarantine-text.ts';
import { lateEdgeText } from './view/late-edge-text.ts';
import type { LateEdgeEvent } from './view/late-edge-text.ts';
import { worktreeTasks } from './worktree-check.ts';

export interface DryRunTask {
  readonly id: TaskId;
  readonly title?: string;
  readonly executor: string;
  /** It looks at what others have left behind; the policies want it. */
  readonly mark?: Mark;
  readonly deps: readonly TaskId[];
  readonly soft: readonly TaskId[];
  readonly depth: number;
  /** What a worker must be able to do to take it; left out when any worker may. */
  readonly capabilities?: readonly string[];
  readonly affinity?: readonly string[];
  readonly estimateSeconds: number;
}

export interface DryRun {
  readonly dryRun: true;
  readonly name: string;
  readonly format: StoredPlan['format'];
  readonly workspace: string;
  readonly policies: Policies;
  /** How much of their machines the plan lets workers take that are started with it. */
  readonly machine?: MachineLimits;
  /** Tasks that run only in what others leave. */
  readonly background: number;
  /** Tasks that run in git worktrees of their own. */
  readonly worktrees: number;
  readonly total: number;
  readonly dependencies: { readonly hard: number; readonly soft: number };
  /** Tasks of the largest depth: about how many can run at once. */
  readonly width: number;
  readonly estimatedSeconds: number;
  readonly criticalPathSeconds: number;
  readonly criticalPath: readonly TaskId[];
  /** With the capacities of the profile, if one was chosen. Those that the system makes up are left out. */
  readonly profile?: string;
  readonly resources: readonly Resource[];
  /** Dependencies that no plan states: tasks touch what others produce. Those of both kinds are among the tasks' own. */
  readonly lateEdges: DryRunLateEdges;
  /** What would be taken over from an earlier execution, and what of it would be run again. */
  readonly takeOver?: DryRunTakeOver;
  /** Tasks that would be left out; null when no server said so. */
  readonly quarantined: readonly QuarantineEntry[] | null;
  /** What would start at once, in this order, if no other execution held anything; and what is ready and would wait, and why. */
  readonly startsFirst: readonly TaskId[];
  readonly waiting: readonly { readonly task: TaskId; readonly reason: string }[];
  readonly tasks: readonly DryRunTask[];
}

export interface DryRunLateEdges {
  /** The first of them, as events tell them: also those that would not be applied, and why. */
  readonly edges: readonly Omit<LateEdgeEvent, 'type'>[];
  /** So many more. */
  readonly more: number;
}

export interface DryRunTakeOver {
  readonly from: ExecutionId;
  readonly tasks: number;
  readonly again: readonly { readonly task: TaskId; readonly reason: string }[];
  /** Tasks that would go on from a checkpoint, if it is still kept. */
  readonly checkpoints: readonly { readonly task: TaskId; readonly checkpoint: string }[];
  readonly unchecked?: string;
}

export interface DryRunOptions {
  readonly plan: StoredPlan;
  readonly policies: PolicyOverrides;
  /** What does a task that names nothing. */
  readonly executor: string;
  readonly workspace: string;
  /** Milliseconds since the epoch: windows are open or closed. */
  readonly now: number;
  readonly takeOver?: PlannedTakeOver;
  /** Of tasks of this plan; undefined when nobody can say. */
  readonly quarantined?: readonly QuarantineEntry[];
}

export const dryRun = ({ plan, policies: changes, executor, workspace, now, takeOver, quarantined }: DryRunOptions): DryRun => {
  const policies = mergePolicies(plan.graph.policies, changes);
  // As the execution does: a person needs no worker.
  const graph = { ...plan.graph, policies, tasks: plan.graph.tasks.map((task) => (task.executor === UNASSIGNED ? { ...task, executor } : task)) };
  const planned = new GraphIndex(graph);
  const carried = carriedBy(planned, takeOver);
  const left = quarantined?.filter(({ task }) => planned.indexOf.has(task) && !carried.get(planned.indexOf.get(task) as number)?.succeeded);
  const parked = new Set(left?.map(({ task }) => planned.indexOf.get(task) as number));
  const scheduler = new Scheduler(createState({ graph, seed: '', now, forceWaves: changes.executionModel !== undefined, carried, quarantined: parked }));
  const { starts, lateEdges } = begin(scheduler, now);
  const { index } = scheduler;
  const ids = (indices: readonly number[] | undefined): readonly TaskId[] => (indices ?? []).map((at) => index.id(at));
  const tasks = index.tasks.map((task, at): DryRunTask => ({
    id: task.id,
    ...(task.title !== undefined && { title: task.title }),
    ...markedAs(task),
    executor: task.executor === undefined && plan.tasks[at]?.command === undefined ? executor : executorOf(task),
    deps: ids(task.deps),
    soft: ids(task.soft),
    depth: index.depth[at] ?? 0,
    ...(task.capabilities && { capabilities: task.capabilities }),
    ...(task.affinity && { affinity: task.affinity }),
    estimateSeconds: index.estimate(at) / 1000,
  }));
  const perDepth = new Map<number, number>();
  for (const { depth } of tasks) perDepth.set(depth, (perDepth.get(depth) ?? 0) + 1);
  return {
    dryRun: true,
    name: graph.name,
    format: plan.format,
    workspace,
    policies,
    ...(plan.machine && { machine: plan.machine }),
    background: graph.tasks.filter(isBackground).length,
    worktrees: worktreeTasks({ plan, policies: changes, executor }),
    total: tasks.length,
    dependencies: { hard: sum(tasks, (task) => task.deps.length), soft: sum(tasks, (task) => task.soft.length) },
    width: Math.max(0, ...perDepth.values()),
    estimatedSeconds: sum(tasks, (task) => task.estimateSeconds),
    criticalPathSeconds: index.criticalPathMs / 1000,
    criticalPath: ids(criticalPath(index)),
    ...(plan.catalogue?.profile !== undefined && { profile: plan.catalogue.profile }),
    resources: (graph.resources ?? []).filter(({ name }) => !name.includes(':')),
    lateEdges,
    ...(takeOver && { takeOver: takenOverOf(takeOver) }),
    quarantined: left ?? null,
    startsFirst: starts,
    waiting: graph.tasks.flatMap(({ id }, at) => {
      const reason = scheduler.waiting(at, now)?.reason;
      return reason === undefined ? [] : [{ task: id, reason }];
    }),
    tasks,
  };
};

const carriedBy = (index: GraphIndex, takeOver: PlannedTakeOver | undefined): ReadonlyMap<number, CarriedTask> =>
  new Map(
    takeOver?.carried.flatMap((task) => {
      const at = index.indexOf.get(task.task);
      return at === undefined ? [] : [[at, task] as const];
    }),
  );

const takenOverOf = ({ carried, takenOver: { from, unchecked } }: PlannedTakeOver): DryRunTakeOver => ({
  from,
  tasks: carried.filter(({ succeeded }) => succeeded).length,
  again: carried.flatMap(({ task, again: reason }) => (reason === undefined ? [] : [{ task, reason }])),
  checkpoints: carried.flatMap(({ task, succeeded, progress }) => (succeeded || !progress?.last ? [] : [{ task, checkpoint: progress.last.name }])),
  ...(unchecked !== undefined && { unchecked }),
});

/** What starts first, with every request granted: what other executions hold is not known here. */
/** Which workers there will be is not known: what tasks ask of them is listed instead. */
const ANYBODY: WorkerTable = { epoch: 0, version: 0, workers: [{ worker: 'anybody', host: '', capabilities: [], slots: MAX_CONCURRENCY, cpus: 1, memoryMb: 1, version: '', pressure: 'none' }] };

const begin = (scheduler: Scheduler, now: number): { readonly starts: readonly TaskId[]; readonly lateEdges: DryRunLateEdges } => {
  const starts: TaskId[] = [];
  const edges: DryRunLateEdges['edges'][number][] = [];
  let more = 0;
  const pending: SchedulerEvent[] = [{ type: 'workers', table: ANYBODY }, { type: 'begin' }];
  for (let event = pending.shift(); event; event = pending.shift()) {
    for (const decision of scheduler.apply(event, now).decisions) {
      if (decision.type === 'start') starts.push(decision.task);
      else if (decision.type === 'emit') {
        const { event } = decision;
        if (event.type === 'late_edge') {
          const { type: _, ...edge } = event;
          edges.push(edge);
        }
        if (event.type === 'late_edges') more = event.applied + event.refused;
      }
      else if (decision.type === 'request') pending.push({ type: 'granted', index: decision.index, round: decision.round, fences: {} });
      else if (decision.type === 'lookAhead') {
        const calendars = scheduler.state.graph.calendars ?? [];
        pending.push({ type: 'openings', calendars: Object.fromEntries(calendars.map((calendar) => [calendar.name, openingsOf(calendar, now)])) });
      }
    }
  }
  return { starts, lateEdges: { edges, more } };
};

const sum = <T>(items: readonly T[], value: (item: T) => number): number => items.reduce((total, item) => total + value(item), 0);

/** The longest chain of estimates, from its first task. */
const criticalPath = (index: GraphIndex): readonly number[] => {
  const remaining = (at: number): number => (index.after[at] ?? 0) + index.estimate(at);
  const longest = (candidates: Iterable<number>): number | undefined => {
    let best: number | undefined;
    for (const at of candidates) if (best === undefined || remaining(at) > remaining(best)) best = at;
    return best;
  };
  const path: number[] = [];
  for (let at = longest(index.tasks.keys()); at !== undefined; at = longest(index.successors(at))) path.push(at);
  return path;
};

const TASKS_SHOWN = 40;
const LIST_SHOWN = 20;

export const dryRunText = (run: DryRun, options: { readonly width: number; readonly verbose: boolean }): string => {
  const fit = (line: string): string => (options.width > 0 ? truncate(line, options.width) : line);
  const shown = options.verbose ? run.tasks : run.tasks.slice(0, TASKS_SHOWN);
  const column = Math.min(40, Math.max(0, ...shown.map(({ id }) => widthOf(id))));
  const hidden = run.total - shown.length;
  return [
    `${style('bold', oneLine(run.name))}: ${counted(run.total, 'task', 'tasks')}${watchers(run)}, ${dependencies(run)}, format ${run.format}`,
    `Workspace: ${run.workspace}${run.worktrees > 0 ? `; ${counted(run.worktrees, 'task', 'tasks')} in git worktrees of it` : ''}`,
    `Model: ${run.policies.executionModel}, at most ${run.policies.concurrencyMax} at once; the graph is about ${run.width} wide`,
    `Estimated: ${estimate(run.estimatedSeconds * 1000)} of work, ${estimate(run.criticalPathSeconds * 1000)} on the longest chain`,
    `Critical path: ${names(run.criticalPath, ' → ')}`,
    ...takeOverLines(run).map(fit),
    ...leftOutLines(run).map(fit),
    ...lateLines(run).map(fit),
    `Starts first: ${names(run.startsFirst, ', ')}`,
    ...waitingLines(run).map(fit),
    ...(run.resources.length > 0 ? [`Resources${run.profile === undefined ? '' : ` (profile ${oneLine(run.profile)})`}: ${run.resources.map(resourceText).join(', ')}`] : []),
    ...pressureLines(run).map(fit),
    ...run.policies.monitoring.alerts.map(({ name, text, action, notify }) => fit(`Alert ${oneLine(name)}: ${oneLine(text)} → ${action}${notify === undefined ? '' : `, told to ${oneLine(notify)}`}`)),
    ...capabilityLines(run).map(fit),
    '',
    ...shown.map((task) => fit(taskLine(task, column))),
    ...(hidden > 0 ? [`… and ${hidden} more; --verbose shows all`] : []),
    '',
    'Nothing was started.',
  ].join('\n');
};

const takeOverLines = ({ takeOver }: DryRun): readonly string[] => {
  if (!takeOver) return [];
  const { from, tasks, again, checkpoints, unchecked } = takeOver;
  const list = <T>(items: readonly T[], line: (item: T) => string): readonly string[] => [...items.slice(0, LIST_SHOWN).map((item) => `  ${line(item)}`), ...(items.length > LIST_SHOWN ? [`  … and ${items.length - LIST_SHOWN} more`] : [])];
  return [
    `Taken over from ${from}: ${counted(tasks, 'task', 'tasks')}${unchecked === undefined ? '' : `; artifacts were not looked at: ${oneLine(unchecked)}`}`,
    ...(again.length > 0 ? ['Run again although they had succeeded:', ...list(again, ({ task, reason }) => `${task} ${oneLine(reason)}`)] : []),
    ...(checkpoints.length > 0 ? ['Go on from a checkpoint, if it is still kept:', ...list(checkpoints, ({ task, checkpoint }) => `${task} ${oneLine(checkpoint)}`)] : []),
  ];
};

const leftOutLines = ({ quarantined }: DryRun): readonly string[] => {
  if (!quarantined || quarantined.length === 0) return [];
  const { line, more } = leftOutText(quarantined);
  return [style('yellow', `${line}; what depends on ${quarantined.length === 1 ? 'it' : 'them'} cannot run`), ...more.map((command) => `  ${command}`)];
};

const lateLines = ({ lateEdges: { edges, more } }: DryRun): readonly string[] => {
  if (edges.length === 0) return [];
  const hidden = edges.length + more - LIST_SHOWN;
  return [
    'Late edges, because of files:',
    ...edges.slice(0, LIST_SHOWN).map((edge) => `  ${lateEdgeText({ type: 'late_edge', ...edge })}`),
    ...(hidden > 0 ? [`  … and ${hidden} more`] : []),
  ];
};

const waitingLines = ({ waiting }: DryRun): readonly string[] => {
  if (waiting.length === 0) return [];
  const hidden = waiting.length - LIST_SHOWN;
  return [
    'Ready, and would wait:',
    ...waiting.slice(0, LIST_SHOWN).map(({ task, reason }) => `  ${task} ${oneLine(reason)}`),
    ...(hidden > 0 ? [`  … and ${hidden} more`] : []),
  ];
};

const capabilityLines = ({ tasks }: DryRun): readonly string[] => {
  const counts = new Map<string, number>();
  for (const { capabilities, executor } of tasks) {
    const names = executor === 'human' ? undefined : capabilities?.map(oneLine).join(', ');
    if (names !== undefined) counts.set(names, (counts.get(names) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const hidden = counts.size - LIST_SHOWN;
  return [
    'Needs workers that can do:',
    ...[...counts].slice(0, LIST_SHOWN).map(([names, tasks]) => `  ${names} (${counted(tasks, 'task', 'tasks')})`),
    ...(hidden > 0 ? [`  … and ${hidden} more`] : []),
  ];
};

const resourceText = ({ name, mode, capacity, scope, window }: Resource): string => {
  const about = [mode, ...(scope === 'global' ? ['shared by executions'] : []), ...(window === undefined ? [] : [`window ${oneLine(window)}`])];
  return `${oneLine(name)} ${capacity} (${about.join('; ')})`;
};

const watchers = ({ tasks }: DryRun): string => {
  const count = tasks.filter(({ mark }) => mark !== undefined).length;
  return count === 0 ? '' : ` (${count} of them sentinels and canaries)`;
};

const dependencies = ({ dependencies: { hard, soft } }: DryRun): string =>
  `${counted(hard, 'dependency', 'dependencies')}${soft > 0 ? ` and ${soft} soft` : ''}`;

const names = (ids: readonly TaskId[], separator: string): string => {
  const hidden = ids.length - LIST_SHOWN;
  return hidden > 0 ? `${ids.slice(0, LIST_SHOWN).join(separator)}${separator}… (${hidden} more)` : ids.join(separator) || 'nothing';
};

const taskLine = (task: DryRunTask, column: number): string => {
  const after = [...task.deps, ...task.soft.map((id) => `${id} (soft)`)];
  const title = task.title === undefined || task.title === task.id ? '' : `  ${oneLine(task.title)}`;
  const who = (task.mark ? ` [${task.mark}]` : '') + (task.executor === 'command' ? '' : ` [${task.executor}]`);
  return `  ${pad(task.id, column)}  ${estimate(task.estimateSeconds * 1000).padStart(7)}${who}${title}${after.length > 0 ? style('dim', `  after ${after.join(', ')}`) : ''}`;
};
