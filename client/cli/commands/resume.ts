import type { CommandSpec } from '../command-spec.ts';
import { BY, EXECUTION, REASON } from './shared.ts';
import { steerExecution } from './steer.ts';

export const resume: CommandSpec = {
  name: 'resume',
  group: 'Steer',
  summary: 'Go on after a pause',
  description: ['To take up an execution that has failed, see `tasks execute --resume-from-checkpoint`.'],
  arguments: [EXECUTION],
  options: [BY, REASON],
  examples: [{ says: 'Go on', command: 'tasks resume @latest' }],
  run: steerExecution({
    send: (client, execution, who) => client.resume(execution, who),
    says: (execution, { status }) => `${execution} is ${status}`,
    next: (execution) => `tasks watch ${execution}`,
  }),
};
