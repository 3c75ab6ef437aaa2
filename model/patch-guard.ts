/**
 * Checks a patch that a client says it has parsed, without a schema library: the update that brings it may come
 * from anybody. What depends on the live graph is the scheduler's to judge.
 */
import { RISK_LEVELS } from './graph.ts';
import { isAsk, isErrorPolicy, isShortText, RETRY_SHAPE } from './graph-shapes.ts';
import { ID_PATTERN, isContentHash, isPlainName, isTaskId } from './ids.ts';
import { MAX_PATCH_LENGTH } from './patch.ts';
import type { CancelledTask, InjectedTask, ParsedPatch, PatchEdge, PriorityChange, RemovedEdge, ResourceChanges, TaskFields, TaskUpdate } from './patch.ts';
import { fail, ok } from './problem.ts';
import type { Result } from './problem.ts';
import { isCount, isDuration, isFlag, isObject, isShare, isText, listOf, oneOf, partial, shaped, wrongKeys } from './shape.ts';
import type { Check, Shape } from './shape.ts';

const isId: Check = (value) => typeof value === 'string' && isTaskId(value);
const isNumber: Check = (value) => Number.isFinite(value);

const arePlainNames = listOf((value) => typeof value === 'string' && isPlainName(value));

const EDGE: Shape<PatchEdge> = { from: isId, to: isId, type: oneOf('hard', 'soft') };
const REMOVED: Shape<RemovedEdge> = EDGE;
const FIELDS: Shape<TaskFields> = {
  title: (value) => typeof value === 'string',
  estimateMs: isDuration,
  priority: isNumber,
  confidence: isShare,
  rollbackCost: isDuration,
  executor: isText,
  dispatch: oneOf('child', 'activity'),
  needsChild: isFlag,
  timeoutMs: isDuration,
  idempotent: isFlag,
  retry: partial(RETRY_SHAPE),
  capabilities: arePlainNames,
  affinity: arePlainNames,
  risk: oneOf(...RISK_LEVELS),
  approval: isFlag,
  preemptible: isFlag,
  pausable: isFlag,
  preferredWindow: isText,
  labels: listOf((value) => typeof value === 'string'),
  optional: isFlag,
  area: listOf(isText),
  diagnostic: isFlag,
  // The scheduler's own: nobody says from outside that a task is a repair.
  repairs: () => false,
  compensation: shaped({ timeoutMs: isDuration }, []),
  errorPolicy: isErrorPolicy,
  splits: isFlag,
};
const TASK: Shape<InjectedTask> = { ...FIELDS, id: isId, asks: listOf(isAsk), wave: isCount };
const HASH: Check = (value) => typeof value === 'string' && isContentHash(value);
const UPDATE: Shape<TaskUpdate> = {
  task: isId,
  from: HASH,
  set: partial(FIELDS),
  unset: listOf(oneOf(...Object.keys(FIELDS))),
  drop: listOf(isShortText),
  asks: listOf(isAsk),
  asksIfThere: listOf(isAsk),
  asksIfAsked: listOf(isAsk),
};
const PRIORITY: Shape<PriorityChange> = { task: isId, priority: isNumber };
const CANCELLED: Shape<CancelledTask> = { task: isId, skip: isFlag };
const isResource: Check = (value) => typeof value === 'string' && ID_PATTERN.test(value);
const wholeBy =
  (check: Check): Check =>
  (value) =>
    isObject(value) && Object.entries(value).every(([name, units]) => isResource(name) && Number.isSafeInteger(units) && check(units));
const RESOURCES: Shape<ResourceChanges> = {
  profile: isText,
  locks: listOf(isResource),
  capacities: wholeBy((units) => (units as number) >= 0),
  quotas: wholeBy(() => true),
  asks: listOf(shaped({ task: isId, locks: listOf(isResource) }, ['task', 'locks'])),
};
const PATCH: Shape<ParsedPatch> = {
  id: isText,
  expectedVersion: isCount,
  by: isText,
  reason: isText,
  tasks: listOf(shaped(TASK, ['id'])),
  edges: listOf(shaped(EDGE, ['from', 'to', 'type'])),
  removed: listOf(shaped(REMOVED, ['from', 'to'])),
  updates: listOf(shaped(UPDATE, ['task', 'from'])),
  priorities: listOf(shaped(PRIORITY, ['task', 'priority'])),
  cancelled: listOf(shaped(CANCELLED, ['task'])),
  resources: partial(RESOURCES),
  source: HASH,
};

/** @returns TASKS3006 when it is not one, or when it brings tasks and does not say where their parts are stored. */
export const readParsedPatch = (payload: unknown): Result<ParsedPatch> => {
  const refused = (what: string): Result<never> => fail([{ code: 'TASKS3006', message: `the parsed patch ${what}`, hint: 'applyHotUpdate takes a patch as people write it.' }]);
  if (!isObject(payload)) return refused('is not an object');
  const wrong = wrongKeys(payload, PATCH);
  if (wrong.length > 0) return refused(`has a value that is not accepted: ${wrong.join(', ')}`);
  const { id, tasks, edges, updates = [], source } = payload as Partial<ParsedPatch>;
  if (id === undefined || tasks === undefined || edges === undefined) return refused('needs id, tasks and edges');
  if (tasks.length + updates.length > 0 && source === undefined) return refused('does not say where its tasks are stored');
  const { length } = JSON.stringify(payload);
  if (length > MAX_PATCH_LENGTH) return refused(`comes to ${length} characters, more than ${MAX_PATCH_LENGTH}`);
  return ok(payload as unknown as ParsedPatch);
};
