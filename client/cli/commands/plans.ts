/** `tasks plans`: the plan store. */
import type { ContentHash } from '../../../model/ids.ts';
import { isOpen } from '../../../model/outcome.ts';
import { EXIT, TasksError } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import { unusedPlans } from '../../../store/gc.ts';
import type { CommandSpec } from '../command-spec.ts';
import { confirm } from '../confirm.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';
import { oneLine } from '../markup.ts';
import { moment } from '../time-text.ts';
import { connectionChoice, withClient } from '../with-client.ts';

const ACTIONS = ['list', 'gc'] as const;
/** More executions than this are not looked through to find out which plans are in use. */
const EXECUTIONS_LOOKED_AT = 100_000;

export const plans: CommandSpec = {
  name: 'plans',
  group: 'Set up',
  summary: 'List stored plans, or delete those that no execution uses',
  description: ['Plans are kept where TASKS_PLAN_STORE says: file: (the default), file:/a/directory, or temporal:. The list marks what a hot update brought as `patch`. `gc` spares what is younger than an hour and, while any execution is open, patches; it refuses when an execution does not say which plan it uses.'],
  arguments: [{ name: 'action', description: 'list, or gc to delete what is unused', choices: ACTIONS }],
  options: [{ name: 'dry-run', short: 'd', description: 'Show what gc would delete' }],
  examples: [
    { says: 'What is stored', command: 'tasks plans list' },
    { says: 'Delete unused ones without being asked', command: 'tasks plans gc --yes' },
  ],
  run: (context) => (argument(context, 0) === 'gc' ? collect(context) : show(context)),
};

const show = async (context: Context): Promise<ExitCode> => {
  const { services, out, now } = context;
  await using store = await services.openPlanStore(connectionChoice(context));
  const stored = await store.list();
  out.answer(stored, () =>
    stored
      .map(({ hash, name, format, tasks, bytes, storedAt }) => `${hash.slice(0, 12)}  ${oneLine(name)}  ${format === undefined ? '' : `${format}, `}${tasks} tasks, ${Math.ceil(bytes / 1024)} KB, ${moment(Date.parse(storedAt), { format: out.timeFormat, now: now() })}`)
      .join('\n'),
  );
  if (stored.length === 0) out.hint(`No plans in ${store.location}`);
  return EXIT.ok;
};

const collect = (context: Context): Promise<ExitCode> =>
  withClient(context, async (client) => {
    const { services, out, values, now } = context;
    const used = new Set<ContentHash>();
    const executions = await client.list({ limit: EXECUTIONS_LOOKED_AT });
    const silent = executions.find(({ plan }) => plan === undefined);
    if (silent || executions.length >= EXECUTIONS_LOOKED_AT) {
      const why = silent ? `execution ${silent.executionId} does not say which plan it uses` : 'there are too many executions to look through';
      throw new TasksError({ code: 'TASKS3011', message: `unused plans cannot be told: ${why}`, hint: 'register the search attribute TasksPlan, or delete plans by hand' });
    }
    for (const { plan } of executions) if (plan !== undefined) used.add(plan);
    await using store = await services.openPlanStore(connectionChoice(context));
    const hasOpen = executions.some(({ status }) => isOpen(status));
    const unused = unusedPlans(await store.list(), { used, hasOpen, now: now() });
    const dry = values.flag('dry-run');
    if (unused.length > 0 && !dry) await confirm(context, { ask: `Delete ${unused.length} plans from ${store.location}?`, does: 'this deletes plans', declined: 'nothing was deleted' });
    if (!dry) for (const { hash } of unused) await store.delete(hash);
    out.answer({ deleted: dry ? [] : unused, unused }, () => unused.map(({ hash, name }) => `${dry ? 'unused' : 'deleted'} ${hash.slice(0, 12)}  ${oneLine(name)}`).join('\n'));
    if (unused.length === 0) out.hint('Every stored plan is in use, or younger than an hour');
    return EXIT.ok;
  });
