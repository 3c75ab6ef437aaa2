/** `tasks archive-plan`: a copy of a plan for keeping, with what its executions left. */
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { isExecutionId } from '../../../model/ids.ts';
import type { ExecutionId } from '../../../model/ids.ts';
import type { StoredPlan } from '../../../model/graph.ts';
import { EXIT, TasksError } from '../../../model/problem.ts';
import { archivePlan } from '../../plans/archive-plan.ts';
import type { CommandSpec } from '../command-spec.ts';
import { argument } from '../context.ts';
import type { Context } from '../context.ts';
import { reportWarnings, usageError } from '../errors.ts';
import { oneLine } from '../markup.ts';
import { choosePlan, PLAN } from '../plan-choice.ts';
import { counted } from '../view/counts-text.ts';
import { withClient } from '../with-client.ts';

const TAG = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
const MAX_EXECUTIONS = 1_000;

export const archivePlanCommand: CommandSpec = {
  name: 'archive-plan',
  group: 'Plan',
  summary: 'Keep a copy of a plan, with the ledgers of its executions',
  description: [
    'Copies the files of a plan directory to archive/TAG/NAME-PLANID beside it, with a list of the checkpoints that lie there (checkpoints.json), a ledger for each execution of it that the server knows (ledgers/ID.jsonl), and archive.json, which says what it is. What is there already is never written over; a copy is there whole or not at all. The plan itself stays.',
    'Without a server the ledgers are left out, and that is said.',
  ],
  arguments: [PLAN],
  options: [
    { name: 'tag', value: 'TAG', env: false, description: 'What it is kept as, such as v1.0-release; needed' },
    { name: 'to', value: 'DIR', description: 'Directory for archives; archive beside the plan unless stated' },
    { name: 'no-ledger', env: false, description: 'Ask no server for ledgers' },
  ],
  examples: [
    { says: 'After a release', command: 'tasks archive-plan ./tasks_output --tag v1.0-release' },
    { says: 'Somewhere else, without asking a server', command: 'tasks archive-plan @latest --tag nightly --to /srv/plans --no-ledger' },
  ],
  run: async (context) => {
    const { services, cwd, out, values, now } = context;
    const tag = values.text('tag');
    if (tag === undefined) throw usageError('an archive needs a tag', '--tag v1.0-release');
    if (!TAG.test(tag) || tag.includes('..')) throw usageError(`${JSON.stringify(tag)} cannot be a tag`, 'a letter or digit, then letters, digits, ".", "_", "-"; at most 100 characters');
    const given = argument(context, 0);
    if (given === '-') throw usageError('what comes from standard input is in no directory', 'name the directory of the plan');
    const reference = await choosePlan(context, given);
    const read = await services.readPlan({ reference, cwd });
    if (!read.ok) throw new TasksError(read.error);
    const { plan } = read.value;
    reportWarnings(out, read.value.warnings);
    const path = resolve(cwd, reference);
    const directory = (await stat(path)).isDirectory() ? path : dirname(path);
    const found = (await services.findPlans(directory)).find((each) => each.path === directory);
    const id = found?.planId ?? `PLAN-${(await hashOf(plan)).slice(0, 8)}`;
    const to = join(values.text('to') === undefined ? join(dirname(directory), 'archive') : resolve(cwd, values.text('to') ?? ''), tag, `${safe(plan.graph.name)}-${safe(id)}`);
    const ledgers = values.flag('no-ledger') ? [] : await ledgersOf(context, plan);
    const checkpoints = await checkpointsOf(context, directory);
    const record = { tag, name: plan.graph.name, planId: id, plan: await hashOf(plan), archived_at: new Date(now()).toISOString(), executions: ledgers.map(({ execution }) => execution), checkpoints: checkpoints.length };
    const extra = new Map([
      ...ledgers.map(({ execution, text }) => [`ledgers/${execution.replaceAll(':', '_')}.jsonl`, text] as const),
      ...(checkpoints.length > 0 ? [['checkpoints.json', json(checkpoints)] as const] : []),
      ['archive.json', json(record)] as const,
    ]);
    const { files, leftOut } = await archivePlan({ directory, to, extra });
    out.answer({ path: to, ...record, files }, () => to);
    if (leftOut.length > 0) out.warn(`not copied, as they are no files: ${leftOut.map(oneLine).join(', ')}`);
    out.hint(`${counted(files.length, 'file', 'files')}, ${counted(ledgers.length, 'ledger', 'ledgers')}, ${counted(checkpoints.length, 'checkpoint', 'checkpoints')} listed`);
    return EXIT.ok;
  },
};

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** As part of a path; never a way to another directory. */
const safe = (text: string): string => text.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '').slice(0, 100) || 'plan';

const hashOf = async (plan: StoredPlan): Promise<string> => (await import('../../../store/hash.ts')).contentHash(plan);

/** An archive without ledgers is worth having: that no server answers is said, and does no harm. */
const ledgersOf = async (context: Context, plan: StoredPlan): Promise<readonly { readonly execution: ExecutionId; readonly text: string }[]> => {
  const { out } = context;
  const { contentHash } = await import('../../../store/hash.ts');
  try {
    return await withClient(context, async (client) => {
      const ledgers: { execution: ExecutionId; text: string }[] = [];
      for (const { executionId } of await client.list({ plan: contentHash(plan), limit: MAX_EXECUTIONS })) {
        const lines = await client.ledger(executionId);
        ledgers.push({ execution: executionId, text: lines.map((line) => `${JSON.stringify(line)}\n`).join('') });
      }
      return ledgers;
    });
  } catch (error) {
    out.warn(`without ledgers: ${error instanceof Error ? oneLine(error.message) : String(error)}`);
    return [];
  }
};

/** Of every execution that has kept something beside the plan. */
const checkpointsOf = async ({ services }: Context, directory: string) => {
  const root = join(directory, 'checkpoints');
  const executions = (await readdir(root).catch(() => [])).flatMap((name) => (isExecutionId(name) && name !== 'blobs' ? [name] : [])).sort();
  const stocks = await Promise.all(executions.map(async (execution) => ({ execution, ...(await services.checkpointStock(root, execution)) })));
  return stocks.flatMap(({ execution, items }) => items.map((item) => ({ execution, ...item })));
};
