/**
 * A playbook that is run by itself, as a plan of its own: its steps are tasks like any others, with the timeouts, retries
 * and ends that they have as a repair. What a breaker would have told them is given by whoever runs it.
 */
import { posix } from 'node:path';
import { DEFAULT_BREAKERS } from '../../model/breaker.ts';
import type { StoredPlan } from '../../model/graph.ts';
import type { Playbook } from '../../model/healing.ts';
import type { ExecutionId } from '../../model/ids.ts';
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { readPlan } from '../read/read-plan.ts';
import { didYouMean, quote } from '../read/words.ts';
import { repairTasks } from './repair-tasks.ts';
import { uses } from './variables.ts';

export interface PlaybookRun {
  readonly playbook: Playbook;
  /** The plan that brings it, if one does. */
  readonly plan?: Pick<StoredPlan, 'graph' | 'healing' | 'machine'>;
  /** Values that hold instead of the playbook's own. */
  readonly variables: ReadonlyMap<string, string>;
  /** Directories relative to the workspace of the execution; that itself when there are none. */
  readonly workspaces: readonly string[];
  readonly execution: ExecutionId;
}

/** What a breaker tells of its occasion, and nobody else knows. */
const OF_OCCASION = ['task', 'breaker'] as const;
const MAX_VALUE = 10_000;

const problem = (message: string, hint?: string): Problem => ({ code: 'TASKS3010', message, ...(hint !== undefined && { hint }) });

/** @returns TASKS3010 for variables that are not there, or have no value, and for workspaces that nobody looks at; TASKS1209 for one outside. */
export const playbookPlan = async (run: PlaybookRun): Promise<Result<StoredPlan>> => {
  const problems = [...wrongVariables(run), ...wrongWorkspaces(run)];
  if (problems.length > 0) return fail(problems);
  const { playbook, plan, execution } = run;
  const workspaces = run.workspaces.length > 0 ? [...new Set(run.workspaces.map(normal))] : ['.'];
  const { task = '', breaker = '', ...variables } = { ...playbook.variables, ...Object.fromEntries(run.variables) };
  const tasks = repairTasks(playbook, { execution, breaker, trip: 1, task, workspaces, variables, idOf });
  const document = { name: `playbook ${playbook.name}`, tasks, circuit_breakers: NO_BREAKERS };
  const read = await readPlan({ source: { stdin: JSON.stringify(document) } });
  return read.ok ? ok(withRules(read.value.plan, { playbook, plan, workspaces })) : read;
};

/** Steps without a name are called by their number. */
const idOf = (step: string): string => (/^\d/u.test(step) ? `step-${step}` : step);

/** What fails here is a repair: none is made of it. */
const NO_BREAKERS = Object.fromEntries(DEFAULT_BREAKERS.map(({ name }) => [name, { enabled: false }]));

/** Failures are judged as in executions of the plan, and a step that may fail decides no outcome, as in a repair. */
const withRules = (compiled: StoredPlan, { playbook, plan, workspaces }: { readonly playbook: Playbook; readonly plan: PlaybookRun['plan']; readonly workspaces: readonly string[] }): StoredPlan => {
  const mayFail = playbook.steps.flatMap(({ onFailure, eachWorkspace }) => Array.from({ length: eachWorkspace ? workspaces.length : 1 }, () => onFailure === 'continue'));
  const tasks = compiled.graph.tasks.map((task, at) => (mayFail[at] ? { ...task, repairs: playbook.name } : task));
  const { rules = [] } = plan?.healing ?? {};
  return {
    ...compiled,
    graph: { ...compiled.graph, tasks, ...(rules.length > 0 && { hasFailureRules: true }) },
    ...(rules.length > 0 && { healing: { rules } }),
    ...(plan?.machine && { machine: plan.machine }),
  };
};

const usedBy = ({ steps }: Playbook, variable: string): boolean => steps.some(({ command }) => uses(command, variable));

const wrongVariables = ({ playbook, variables }: PlaybookRun): readonly Problem[] => {
  const declared = Object.keys(playbook.variables);
  const known = [...declared, ...OF_OCCASION.filter((name) => usedBy(playbook, name))];
  const unknown = [...variables.keys()].filter((name) => !known.includes(name));
  const missing = OF_OCCASION.filter((name) => usedBy(playbook, name) && !declared.includes(name) && !variables.has(name));
  const there = known.length > 0 ? `There are: ${known.join(', ')}.` : 'It has none.';
  return [
    ...unknown.map((name) => problem(`the playbook ${quote(playbook.name)} has no variable ${quote(name)}`, wayOut(name) ?? didYouMean(name, known) ?? there)),
    ...missing.map((name) => problem(`the playbook ${quote(playbook.name)} needs a value for \${${name}}, which a breaker would give it`, `--var ${name}=VALUE`)),
    ...[...variables].flatMap(([name, value]) => (value.includes('\0') || value.length > MAX_VALUE ? [problem(`the value of ${quote(name)} holds a NUL character or is longer than ${MAX_VALUE} characters`)] : [])),
  ];
};

const wayOut = (name: string): string | undefined => {
  if (name === 'workspace' || name === 'workspaces') return 'Name directories with --workspace DIR.';
  return name === 'execution' ? 'It is the id of the execution that runs it: --execution-id ID.' : undefined;
};

/** With slashes, as plans write paths. */
const normal = (path: string): string => posix.normalize(path).replace(/(?<=.)\/$/u, '');

const wrongWorkspaces = ({ playbook, workspaces }: PlaybookRun): readonly Problem[] => {
  const isOutside = (path: string): boolean => path === '' || path.includes('\0') || posix.isAbsolute(path) || normal(path) === '..' || normal(path).startsWith('../');
  const outside = workspaces.filter(isOutside).map((path): Problem => ({ code: 'TASKS1209', message: `the workspace ${quote(path)} leads out of the directory in which the execution runs`, hint: 'Workspaces are relative to that directory: --codebase-path names it.' }));
  const isUseless = workspaces.length > 0 && !usedBy(playbook, 'workspace') && !usedBy(playbook, 'workspaces');
  return [...outside, ...(isUseless ? [problem(`no step of the playbook ${quote(playbook.name)} looks at a workspace`, 'Leave --workspace out.')] : [])];
};
