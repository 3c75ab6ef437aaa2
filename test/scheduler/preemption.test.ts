/** A more urgent task that lacks only room takes the place of less urgent ones that allow it. */
import { describe, expect, it } from 'vitest';
import { PRIORITY } from '../../model/graph.ts';
import type { Policies } from '../../model/graph.ts';
import type { Resource } from '../../model/resource.ts';
import { Driver } from './driver.ts';
import { graphOf } from './graphs.ts';
import type { TaskSketch } from './graphs.ts';

const { critical, medium, low, background } = PRIORITY;
const ENABLED = { preemption: { enabled: true, order: [background, low, medium] } } as const;
const CPU: Resource = { name: 'cpu', mode: 'semaphore', capacity: 4, scope: 'execution' };
const DB: Resource = { name: 'db', mode: 'exclusive', capacity: 1, scope: 'execution' };

const drive = (tasks: readonly TaskSketch[], policies: Partial<Policies> = {}): Driver =>
  new Driver({ ...graphOf(tasks, { concurrencyMax: 2, ...ENABLED, ...policies }), resources: [CPU, DB] });
const uses = (resource: string, units = 1) => [{ resource, units, access: 'write' as const }];
const stoppedIn = (driver: Driver): string[] => driver.decisions.flatMap((decision) => (decision.type === 'cancel' ? [decision.task] : []));
const inject = (driver: Driver, task: TaskSketch): void => void driver.patch(`p-${task.id}`, { tasks: [task] });
/** What was told to stop does. */
const obey = (driver: Driver): void => {
  for (const { task } of [...driver.running.values()].filter(({ cancelled }) => cancelled)) driver.end(task, { outcome: 'cancelled' });
};

describe('a more urgent task', () => {
  it('takes the slot of the least urgent that allows it, which begins anew and has used up no attempt', () => {
    const driver = drive([{ id: 'low', priority: low, preemptible: true, retry: { maxAttempts: 1 } }, { id: 'medium', priority: medium, preemptible: true }]);
    inject(driver, { id: 'urgent', priority: critical });
    expect(stoppedIn(driver)).toEqual(['low']);
    expect(driver.stateOf('urgent')).toBe('READY');
    obey(driver);
    expect(driver.started).toEqual(['medium', 'urgent']);
    expect(driver.recordOf('low')).toMatchObject({ state: 'READY', failures: 0 });
    expect(driver.events).toContainEqual({ type: 'task_preempted', task: 'low', attempt: 1, by: 'urgent' });
    driver.runToEnd();
    expect(driver.outcome).toBe('succeeded');
    expect(driver.recordOf('low').attempt).toBe(2);
  });

  it('stops nobody who does not allow it, is as urgent, or is of a class that is not listed', () => {
    const others: readonly TaskSketch[] = [{ id: 'firm', priority: low }, { id: 'equal', priority: critical, preemptible: true }];
    const driver = drive(others);
    inject(driver, { id: 'urgent', priority: critical });
    expect(stoppedIn(driver)).toEqual([]);
    const unlisted = drive([{ id: 'low', priority: low, preemptible: true }, { id: 'other', priority: low }], { preemption: { enabled: true, order: [background] } });
    inject(unlisted, { id: 'urgent', priority: critical });
    expect(stoppedIn(unlisted)).toEqual([]);
  });

  it('stops nobody where the policy does not say so', () => {
    const driver = drive([{ id: 'low', priority: low, preemptible: true }, { id: 'other', priority: low, preemptible: true }], { preemption: { enabled: false, order: [low] } });
    inject(driver, { id: 'urgent', priority: critical });
    expect(stoppedIn(driver)).toEqual([]);
  });

  it('stops those whose resources it lacks, and no more than it needs', () => {
    const tasks = [1, 2, 3].map((units) => ({ id: `holds${units}`, priority: low, preemptible: true, asks: uses('cpu', units === 3 ? 1 : units) }));
    const driver = drive(tasks, { concurrencyMax: 10 });
    inject(driver, { id: 'urgent', priority: critical, asks: uses('cpu', 2) });
    expect(stoppedIn(driver)).toEqual(['holds2']);
    obey(driver);
    expect(driver.started).toContain('urgent');
  });

  it('stops nobody for what would not suffice', () => {
    const driver = drive([{ id: 'holder', priority: low, asks: uses('db') }, { id: 'low', priority: low, preemptible: true, asks: uses('cpu') }]);
    inject(driver, { id: 'urgent', priority: critical, asks: [...uses('db'), ...uses('cpu', 4)] });
    expect(stoppedIn(driver)).toEqual([]);
  });

  it('waits for those that are being stopped already', () => {
    const driver = drive([{ id: 'a', priority: low, preemptible: true }, { id: 'b', priority: low, preemptible: true }]);
    inject(driver, { id: 'urgent', priority: critical });
    const [first] = stoppedIn(driver);
    driver.wait(1_000);
    driver.wait(1_000);
    expect(stoppedIn(driver)).toEqual([first]);
    inject(driver, { id: 'second', priority: critical });
    expect(stoppedIn(driver).sort()).toEqual(['a', 'b']);
  });

  it('gets the room that was made for it, however long others have waited', () => {
    const others = Array.from({ length: 5 }, (_, i): TaskSketch => ({ id: `low${i}`, priority: low, preemptible: true }));
    const driver = drive([{ id: 'firm', priority: critical }, ...others], { ageingMs: 60_000 });
    driver.wait(40 * 60_000);
    inject(driver, { id: 'urgent', priority: 2 });
    expect(stoppedIn(driver)).toEqual(['low0']);
    obey(driver);
    expect(driver.started).toEqual(['firm', 'urgent']);
    expect(stoppedIn(driver)).toHaveLength(1);
  });

  it('keeps what was freed for it until the rest is free, too', () => {
    const tasks = [1, 2].map((units) => ({ id: `holds${units}`, priority: low, preemptible: true, asks: uses('cpu', units) }));
    const driver = drive([...tasks, { id: 'small', priority: critical, asks: uses('cpu', 1) }], { concurrencyMax: 10 });
    inject(driver, { id: 'urgent', priority: 2, asks: uses('cpu', 3) });
    expect(stoppedIn(driver).toSorted()).toEqual(['holds1', 'holds2']);
    driver.end('holds1', { outcome: 'cancelled' });
    inject(driver, { id: 'other', priority: 2, asks: uses('cpu', 1) });
    expect(driver.started).not.toContain('other');
    driver.end('holds2', { outcome: 'cancelled' });
    expect(driver.started).toEqual(['small', 'urgent']);
  });

  it('begins where the other one succeeded before it could be stopped', () => {
    const driver = drive([{ id: 'low', priority: low, preemptible: true }, { id: 'firm', priority: low }]);
    inject(driver, { id: 'urgent', priority: critical });
    driver.succeed('low');
    expect(driver.stateOf('low')).toBe('SUCCEEDED');
    expect(driver.started).toContain('urgent');
    expect(driver.events.map(({ type }) => type)).not.toContain('task_preempted');
  });

  it('that was stopped by hand stays stopped', () => {
    const driver = drive([{ id: 'low', priority: low, preemptible: true }, { id: 'firm', priority: low }]);
    inject(driver, { id: 'urgent', priority: critical });
    driver.apply({ type: 'skip', task: 'low' });
    obey(driver);
    expect(driver.stateOf('low')).toBe('SKIPPED');
  });
});

describe('a background task', () => {
  it('leaves one slot to others, and comes after them however long it has waited', () => {
    const driver = drive([{ id: 'b1', priority: background }, { id: 'b2', priority: background }], { ageingMs: 1 });
    expect(driver.started).toEqual(['b1']);
    expect(driver.scheduler.waiting(driver.indexOf('b2'), driver.now)?.reason).toContain('background');
    driver.wait(1_000_000);
    inject(driver, { id: 'f', priority: low });
    expect(driver.started).toEqual(['b1', 'f']);
  });

  it('takes nothing of what another one waits for', () => {
    const driver = drive([{ id: 'holder', priority: low, asks: uses('cpu', 3) }, { id: 'wants', priority: low, asks: uses('cpu', 2) }, { id: 'b', priority: background, asks: uses('cpu') }], { concurrencyMax: 5 });
    expect(driver.started).toEqual(['holder']);
    driver.succeed('holder');
    expect(driver.started).toEqual(['wants', 'b']);
  });

  it('may be stopped unless it says otherwise', () => {
    const driver = drive([{ id: 'b', priority: background }, { id: 'f', priority: low }]);
    inject(driver, { id: 'urgent', priority: critical });
    expect(stoppedIn(driver)).toEqual(['b']);
    const firm = drive([{ id: 'b', priority: background, preemptible: false }, { id: 'f', priority: low }]);
    inject(firm, { id: 'urgent', priority: critical });
    expect(stoppedIn(firm)).toEqual([]);
  });

  it('that its worker ended for the machine begins anew', () => {
    const driver = drive([{ id: 'b', priority: background, retry: { maxAttempts: 1 } }]);
    driver.end('b', { outcome: 'failed', failure: { reason: 'preempted', class: 'resource', message: 'the machine was over its limit' } });
    expect(driver.started).toEqual(['b']);
    expect(driver.events).toContainEqual({ type: 'task_preempted', task: 'b', attempt: 1 });
  });
});
