/** `tasks worker`: a worker process. */
import { EXIT } from '../../../model/problem.ts';
import type { CommandSpec } from '../command-spec.ts';
import { DEFAULT_GRACE_S, DEFAULT_SLOTS, METRICS_PORT, QUEUE } from '../execute-options.ts';
import { interrupted } from '../interrupt.ts';
import { breakdownOf, startLocalWorker } from '../local-worker.ts';

export const worker: CommandSpec = {
  name: 'worker',
  group: 'Set up',
  summary: 'Run a worker: it takes tasks and runs their commands',
  description: ['SIGTERM or Ctrl-C drains it: it takes nothing new, lets commands end within the grace, then ends them; their tasks are tried again elsewhere. A second one ends it at once.'],
  arguments: [],
  options: [
    { name: 'slots', value: 'N', kind: 'integer', minimum: 1, maximum: 10_000, default: DEFAULT_SLOTS, description: 'Commands at once' },
    { name: 'grace', value: 'SECONDS', kind: 'number', minimum: 0, maximum: 3_600, default: DEFAULT_GRACE_S, description: 'Time for running commands to end when it stops' },
    QUEUE,
    METRICS_PORT,
  ],
  examples: [
    { says: 'On this machine', command: 'tasks worker' },
    { says: 'Eight commands at once, on a cluster', command: 'tasks worker --slots 8 --address temporal.example.com:7233 --namespace ci' },
  ],
  run: async (context) => {
    const { values, out, interrupt } = context;
    const { signal } = interrupt;
    const slots = values.number('slots') ?? DEFAULT_SLOTS;
    const running = await startLocalWorker(context, { slots, logLevel: out.shows('info') ? 'warn' : 'error' });
    try {
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
