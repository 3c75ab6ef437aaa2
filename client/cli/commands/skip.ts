import type { CommandSpec } from '../command-spec.ts';
import { BY, EXECUTION, REASON, TASK } from './shared.ts';
import { steerTask } from './steer.ts';

export const skip: CommandSpec = {
  name: 'skip',
  group: 'Steer',
  summary: 'Pass over a task; what depends on it goes on',
  arguments: [EXECUTION, TASK],
  options: [BY, REASON],
  examples: [{ says: 'It was done by hand', command: 'tasks skip @latest deploy-docs --reason "done by hand"' }],
  run: steerTask({ send: (client, execution, request) => client.skip(execution, request), says: () => 'is skipped' }),
};
