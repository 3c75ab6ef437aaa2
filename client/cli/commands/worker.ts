/** `tasks worker`: a worker process. */
import { capabilityProblem } from '../../../model/pool-guard.ts';
import { EXIT } from '../../../model/problem.ts';
import type { CommandSpec } from '../command-spec.ts';
import { usageError } from '../errors.ts';
import { DEFAULT_GRACE_S, DEFAULT_SLOTS, METRICS_PORT, QUEUE } from '../execute-options.ts';
import { interrupted } from '../interrupt.ts';
import { breakdownOf, startLocalWorker } from '../local-worker.ts';
import { oneLine } from '../markup.ts';

export const worker: CommandSpec = {
  name: 'worker',
  group: 'Set up',
  summary: 'Run a worker: it takes tasks and runs their commands',
  description: [
    'Without --capability it takes any task that asks for none. With it, it takes only tasks that are placed on it: those that ask for what it can do, and others while no worker without capabilities lives.',
    'SIGTERM or Ctrl-C drains it: it takes nothing new, lets commands end within the grace, then ends them; their tasks are tried again elsewhere. A second one ends it at once.',
  ],
  arguments: [],
  options: [
    { name: 'slots', value: 'N', kind: 'integer', minimum: 1, maximum: 10_000, default: DEFAULT_SLOTS, description: 'Commands at once' },
    { name: 'capability', value: 'NAME', kind: 'list', description: 'What it can do, the primary one first; repeated or with commas' },
    { name: 'grace', value: 'SECONDS', kind: 'number', minimum: 0, maximum: 3_600, default: DEFAULT_GRACE_S, description: 'Time for running commands to end when it stops' },
    QUEUE,
    METRICS_PORT,
  ],
  examples: [
    { says: 'On this machine', command: 'tasks worker' },
    { says: 'Only for database work, and for backend work while it has room', command: 'tasks worker --capability db --capability backend' },
    { says: 'Eight commands at once, on a cluster', command: 'tasks worker --slots 8 --address temporal.example.com:7233 --namespace ci' },
  ],
  run: async (context) => {
    const { values, out, interrupt } = context;
    const { signal } = interrupt;
    const slots = values.number('slots') ?? DEFAULT_SLOTS;
    const capabilities = [...new Set(values.list('capability'))];
    const problem = capabilityProblem(capabilities);
    if (problem !== undefined) throw usageError(`--capability: ${problem}`, '`tasks worker --capability db` starts a worker for database work.');
    const running = await startLocalWorker(context, { slots, capabilities, logLevel: out.shows('info') ? 'warn' : 'error' });
    try {
      const takes = capabilities.length === 0 ? '' : ` and takes only tasks that are placed on it: ${oneLine(capabilities.join(', '))}`;
      out.answer({ identity: running.identity, slots, capabilities }, () => `Worker ${running.identity} runs up to ${slots} commands at once${takes}; Ctrl-C drains it`);
      await Promise.race([interrupted(signal), breakdownOf(running) ?? new Promise<never>(() => {})]);
      out.progress(`Draining: running commands have ${values.number('grace') ?? DEFAULT_GRACE_S} s to end; Ctrl-C again ends at once`);
    } finally {
      await running.stop();
    }
    out.progress('Stopped');
    return EXIT.ok;
  },
};
