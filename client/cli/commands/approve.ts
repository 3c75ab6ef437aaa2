import type { CommandSpec } from '../command-spec.ts';
import { BY, EXECUTION, REASON, TASK } from './shared.ts';
import { steerTask } from './steer.ts';

export const approve: CommandSpec = {
  name: 'approve',
  group: 'Steer',
  summary: 'Let a task start that needs an approval, or refuse it',
  description: ['Which tasks need one is said by the policy "approval" of the plan and by the tasks\' own "risk". One may be given before it is asked for.'],
  arguments: [EXECUTION, TASK],
  options: [{ name: 'refuse', env: false, description: 'It must not start: the task fails' }, BY, REASON],
  examples: [
    { says: 'The migration may run', command: 'tasks approve @latest migrate --by ada' },
    { says: 'It may not', command: 'tasks approve @latest migrate --refuse --reason "no backup"' },
  ],
  run: steerTask({
    send: (client, execution, request, { values }) => client.approve(execution, { ...request, approved: !values.flag('refuse') }),
    says: ({ values }) => (values.flag('refuse') ? 'is refused' : 'is approved'),
  }),
};
