import type { CommandSpec } from '../command-spec.ts';
import { BY, EXECUTION, REASON, TASK } from './shared.ts';
import { steerTask } from './steer.ts';

export const retry: CommandSpec = {
  name: 'retry',
  group: 'Steer',
  summary: 'Try a task again that failed or needs a decision',
  arguments: [EXECUTION, TASK],
  options: [BY, REASON],
  examples: [{ says: 'The cause is mended', command: 'tasks retry @latest test-core --reason "disk was full"' }],
  run: steerTask({ send: (client, execution, request) => client.retry(execution, request), says: () => 'is tried again' }),
};
