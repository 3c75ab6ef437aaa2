/** What no worker can take is told once, with what is missing. */
import { expect, it } from 'vitest';
import type { WorkerProfile } from '../../model/pool.ts';
import { Driver } from './driver.ts';
import { graphOf } from './graphs.ts';

const worker = (name: string, ...capabilities: readonly string[]): WorkerProfile => ({ worker: name, host: 'h', capabilities, slots: 1, cpus: 1, memoryMb: 1, version: '0', pressure: 'none' });
const told = (driver: Driver): unknown[] => driver.events.filter(({ type }) => type === 'worker_missing');
let version = 0;
const tell = (driver: Driver, ...workers: readonly WorkerProfile[]): void => void driver.apply({ type: 'workers', table: { epoch: 1, version: (version += 1), workers } });
const needs = (id: string, ...capabilities: readonly string[]) => ({ id, capabilities });

it('is told after five seconds, once for all that ask for the same', () => {
  const driver = new Driver(graphOf([needs('a', 'db'), needs('b', 'db'), needs('c', 'db', 'web')]));
  tell(driver, worker('w', 'web'), worker('x', 'api'));
  expect(driver.scheduler.wakeAt).toBe(5_000);
  driver.wait(4_999);
  expect(told(driver)).toEqual([]);
  driver.wait(1);
  const first = [
    { type: 'worker_missing', capabilities: ['db'], missing: ['db'], tasks: 2 },
    { type: 'worker_missing', capabilities: ['db', 'web'], missing: ['db'], tasks: 1 },
  ];
  expect(told(driver)).toEqual(first);
  driver.reload();
  driver.wait(60_000);
  expect(told(driver)).toEqual(first);
  expect(driver.scheduler.wakeAt).toBeUndefined();
  driver.patch('more', { tasks: [needs('d', 'rare')] });
  expect(told(driver)).toEqual([...first, { type: 'worker_missing', capabilities: ['rare'], missing: ['rare'], tasks: 1 }]);
});

it('is told anew when such a worker came and went, and says when it is all at once that nobody can do', () => {
  const driver = new Driver(graphOf([needs('a', 'db', 'web')]));
  const apart = [worker('w', 'web'), worker('d', 'db')];
  tell(driver, ...apart);
  driver.wait(5_000);
  tell(driver, ...apart, { ...worker('both', 'db', 'web'), pressure: 'hard' });
  tell(driver, ...apart);
  driver.wait(5_000);
  const both = { type: 'worker_missing', capabilities: ['db', 'web'], missing: [], tasks: 1 };
  expect(told(driver)).toEqual([both, both]);
});

it('is not told where somebody comes in time', () => {
  const driver = new Driver(graphOf([needs('a', 'db')]));
  driver.wait(2_000);
  tell(driver, worker('d', 'db'));
  driver.runToEnd();
  expect(told(driver)).toEqual([]);
  expect(driver.outcome).toBe('succeeded');
});
