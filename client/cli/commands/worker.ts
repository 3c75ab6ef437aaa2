/** `tasks worker`: a worker process. */
import { capabilityProblem } from '../../../model/pool-guard.ts';
import { EXIT } from '../../../model/problem.ts';
import type { CommandSpec } from '../command-spec.ts';
import { usageError } from '../errors.ts';
import { DEFAULT_GRACE_S, DEFAULT_SLOTS, MAX_GRACE_S, METRICS_PORT, QUEUE, WORKER_THRESHOLDS } from '../execute-options.ts';
import { interrupted } from '../interrupt.ts';
import { breakdownOf, startLocalWorker } from '../local-worker.ts';
import { oneLine } from '../markup.ts';
import { checkPoolOptions, POOL_OPTIONS } from '../pool-options.ts';
import { runPool } from '../run-pool.ts';

const POOL_TEXT =
  'With --pool it runs worker processes and no commands itself: another one when more than --alpha tasks wait for each there is, or when work waits that none of them can do; one less when nothing has waited for --shrink-after seconds. What runs is never ended for that. A worker that ends by itself is started again, after 1 s, then after twice as long each time, up to a minute. The workers of a pool that is killed end when their commands have.';

export const worker: CommandSpec = {
  name: 'worker',
  group: 'Set up',
  summary: 'Run a worker: it takes tasks and runs their commands',
  description: [
    'Without --capability it takes any task that asks for none. With it, it takes only tasks that are placed on it: those that ask for what it can do, and others while no worker without capabilities lives.',
    'It guards its machine, or its container. Over a soft limit it gets one task at a time, and none that can wait; over the hard one (95 % of memory) none, and what runs makes room: tasks that are pausable are suspended until it is no longer over it, and of background tasks that are preemptible one after the other is ended and starts anew later.',
    'SIGTERM or Ctrl-C drains it: it takes nothing new, lets commands end within the grace, then ends them; their tasks are tried again elsewhere. A second one ends it at once.',
    POOL_TEXT,
  ],
  arguments: [],
  options: [
    { name: 'slots', value: 'N', kind: 'integer', minimum: 1, maximum: 10_000, default: DEFAULT_SLOTS, description: 'Commands at once' },
    { name: 'capability', value: 'NAME', kind: 'list', description: 'What it can do, the primary one first; repeated or with commas' },
    { name: 'grace', value: 'SECONDS', kind: 'number', minimum: 0, maximum: MAX_GRACE_S, default: DEFAULT_GRACE_S, description: 'Time for running commands to end when it stops' },
    ...WORKER_THRESHOLDS,
    QUEUE,
    METRICS_PORT,
    ...POOL_OPTIONS,
  ],
  examples: [
    { says: 'On this machine', command: 'tasks worker' },
    { says: 'Only for database work, and for backend work while it has room', command: 'tasks worker --capability db --capability backend' },
    { says: 'On a machine that others use too', command: 'tasks worker --cpu-threshold 70 --memory-threshold 60' },
    { says: 'Eight commands at once, on a cluster', command: 'tasks worker --slots 8 --address temporal.example.com:7233 --namespace ci' },
    { says: 'As many as the work needs, of two kinds', command: 'tasks worker --pool --min 2 --max 6 --slots 1 --role db,testing --role generic' },
  ],
  run: async (context) => {
    const { values, out, interrupt } = context;
    const { pool } = context.services;
    checkPoolOptions(context);
    // Whoever has been started by a pool is a worker of it, whatever files say.
    if (values.flag('pool') && !pool) return runPool(context, worker.options);
    const { signal } = interrupt;
    const slots = values.number('slots') ?? DEFAULT_SLOTS;
    const capabilities = [...new Set(values.list('capability'))];
    const problem = capabilityProblem(capabilities);
    if (problem !== undefined) throw usageError(`--capability: ${problem}`, '`tasks worker --capability db` starts a worker for database work.');
    const running = await startLocalWorker(context, { slots, capabilities, ...(pool && { onRunning: (commands) => pool.tell({ type: 'running', commands }) }), logLevel: out.shows('info') ? 'warn' : 'error' });
    try {
      pool?.tell({ type: 'ready', identity: running.identity });
      const takes = capabilities.length === 0 ? '' : ` and takes only tasks that are placed on it: ${oneLine(capabilities.join(', '))}`;
      out.answer({ identity: running.identity, slots, capabilities }, () => `Worker ${running.identity} runs up to ${slots} command${slots === 1 ? '' : 's'} at once${takes}; Ctrl-C drains it`);
      await Promise.race([interrupted(signal), breakdownOf(running) ?? new Promise<never>(() => {})]);
      out.progress(`Draining: running commands have ${values.number('grace') ?? DEFAULT_GRACE_S} s to end; Ctrl-C again ends at once`);
    } finally {
      await running.stop();
    }
    out.progress('Stopped');
    return EXIT.ok;
  },
};
