/** `tasks resources`: what executions share, who holds it, who waits, and what an operator can do. */
import { EXIT } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import type { ResourceView } from '../../../model/mutex.ts';
import type { TasksClient } from '../../api.ts';
import type { CommandSpec } from '../command-spec.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { resourcesText } from '../view/resources-text.ts';
import { untilInterrupted } from '../watched.ts';
import { withClient } from '../with-client.ts';
import { BY, REASON, requester } from './shared.ts';

const ACTIONS = ['list', 'release', 'set'] as const;

export const resources: CommandSpec = {
  name: 'resources',
  group: 'Look',
  summary: 'Show what executions share: who holds it, who waits and why',
  description: [
    'Only resources of the scope global are listed, once an execution has asked for them; `tasks status` shows what the tasks of one execution wait for.',
    '`release` frees what a holder has although it may still use it: for a holder that will never end. `set` changes a capacity for all executions; a smaller one drains, and nobody who holds is interrupted. Both are recorded with who and why.',
  ],
  arguments: [
    { name: 'action', description: 'list (the default), release or set', optional: true, choices: ACTIONS },
    { name: 'resource', description: 'Of release and set: the resource', optional: true },
  ],
  options: [
    { name: 'domain', value: 'NAME', description: 'The lock domain; all of them for list, `default` otherwise' },
    { name: 'watch', short: 'w', description: 'Show it again whenever it changes, until Ctrl-C' },
    { name: 'holder', value: 'NAME', env: false, description: 'Of release: EXECUTION/TASK, or the workflow id of the attempt' },
    { name: 'capacity', value: 'N', kind: 'integer', minimum: 0, env: false, description: 'Of set: the new capacity; 0 grants nothing any more' },
    BY,
    REASON,
  ],
  examples: [
    { says: 'Who holds what', command: 'tasks resources' },
    { says: 'Free a lock whose holder will never end', command: 'tasks resources release db.local --holder nightly/migrate --reason "host is gone"' },
    { says: 'A second database is there', command: 'tasks resources set db.local --capacity 2' },
  ],
  run: (context) =>
    withClient(context, (client) => {
      switch (argument(context, 0)) {
        case 'release':
          return release(context, client);
        case 'set':
          return set(context, client);
        default:
          return list(context, client);
      }
    }),
};

const list = async (context: Context, client: TasksClient): Promise<ExitCode> => {
  const { out, values, now } = context;
  await untilInterrupted(context, {
    ask: () => client.resources.list(values.text('domain')),
    show: (found) => {
      out.answer(found, () => resourcesText(found, { now: now(), width: out.width }));
      if (found.length === 0) out.hint('No execution has asked for a shared resource yet.');
    },
  });
  return EXIT.ok;
};

const named = (context: Context, option: 'holder' | 'capacity'): string => {
  const resource = argument(context, 1);
  if (resource === '') throw usageError(`${argument(context, 0)} needs the name of a resource`, '`tasks resources` shows those there are.');
  if (!context.values.isGiven(option)) throw usageError(`${argument(context, 0)} needs --${option}`, 'See `tasks resources --help`.');
  return resource;
};

const domainOf = ({ values }: Context): { readonly domain?: string } => {
  const domain = values.text('domain');
  return domain === undefined ? {} : { domain };
};

const release = async (context: Context, client: TasksClient): Promise<ExitCode> => {
  const { values } = context;
  const resource = named(context, 'holder');
  const { by = 'unknown', reason } = requester(context);
  if (reason === undefined) throw usageError('release needs --reason', 'It is recorded: why may the lock be freed while its holder has it?');
  const view = await client.resources.release({ resource, holder: values.text('holder') ?? '', by, reason, ...domainOf(context) });
  return answer(context, view);
};

const set = async (context: Context, client: TasksClient): Promise<ExitCode> => {
  const resource = named(context, 'capacity');
  const view = await client.resources.modify({ resource, capacity: context.values.number('capacity') ?? 0, ...requester(context), ...domainOf(context) });
  return answer(context, view);
};

const answer = ({ out, now }: Context, view: ResourceView): ExitCode => {
  out.answer(view, () => resourcesText([{ domain: '', resources: [view], interventions: [] }], { now: now(), width: out.width }));
  return EXIT.ok;
};
