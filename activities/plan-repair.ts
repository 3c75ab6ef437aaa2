/** Makes the hot update that repairs something: a breaker has tripped, or an error policy asks for it. */
import type { Client } from '@temporalio/client';
import type { PlanRepairRequest, RepairPlan } from '../model/activity.ts';
import type { StoredPlan, TaskSpec } from '../model/graph.ts';
import type { PresentTask } from '../model/patch.ts';
import { unreachable } from '../model/unreachable.ts';
import { BUILT_IN_PLAYBOOKS } from '../planner/healing/built-in.ts';
import { errorEvent } from '../planner/healing/error-event.ts';
import { remainingGraph } from '../planner/healing/remaining-graph.ts';
import { repairId, repairTasks, REPAIR } from '../planner/healing/repair-tasks.ts';
import type { Occasion } from '../planner/healing/repair-tasks.ts';
import { joinChanges, splitPatch } from '../planner/healing/split.ts';
import { parsePatch } from '../planner/read/parse-patch.ts';
import type { PlanStore } from '../store/plan-store.ts';
import { putPatch } from '../store/put-patch.ts';
import { taskSpecs } from '../store/task-specs.ts';
import { readStanding } from '../temporal/standing.ts';

type Written = Readonly<Record<string, unknown>>;

interface Repair {
  /** Operations of a hot update. */
  readonly payload: readonly Written[];
  /** What the tasks that it injects are told, and whether they answer with a hot update themselves. */
  readonly told?: Readonly<Record<string, string>>;
}

export const createPlanRepair = ({ store, client }: { readonly store: PlanStore; readonly client: Client }) => {
  /** What somebody must know who is asked what to do. */
  const briefing = async ({ execution, failures }: PlanRepairRequest): Promise<Readonly<Record<string, string>>> => {
    const standing = await readStanding(client, execution);
    const specs = await taskSpecs(store, { tasks: standing.tasks.map(({ task }) => task), sources: standing.sources });
    const asText = (value: unknown): string => JSON.stringify(value, undefined, 2);
    return { TASKS_ERROR_EVENTS: asText(failures.map((failure) => errorEvent(execution, failure))), TASKS_GRAPH: asText(remainingGraph(execution, standing.tasks, specs)) };
  };

  return async (request: PlanRepairRequest): Promise<RepairPlan> => {
    const { breaker, trip, failures } = request;
    const plan = await store.get(request.plan);
    const specs = await Promise.all(failures.map(async ({ source, task }) => (await store.get(source)).tasks.find(({ id }) => id === task)));
    const repair = await repairOf(request, { plan, specs, briefing: () => briefing(request) });
    if (typeof repair === 'string') return { problem: repair };
    const present = new Map(failures.flatMap(({ task, source }, at): (readonly [string, PresentTask])[] => (specs[at] ? [[task, { source, spec: specs[at] }]] : [])));
    const parsed = parsePatch(repair.payload, { fallbackId: `repair-${breaker}-${trip}`.replaceAll(/[^A-Za-z0-9._:+-]/gu, '-'), present });
    if (!parsed.ok) return { problem: parsed.error.map(({ message }) => message).join('; ') };
    const { told } = repair;
    return { patch: await putPatch(store, told ? { ...parsed.value, specs: parsed.value.specs.map((spec) => ({ ...spec, briefing: told, answersPatch: true })) } : parsed.value) };
  };
};

interface Known {
  readonly plan: StoredPlan;
  /** Of the tasks that failed. */
  readonly specs: readonly (TaskSpec | undefined)[];
  readonly briefing: () => Promise<Readonly<Record<string, string>>>;
}

/** A text says why there is nothing to be done. */
const repairOf = async (request: PlanRepairRequest, { plan, specs, briefing }: Known): Promise<Repair | string> => {
  const { action, breaker, trip, execution, failures } = request;
  const last = failures.at(-1)?.task ?? '';
  const reason = action.type === 'review' || action.type === 'split' ? `error policy of ${last}` : `breaker ${breaker}, trip ${trip}`;
  const injected = (tasks: readonly Written[]): readonly Written[] => tasks.map((task) => ({ op: 'inject_task', task, by: 'tasks', reason }));
  const own = plan.healing?.tasks?.find((each) => each.breaker === breaker)?.task;
  const nothing = `the plan has nothing called ${JSON.stringify(action.type === 'playbook' ? action.playbook : breaker)} to repair it with`;
  const ours = { ...REPAIR, id: repairId(breaker, trip, action.type) };
  // A name that the plan has given is taken after the first trip.
  const named = own && { ...own, ...(typeof own['id'] === 'string' && trip > 1 && { id: `${own['id']}.${trip}` }) };
  switch (action.type) {
    case 'playbook': {
      const occasion: Occasion = { execution, breaker, trip, task: last, workspaces: workspacesOf(specs) };
      const playbook = [...(plan.healing?.playbooks ?? []), ...BUILT_IN_PLAYBOOKS].find(({ name }) => name === action.playbook);
      return playbook ? { payload: injected(repairTasks(playbook, occasion)) } : nothing;
    }
    case 'inject_task':
      return named ? { payload: injected([{ priority: REPAIR.priority, id: ours.id, ...named }]) } : nothing;
    case 'replan':
      return named ? { payload: injected([{ ...ours, title: `another plan: ${breaker}`, ...named }]), told: await briefing() } : nothing;
    case 'review': {
      const directory = specs.at(-1)?.directory;
      const description = `Task ${last} has failed for good. Find out why, and mend it: what is wrong in the workspace at once, what is wrong in the plan by a hot update. Afterwards ${last} is tried again.`;
      const task = { ...ours, title: `review of ${last}`, description, executor: action.executor, ...(directory !== undefined && { directory }) };
      return { payload: injected([task]), told: await briefing() };
    }
    case 'split': {
      const parts = specs.at(-1)?.fields['split_into'];
      return parts === undefined ? `${last} no longer says what it is split into` : { payload: [...splitPatch(last, parts), joinChanges(last)] };
    }
    default:
      return unreachable(action);
  }
};

/** The last one first, each once. */
const workspacesOf = (specs: readonly (TaskSpec | undefined)[]): readonly string[] => [...new Set(specs.toReversed().map((spec) => spec?.directory ?? '.'))];
