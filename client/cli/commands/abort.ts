import type { CommandSpec } from '../command-spec.ts';
import { BY, EXECUTION, REASON } from './shared.ts';
import { steerExecution } from './steer.ts';

export const abort: CommandSpec = {
  name: 'abort',
  group: 'Steer',
  summary: 'End an execution and its running commands',
  description: ['Running commands are asked to end, and killed after the grace of the execution; what has succeeded stays and can be taken over.'],
  arguments: [EXECUTION],
  options: [BY, REASON],
  examples: [{ says: 'End it, and say why', command: 'tasks abort quickstart-2026 --reason "wrong branch"' }],
  run: steerExecution({
    send: (client, execution, who) => client.abort(execution, who),
    says: (execution, { status }) => `${execution} is ${status}`,
    next: (execution) => `tasks watch ${execution}`,
  }),
};
