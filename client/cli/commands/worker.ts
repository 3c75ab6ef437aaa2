/** `tasks worker`: a worker process. */
import { EXIT } from '../../../model/problem.ts';
import type { CommandSpec } from '../command-spec.ts';
import { DEFAULT_GRACE_S, DEFAULT_SLOTS, MAX_GRACE_S, METRICS_PORT, QUEUE } from '../execute-options.ts';
import { interrupted } from '../interrupt.ts';
import { breakdownOf, startLocalWorker } from '../local-worker.ts';
import { checkPoolOptions, POOL_OPTIONS } from '../pool-options.ts';
import { runPool } from '../run-pool.ts';

const POOL_TEXT =
  'With --pool it runs worker processes and no commands itself: another one when more than --alpha tasks wait for each there is, or when work waits that none of them can do; one less when nothing has waited for --shrink-after seconds. What runs is never ended for that. A worker that ends by itself is started again, after 1 s, then after twice as long each time, up to a minute. The workers of a pool that is killed end when their commands have.';

export const worker: CommandSpec = {
  name: 'worker',
  group: 'Set up',
  summary: 'Run a worker: it takes tasks and runs their commands',
  description: ['SIGTERM or Ctrl-C drains it: it takes nothing new, lets commands end within the grace, then ends them; their tasks are tried again elsewhere. A second one ends it at once.', POOL_TEXT],
  arguments: [],
  options: [
    { name: 'slots', value: 'N', kind: 'integer', minimum: 1, maximum: 10_000, default: DEFAULT_SLOTS, description: 'Commands at once' },
    { name: 'grace', value: 'SECONDS', kind: 'number', minimum: 0, maximum: MAX_GRACE_S, default: DEFAULT_GRACE_S, description: 'Time for running commands to end when it stops' },
    QUEUE,
    METRICS_PORT,
    ...POOL_OPTIONS,
  ],
  examples: [
    { says: 'On this machine', command: 'tasks worker' },
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
    const running = await startLocalWorker(context, { slots, ...(pool && { onRunning: (commands) => pool.tell({ type: 'running', commands }) }), logLevel: out.shows('info') ? 'warn' : 'error' });
    try {
      pool?.tell({ type: 'ready', identity: running.identity });
      out.answer({ identity: running.identity, slots }, () => `Worker ${running.identity} runs up to ${slots} commands at once; Ctrl-C drains it`);
      await Promise.race([interrupted(signal), breakdownOf(running) ?? new Promise<never>(() => {})]);
      out.progress(`Draining: running commands have ${values.number('grace') ?? DEFAULT_GRACE_S} s to end; Ctrl-C again ends at once`);
    } finally {
      await running.stop();
    }
    out.progress('Stopped');
    return EXIT.ok;
  },
};
