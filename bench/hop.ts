/** Where the time of a hop goes: the stages between two commands of a chain, by the times in the histories. */
import { startBenchServer } from './support/bench-server.ts';
import { chainOf } from './support/dag.ts';
import { report } from './support/report.ts';
import type { Figure } from './support/report.ts';
import { interleave, median, pickSize, roundsOf } from './support/rounds.ts';
import { startBare, startOurs } from './support/side.ts';
import type { Side } from './support/side.ts';

const TASKS = pickSize(40, 10);
const ROUNDS = roundsOf(5, 2);

await using server = await startBenchServer();

interface Event {
  readonly type: string;
  readonly at: number;
  /** Of the child it is about. */
  readonly child?: string;
}

const eventsOf = async (workflowId: string): Promise<Event[]> => {
  const { events } = await server.client.workflow.getHandle(workflowId).fetchHistory();
  return (events ?? []).map((event) => {
    const at = Number(event.eventTime?.seconds ?? 0) * 1_000 + (event.eventTime?.nanos ?? 0) / 1e6;
    const type = Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? '';
    const about = event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId ?? event.childWorkflowExecutionCompletedEventAttributes?.workflowExecution?.workflowId;
    return { type: type.replace('EventAttributes', ''), at, ...(about && { child: about }) };
  });
};

const STAGES = [
  "parent asks for the child, until the child's workflow task starts",
  'child asks for its activity',
  'until the activity starts',
  'the activity: the command and what is around it',
  "until the child's second workflow task starts",
  'child ends',
  'until the parent knows',
  "until the parent's workflow task starts",
  'parent asks for the next child',
] as const;

const stagesOf = async (workflowId: string): Promise<number[]> => {
  const parent = await eventsOf(workflowId);
  const rows: number[][] = STAGES.map(() => []);
  for (const [position, initiated] of parent.entries()) {
    if (initiated.type !== 'startChildWorkflowExecutionInitiated' || initiated.child === undefined) continue;
    const child = await eventsOf(initiated.child);
    const times = (type: string): number[] => child.filter((event) => event.type === type).map(({ at }) => at);
    const ended = parent.findIndex(({ type, child }) => type === 'childWorkflowExecutionCompleted' && child === initiated.child);
    const [taskStarted, secondStarted] = times('workflowTaskStarted');
    const [scheduled] = times('activityTaskScheduled');
    const [activityStarted] = times('activityTaskStarted');
    const [activityEnded] = times('activityTaskCompleted');
    const [closed] = times('workflowExecutionCompleted');
    const turn = parent.slice(ended).find(({ type }) => type === 'workflowTaskStarted');
    const next = parent.slice(position + 1).find(({ type }) => type === 'startChildWorkflowExecutionInitiated');
    const points = [initiated.at, taskStarted, scheduled, activityStarted, activityEnded, secondStarted, closed, parent[ended]?.at, turn?.at, next?.at];
    for (const [stage, row] of rows.entries()) {
      const from = points[stage];
      const to = points[stage + 1];
      if (from !== undefined && to !== undefined) row.push(to - from);
    }
  }
  return rows.map(median);
};

const [ours = [], bare = []] = await interleave({
  rounds: ROUNDS,
  sides: [() => startOurs({ server }), () => startBare({ server })],
  measure: async (side: Side) => {
    const started = await side.start(chainOf(TASKS));
    const perTask = (await started.ended) / TASKS;
    return { perTask, stages: await stagesOf(started.workflowId) };
  },
  say: ({ perTask, stages }) => `${perTask.toFixed(1)} ms a task: ${stages.map((ms) => ms.toFixed(1)).join(' + ')}`,
});

type Result = (typeof ours)[number];
const middle = (results: readonly Result[], pick: (result: Result) => number): number => median(results.map(pick));
const figure = (name: string, pick: (result: Result) => number): Figure => ({
  name,
  value: middle(ours, pick),
  unit: 'ms',
  baseline: { name: 'bare', value: middle(bare, pick) },
});
report('hop', [figure('a task of a chain', (result) => result.perTask), ...STAGES.map((name, stage) => figure(`  ${name}`, (result) => result.stages[stage] ?? Number.NaN))]);
