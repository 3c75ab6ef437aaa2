/** `tasks workers`: who lives, what they can do, and how busy their machines are. */
import { EXIT } from '../../../model/problem.ts';
import type { CommandSpec } from '../command-spec.ts';
import { QUEUE } from '../execute-options.ts';
import { workersText } from '../view/workers-text.ts';
import { untilInterrupted } from '../watched.ts';
import { withClient } from '../with-client.ts';

export const workers: CommandSpec = {
  name: 'workers',
  group: 'Look',
  summary: 'Show the workers that live, what they take and how loaded their machines are',
  description: [
    'A worker announces itself when it starts and every minute, and says good-bye when it stops. One that died without a word is listed until it has not been heard of for two and a half minutes.',
    'Needs a worker that answers: without any, nobody can say who lives.',
  ],
  arguments: [],
  options: [{ name: 'watch', short: 'w', description: 'Show them again whenever they change, until Ctrl-C' }, QUEUE],
  examples: [
    { says: 'Who is there', command: 'tasks workers' },
    { says: 'Names of the workers that can do database work', command: `tasks workers --json | jq -r '.workers[] | select(.capabilities | index("db")) | .worker'` },
  ],
  run: (context) =>
    withClient(context, async (client) => {
      const { out, now } = context;
      await untilInterrupted(context, {
        ask: () => client.workers.list(),
        show: (found) => {
          out.answer(found, () => workersText(found, { now: now(), width: out.width }));
          if (found.workers.length === 0) out.hint('`tasks worker` starts one.');
        },
      });
      return EXIT.ok;
    }),
};
