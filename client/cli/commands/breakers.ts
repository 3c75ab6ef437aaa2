/** `tasks breakers`: what spots failures that are not one task's own, what it does now, and the way to end that. */
import { EXIT } from '../../../model/problem.ts';
import type { CommandSpec } from '../command-spec.ts';
import { breakersText } from '../view/breakers-text.ts';
import { withClient } from '../with-client.ts';
import { BY, EXECUTION, REASON, requester, resolveExecution } from './shared.ts';

export const breakers: CommandSpec = {
  name: 'breakers',
  group: 'Look',
  summary: 'Show the circuit breakers of an execution, or reset one',
  description: [
    'A breaker trips when several attempts fail alike, holds the tasks it is about, and has something done about it: a playbook, a throttle, a person.',
    '--reset says that it is over: what it holds is tried again as if for the first time, and it may trip as often as at first.',
    '--reset error-policy does so for the turns of error policies: no task waits any more for its review.',
  ],
  arguments: [EXECUTION],
  options: [{ name: 'reset', value: 'NAME', env: false, description: 'The breaker that is to let go' }, BY, REASON],
  examples: [
    { says: 'What is held, and why', command: 'tasks breakers @latest' },
    { says: 'The package has been installed by hand', command: 'tasks breakers @latest --reset missing-dependencies' },
  ],
  run: (context) =>
    withClient(context, async (client) => {
      const execution = await resolveExecution(context, client);
      const { out, values, now } = context;
      const name = values.text('reset');
      if (name !== undefined) {
        const receipt = await client.resetBreaker(execution, { breaker: name, ...requester(context) });
        out.answer({ executionId: execution, breaker: name, ...receipt }, () => `The breaker ${name} of ${execution} is reset`);
        out.hint(`Next: tasks watch ${execution}`);
        return EXIT.ok;
      }
      const found = await client.breakers(execution);
      out.answer({ executionId: execution, breakers: found }, () => breakersText(found, { now: now(), width: out.width }));
      const gated = found.find(({ state }) => state === 'gated');
      if (gated) out.hint(`When it is mended: tasks breakers ${execution} --reset ${gated.breaker}`);
      return EXIT.ok;
    }),
};
