/** `tasks worker --pool`: what it refuses, and what it tells its workers. */
import { expect, test, vi } from 'vitest';
import { Interrupt } from '../../../../client/cli/interrupt.ts';
import type { Services } from '../../../../client/cli/services.ts';
import { run } from '../support/run.ts';

test.each([
  [['--min', '2'], '--min without --pool'],
  [['--role', 'db', '--shrink-after', '5'], '--shrink-after, --role without --pool'],
  [['--pool', '--min', '3', '--max', '2'], '--min 3 is more than --max 2'],
  [['--pool', '--max', '1', '--role', 'db', '--role', 'ui'], '2 roles need --max 2 or more, not 1'],
  [['--pool', '--role', 'db', '--capability', 'ui'], '--capability with --role'],
  [['--pool', '--metrics-port', '9000'], '--metrics-port with --pool'],
  [['--pool', '--role', 'db,,ui'], 'is not the name of a capability'],
  [['--pool', '--min', '0'], '--min must be a whole number, at least 1'],
])('%j is refused', async (args, message) => {
  const { exit, stderr } = await run(['worker', ...args]);
  expect(exit).toBe(1);
  expect(stderr).toContain(message);
});

/** Workers that come up and end as soon as they are told. */
const services = () => {
  const started: { args: readonly string[]; environment: Readonly<Record<string, string | undefined>> }[] = [];
  const closed = vi.fn();
  const fakes: Partial<Services> = {
    openDemand: async () => ({ look: async () => ({ waiting: [], complete: true }), [Symbol.asyncDispose]: async () => closed() }),
    startWorkerChild: ({ args, environment, onReady, onEnd }) => {
      const pid = started.push({ args, environment });
      queueMicrotask(() => onReady(`worker-${pid}`));
      return { pid, running: 0, stop: () => onEnd({ how: 'code 0', lines: [] }), kill: () => undefined };
    },
  };
  return { started, closed, fakes };
};

test('its workers get the same flags, a role each, and nothing of the pool', async () => {
  const { started, closed, fakes } = services();
  const interrupt = new Interrupt(() => {});
  const { exit, stdout, stderr } = await run(
    ['worker', '--pool', '--min', '3', '--max', '4', '--role', 'db,testing', '--role', 'generic', '--slots', '2', '--queue', 'q', '--memory-threshold', '60', '--grace', '7', '--address', 'h:1', '--json'],
    { services: fakes, interrupt, onStdout: () => interrupt.fire(), environment: { TASKS_POOL: '1', TASKS_ROLE: 'x', TASKS_SHRINK_AFTER: '9', TASKS_PLAN_STORE: 'file:/p', PATH: '/bin' } },
  );
  expect(exit).toBe(0);
  expect(closed).toHaveBeenCalledOnce();
  expect(started.map(({ args }) => args.join(' '))).toEqual([
    'worker --slots 2 --memory-threshold 60 --queue q --address h:1 --capability db --capability testing --grace 1000000 --output none --color never --log-level warn',
    'worker --slots 2 --memory-threshold 60 --queue q --address h:1 --grace 1000000 --output none --color never --log-level warn',
    'worker --slots 2 --memory-threshold 60 --queue q --address h:1 --capability db --capability testing --grace 1000000 --output none --color never --log-level warn',
  ]);
  expect(started[0]?.environment).toEqual({ TASKS_PLAN_STORE: 'file:/p', PATH: '/bin' });
  expect(JSON.parse(stdout)).toEqual({
    pool: { min: 3, max: 4, alpha: 2, shrinkAfterSeconds: 9, roles: ['db,testing', 'generic'] },
    workers: [
      { identity: 'worker-1', role: 'db,testing', capabilities: ['db', 'testing'], pid: 1 },
      { identity: 'worker-2', role: 'generic', capabilities: [], pid: 2 },
      { identity: 'worker-3', role: 'db,testing', capabilities: ['db', 'testing'], pid: 3 },
    ],
  });
  expect(stderr).toContain('Draining: running commands have 7 s to end');
});

test('roles in one variable are told apart by semicolons; --capability is the one role of all', async () => {
  for (const [args, environment, names] of [
    [[], { TASKS_ROLE: 'db,testing; generic' }, ['db,testing', 'generic']],
    [['--capability', 'db,ui', '--capability', 'web'], {}, ['db,ui,web']],
  ] as const) {
    const { fakes } = services();
    const interrupt = new Interrupt(() => {});
    const { stdout } = await run(['worker', '--pool', '--json', ...args], { services: fakes, interrupt, onStdout: () => interrupt.fire(), environment });
    expect(JSON.parse(stdout)).toMatchObject({ pool: { min: 1, max: 8, roles: names } });
  }
});

test('a process that a pool has started is a worker, whatever it reads; it says who it is and what it runs', async () => {
  const tell = vi.fn();
  const interrupt = new Interrupt(() => {});
  const { exit } = await run(['worker'], {
    services: {
      pool: { tell },
      startWorker: async ({ onRunning }) => {
        onRunning?.(1);
        return { identity: 'me', stop: async () => {} };
      },
    },
    environment: { TASKS_POOL: '1', TASKS_MIN: '4' },
    interrupt,
    onStdout: () => interrupt.fire(),
  });
  expect(exit).toBe(0);
  expect(tell.mock.calls).toEqual([[{ type: 'running', commands: 1 }], [{ type: 'ready', identity: 'me' }]]);
});
