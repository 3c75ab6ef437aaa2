import type { CommandSpec } from '../command-spec.ts';
import { BY, EXECUTION, REASON } from './shared.ts';
import { steerExecution } from './steer.ts';

export const pause: CommandSpec = {
  name: 'pause',
  group: 'Steer',
  summary: 'Start nothing new; running tasks finish',
  arguments: [EXECUTION],
  options: [BY, REASON],
  examples: [{ says: 'Hold the latest execution', command: 'tasks pause @latest --reason "release freeze"' }],
  run: steerExecution({
    send: (client, execution, who) => client.pause(execution, who),
    says: (execution, { status }) => `${execution} is ${status}: running tasks finish, none starts`,
    next: (execution) => `tasks resume ${execution}`,
  }),
};
