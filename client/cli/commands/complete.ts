import type { CommandSpec } from '../command-spec.ts';
import { BY, EXECUTION, REASON, TASK } from './shared.ts';
import { steerTask } from './steer.ts';

export const complete: CommandSpec = {
  name: 'complete',
  group: 'Steer',
  summary: 'Say that a person has done a task, or rejects it',
  arguments: [EXECUTION, TASK],
  options: [
    { name: 'outcome', value: 'OUTCOME', choices: ['succeeded', 'failed'], default: 'succeeded', description: 'How it went' },
    BY,
    REASON,
  ],
  examples: [
    { says: 'The review is done', command: 'tasks complete @latest review' },
    { says: 'It is rejected', command: 'tasks complete @latest review --outcome failed --reason "no tests"' },
  ],
  run: steerTask({
    send: (client, execution, request, { values }) => client.complete(execution, { ...request, outcome: values.text('outcome') === 'failed' ? 'failed' : 'succeeded' }),
    says: ({ values }) => (values.text('outcome') === 'failed' ? 'is rejected' : 'is completed'),
  }),
};
