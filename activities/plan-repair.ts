/** Makes the tasks that repair something, from what the plan says: a breaker has tripped and asks for them. */
import type { PlanRepairRequest, RepairPlan } from '../model/activity.ts';
import type { StoredPlan, TaskSpec } from '../model/graph.ts';
import type { PlanStore } from '../store/plan-store.ts';
import { BUILT_IN_PLAYBOOKS } from '../planner/healing/built-in.ts';
import { repairId, repairTasks } from '../planner/healing/repair-tasks.ts';
import type { Occasion } from '../planner/healing/repair-tasks.ts';
import { parsePatch } from '../planner/read/parse-patch.ts';
import { putPatch } from '../store/put-patch.ts';

export const createPlanRepair =
  ({ store }: { readonly store: PlanStore }) =>
  async (request: PlanRepairRequest): Promise<RepairPlan> => {
    const { breaker, trip, execution, failures } = request;
    const plan = await store.get(request.plan);
    const specs = await Promise.all(failures.map(async ({ source, task }) => (await store.get(source)).tasks.find(({ id }) => id === task)));
    const occasion: Occasion = { execution, breaker, trip, task: failures.at(-1)?.task ?? '', workspaces: workspacesOf(specs) };
    const tasks = tasksOf(plan, request, occasion);
    if (!tasks) return { problem: `the plan has nothing called ${JSON.stringify(request.action.type === 'playbook' ? request.action.playbook : breaker)} to repair it with` };
    const reason = `breaker ${breaker}, trip ${trip}`;
    const payload = tasks.map((task) => ({ op: 'inject_task', task, by: 'tasks', reason }));
    const parsed = parsePatch(payload, { fallbackId: `repair-${breaker}-${trip}`.replaceAll(/[^A-Za-z0-9._:+-]/gu, '-') });
    if (!parsed.ok) return { problem: parsed.error.map(({ message }) => message).join('; ') };
    return { patch: await putPatch(store, parsed.value) };
  };

/** The last one first, each once. */
const workspacesOf = (specs: readonly (TaskSpec | undefined)[]): readonly string[] => [...new Set(specs.toReversed().map((spec) => spec?.directory ?? '.'))];

const tasksOf = ({ healing }: StoredPlan, { action, breaker, trip }: PlanRepairRequest, occasion: Occasion): readonly Readonly<Record<string, unknown>>[] | undefined => {
  if (action.type === 'playbook') {
    const named = [...(healing?.playbooks ?? []), ...BUILT_IN_PLAYBOOKS].find(({ name }) => name === action.playbook);
    return named && repairTasks(named, occasion);
  }
  const task = healing?.tasks?.find((each) => each.breaker === breaker)?.task;
  return task && [{ priority: 0, ...task, id: task['id'] ?? repairId(breaker, trip, action.type) }];
};
