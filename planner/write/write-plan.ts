/**
 * The graph of an execution, with all that patches have made of it, as a FlowOps plan (`tasks.v2.json`): read again it
 * is the same graph, whatever format the plan had.
 */
import type { Graph, GraphTask, StoredPlan, TaskSpec } from '../../model/graph.ts';
import { canEverFit, emptyOccupancy } from '../../resources/occupancy.ts';
import { without } from '../read/envelope.ts';
import { isRecord } from '../read/read-task.ts';
import { counted } from '../read/words.ts';
import { writeCalendars } from './write-calendars.ts';
import { writeExecutors } from './write-error-policy.ts';
import { writeHealing } from './write-healing.ts';
import { writePolicies } from './write-policies.ts';
import { writeResources, writtenNames } from './write-resources.ts';
import { writeTask } from './write-task.ts';

export interface LivePlan {
  /** As the execution carries it. */
  readonly graph: Graph;
  /** In the order of its tasks. */
  readonly specs: readonly TaskSpec[];
  /** What it began with. */
  readonly plan: StoredPlan;
}

export interface WrittenPlan {
  readonly plan: Readonly<Record<string, unknown>>;
  /** What it does not say, or what must be mended before it can be executed. */
  readonly warnings: readonly string[];
}

const CONFIG = 'flowops.config.json';
/** Become part of the graph, and are written as that. */
const COMPILED = ['resources', 'profiles', 'calendars', 'policies', 'circuit_breakers', 'playbooks', 'failure_rules', 'executors', 'error_policy', 'self_heal_policy', 'sentinels', 'canaries', 'preflight', 'name', 'codebase_path'] as const;
/** Policies that the graph does not carry: they go along as they were written. */
const KEPT = ['update_mode', 'lock_policy'] as const;

/** What a plan of the same form said beside its tasks; the file beside it wins. */
const besideOf = ({ format, fields }: StoredPlan): { readonly fields: Readonly<Record<string, unknown>>; readonly policies: Readonly<Record<string, unknown>> } => {
  if (format !== 'flowops') return { fields: {}, policies: {} };
  const config = isRecord(fields[CONFIG]) ? fields[CONFIG] : {};
  const stated = { ...(isRecord(fields['policies']) ? fields['policies'] : {}), ...(isRecord(config['policies']) ? config['policies'] : {}) };
  return {
    fields: { ...without(fields, ...COMPILED, CONFIG, 'resources.json'), ...without(config, ...COMPILED) },
    policies: Object.fromEntries(Object.entries(stated).filter(([key]) => KEPT.some((each) => each === key))),
  };
};

const SCOPED = (spec: TaskSpec): boolean => spec.fields['files_scope'] !== undefined;

const warningsOf = ({ graph, specs, plan }: LivePlan): readonly string[] => {
  const warnings: string[] = [];
  const byName = new Map((graph.resources ?? []).map((resource) => [resource.name, resource]));
  for (const { id, asks = [] } of graph.tasks) {
    for (const ask of asks) {
      const resource = byName.get(ask.resource);
      if (resource && !canEverFit(emptyOccupancy(resource), ask)) warnings.push(`task ${id} asks for ${ask.units} of ${JSON.stringify(ask.resource)}, of which there are ${resource.capacity}: the plan is refused until that is mended`);
    }
  }
  const scoped = specs.slice(plan.graph.tasks.length).filter(SCOPED);
  if (scoped.length > 0) warnings.push(`the files_scope of ${counted(scoped.length, 'task')} that hot updates brought had no effect in this execution, and has in the plan: ${scoped.slice(0, 5).map(({ id }) => id).join(', ')}`);
  if (plan.format !== 'flowops') warnings.push(`what the plan (${plan.format}) said beside its tasks and does not run by is left out`);
  if (plan.machine?.cpu?.hard !== undefined || plan.machine?.memory?.hard !== undefined) warnings.push('hard limits of machines cannot be said in this form: `tasks worker` takes them');
  return warnings;
};

/** Specifications of tasks and graph must belong together. */
export const writePlan = (live: LivePlan): WrittenPlan => {
  const { graph, specs, plan } = live;
  const names = writtenNames(graph.resources ?? []);
  const idOf = (index: number): string => (graph.tasks[index] as GraphTask).id;
  const beside = besideOf(plan);
  const policies = { ...beside.policies, ...writePolicies(graph.policies, plan.machine), ...writeHealing(graph.policies.breakers, plan.healing), ...(plan.executors && { executors: writeExecutors(plan.executors) }) };
  const written = {
    name: graph.name,
    ...(plan.codebasePath !== undefined && { codebase_path: plan.codebasePath }),
    ...beside.fields,
    ...writeResources(graph, names),
    ...(graph.calendars && graph.calendars.length > 0 && { calendars: writeCalendars(graph.calendars) }),
    ...(Object.keys(policies).length > 0 && { policies }),
    tasks: graph.tasks.map((node, index) => writeTask({ node, spec: specs[index] ?? { id: node.id, fields: {} }, planned: plan.graph.tasks[index] }, { idOf, names })),
  };
  return { plan: written, warnings: warningsOf(live) };
};
