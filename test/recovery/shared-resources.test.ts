/**
 * Executions that contend for what they share, while workers die, people interfere and servers restart. What ran
 * beside what is read from the commands' own clocks: never two writers, a reader beside a writer, or more than fit.
 */
import { randomUUID } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, test } from 'vitest';
import type { StoredPlan } from '../../model/graph.ts';
import { executionWorkflowId, mutexWorkflowId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { LEASE_MS } from '../../model/mutex.ts';
import type { Resource } from '../../model/resource.ts';
import { step } from '../support/journal.ts';
import { makePlan } from '../support/plan.ts';
import type { PlanTask } from '../support/plan.ts';
import { startRecoveryRig } from '../support/recovery-rig.ts';
import type { RecoveryRig } from '../support/recovery-rig.ts';
import { sharedServer, startPrivateServer } from '../support/server.ts';

const LIMIT_MS = 240_000;
const GRACE_MS = 1_000;

/** The three kinds of lock, in a domain of the test's own. */
const catalogue = (domain: string): readonly Resource[] => [
  { name: 'db', mode: 'exclusive', capacity: 1, scope: 'global', domain },
  { name: 'pool', mode: 'semaphore', capacity: 3, scope: 'global', domain },
  { name: 'repo', mode: 'exclusive', capacity: 1, scope: 'global', domain },
];

const shared = (plan: StoredPlan, domain: string): StoredPlan => ({ ...plan, graph: { ...plan.graph, resources: catalogue(domain) } });

type Asks = NonNullable<PlanTask['asks']>;

const ASKS: readonly Asks[] = [
  [{ resource: 'db', units: 1, access: 'write' }],
  [{ resource: 'pool', units: 1, access: 'write' }],
  [{ resource: 'repo', units: 1, access: 'read' }],
  [{ resource: 'pool', units: 2, access: 'write' }, { resource: 'repo', units: 1, access: 'read' }],
  [{ resource: 'repo', units: 1, access: 'write' }],
];

/** Notes by the command's own clock when it had what, and works in between for a moment. */
const use = (asks: Asks, seconds: number): string => {
  const note = (word: string): string => asks.map(({ resource, units, access }) => `${word} $TASKS_EXECUTION_ID/$TASKS_TASK_ID/$TASKS_ATTEMPT ${resource} ${access} ${units} $(date +%s%N)`).join('\\n');
  return `printf "${note('take')}\\n" >> uses; sleep ${seconds}; printf "${note('give')}\\n" >> uses`;
};

const contenders = (count: number, options: { readonly offset: number; readonly seconds: number }): PlanTask[] =>
  Array.from({ length: count }, (_, i) => {
    const asks = ASKS[(i * 7 + options.offset) % ASKS.length] as Asks;
    return { id: `T${i}`, asks, retry: { maxAttempts: 8 }, spec: { command: use(asks, options.seconds) } };
  });

interface Use {
  readonly who: string;
  readonly resource: string;
  readonly access: string;
  readonly units: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** A command that was killed gave nothing back by itself: it counts until the next attempt or, at the latest, its grace. */
const usesOf = async (rig: RecoveryRig): Promise<Use[]> => {
  const lines = (await readFile(join(rig.workspace, 'uses'), 'utf8')).trim().split('\n').map((line) => line.split(' '));
  const ends = new Map(lines.filter(([word]) => word === 'give').map(([, who = '', resource = '', , , at = '0']) => [`${who} ${resource}`, BigInt(at)]));
  return lines
    .filter(([word]) => word === 'take')
    .map(([, who = '', resource = '', access = '', units = '0', at = '0']) => ({ who, resource, access, units: Number(units), from: BigInt(at), to: ends.get(`${who} ${resource}`) ?? BigInt(at) }));
};

/** What ran beside what although it must not. */
const violations = (uses: readonly Use[]): string[] => {
  const capacity = new Map(catalogue('x').map((resource) => [resource.name, resource]));
  return uses.flatMap((one) => {
    const beside = uses.filter((other) => other.resource === one.resource && other.from <= one.from && one.from < other.to && other !== one);
    const { mode = 'exclusive', capacity: limit = 1 } = capacity.get(one.resource) ?? {};
    if (mode === 'semaphore') {
      const units = one.units + beside.reduce((sum, other) => sum + other.units, 0);
      return units > limit ? [`${one.who} made ${units} of ${limit} units of ${one.resource}`] : [];
    }
    return beside.filter((other) => one.access === 'write' || other.access === 'write').map((other) => `${one.who} had ${one.resource} beside ${other.who}`);
  });
};

const startAll = async (rig: RecoveryRig, options: { readonly domain: string; readonly executions: number; readonly tasks: number; readonly seconds: number }): Promise<ExecutionId[]> => {
  const { domain, executions, tasks, seconds } = options;
  await appendFile(join(rig.workspace, 'uses'), '');
  return Promise.all(Array.from({ length: executions }, (_, offset) => rig.start(shared(makePlan(contenders(tasks, { offset, seconds }), { concurrencyMax: 10 }), domain))));
};

const held = async (rig: RecoveryRig, domain: string): Promise<string[]> => {
  const [view] = await rig.tasks.resources.list(domain);
  return (view?.resources ?? []).flatMap(({ name, holders, queue }) => [...holders.map(({ holder }) => `${name} held by ${holder}`), ...queue.map(({ id }) => `${name} awaited by ${id}`)]);
};

/** Nothing is held and nobody waits, now or in a moment. */
const untilFree = async (rig: RecoveryRig, domain: string): Promise<void> => {
  for (;;) {
    if ((await held(rig, domain)).length === 0) return;
    await delay(200);
  }
};

const newDomain = (): string => `test-${randomUUID()}`;

describe.concurrent('what executions share', () => {
  test('is had by as many as may, by all in turn, and by nobody at the end', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await rig.worker({ slots: 50 });
    const domain = newDomain();
    const executions = await startAll(rig, { domain, executions: 6, tasks: 24, seconds: 0.02 });
    const results = await Promise.all(executions.map((execution) => rig.tasks.result(execution)));
    expect(results.map(({ outcome, state }) => [outcome, state?.counts])).toEqual(executions.map(() => ['succeeded', { SUCCEEDED: 24 }]));
    const uses = await usesOf(rig);
    expect(uses.length).toBeGreaterThan(6 * 24);
    expect(violations(uses)).toEqual([]);
    await untilFree(rig, domain);
  });

  test('leaks nothing when a worker, an execution, a mutex or the server ends at the wrong moment', { timeout: LIMIT_MS }, async ({ expect }) => {
    // The mutex continues as new again and again.
    await using server = await startPrivateServer({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 100 } });
    await using rig = await startRecoveryRig({ server });
    const first = await rig.worker({ slots: 50 });
    const domain = newDomain();
    const executions = await startAll(rig, { domain, executions: 6, tasks: 12, seconds: 0.3 });
    const [terminated, aborted, ...others] = executions as [ExecutionId, ExecutionId, ...ExecutionId[]];
    await rig.until(terminated, (event) => event.type === 'task_started');
    await rig.temporal.workflow.getHandle(executionWorkflowId(terminated)).terminate('test');
    await rig.tasks.abort(aborted, { by: 'test' });
    await rig.worker({ slots: 50 });
    await rig.until(others[0] as ExecutionId, (event) => event.type === 'task_succeeded');
    await first.end('SIGKILL');
    await rig.until(others[1] as ExecutionId, (event) => event.type === 'task_succeeded');
    await server.kill();
    await server.restart();
    const results = await Promise.all(others.map((execution) => rig.tasks.result(execution)));
    expect(results.map(({ outcome, state }) => [outcome, state?.counts])).toEqual(others.map(() => ['succeeded', { SUCCEEDED: 12 }]));
    expect((await rig.tasks.result(aborted)).outcome).toBe('aborted');
    expect(violations(await usesOf(rig))).toEqual([]);
    await untilFree(rig, domain);
  });

  test('is free again soon after its holder was terminated, and not while the holder still runs', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await rig.worker();
    const domain = newDomain();
    const asks: Asks = [{ resource: 'db', units: 1, access: 'write' }];
    const holder = await rig.start(shared(makePlan([{ id: 'holder', asks, spec: { command: step('gate') } }]), domain), { graceMs: GRACE_MS });
    const started = await rig.journal.until('start', 'holder');
    await rig.start(shared(makePlan([{ id: 'next', asks, spec: { command: `case $(ps -o stat= -p ${started.pid}) in ''|Z*) ;; *) ps -o pid,stat,args >> beside;; esac; ${step(0)}` } }]), domain));
    const terminatedAt = Date.now();
    await rig.temporal.workflow.getHandle(executionWorkflowId(holder)).terminate('test');
    await rig.journal.until('start', 'next');
    expect(Date.now() - terminatedAt).toBeLessThan(15_000 + GRACE_MS);
    await expect(readFile(join(rig.workspace, 'beside'), 'utf8')).rejects.toThrow('ENOENT');
  });

  test('has one holder although its mutex was terminated, and the fencing number grows', { timeout: LIMIT_MS }, async ({ expect }) => {
    await using rig = await startRecoveryRig({ server: sharedServer() });
    await rig.worker();
    const domain = newDomain();
    const asks: Asks = [{ resource: 'db', units: 1, access: 'write' }];
    const fenced = (id: string): PlanTask => ({ id, asks, spec: { command: `echo "$TASKS_FENCES" > fences-${id}; ${step('gate')}` } });
    const one = await rig.start(shared(makePlan([fenced('one')]), domain));
    await rig.journal.until('start', 'one');
    await rig.temporal.workflow.getHandle(mutexWorkflowId(domain)).terminate('test');
    const two = await rig.start(shared(makePlan([fenced('two')]), domain));
    const terminatedAt = Date.now();
    // Longer than its probation: by then it must know of the holder.
    while (Date.now() - terminatedAt < LEASE_MS + 5_000) {
      expect((await rig.journal.read()).some(({ task }) => task === 'two')).toBe(false);
      await delay(1_000);
    }
    await rig.journal.release('one');
    await rig.journal.until('start', 'two');
    await rig.journal.release('two');
    expect((await rig.tasks.result(one)).outcome).toBe('succeeded');
    expect((await rig.tasks.result(two)).outcome).toBe('succeeded');
    const fence = async (id: string): Promise<number[]> => {
      const { db = '' } = JSON.parse(await readFile(join(rig.workspace, `fences-${id}`), 'utf8')) as { db?: string };
      return db.split('-').map(Number);
    };
    const [first, second] = [await fence('one'), await fence('two')];
    expect(first).toHaveLength(2);
    expect((second[0] as number) > (first[0] as number) || (second[0] === first[0] && (second[1] as number) > (first[1] as number))).toBe(true);
  });
});
