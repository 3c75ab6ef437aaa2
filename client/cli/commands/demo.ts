/** `tasks demo`: the whole of it in one command, on a server of its own. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import { attend } from '../attend.ts';
import type { CommandSpec } from '../command-spec.ts';
import type { Context } from '../context.ts';
import { DEFAULT_GRACE_S, DEFAULT_SLOTS } from '../execute-options.ts';
import { breakdownOf, startLocalWorker } from '../local-worker.ts';
import { readRunRequest } from '../run-request.ts';
import type { ConnectionChoice } from '../services.ts';
import { infoText } from './dev.ts';

const PLAN = 'tasks.v2.json';

export const demo: CommandSpec = {
  name: 'demo',
  group: 'Run',
  summary: 'Run an example on a server of its own',
  description: [
    'Finds or builds the Temporal binary, starts a development server on free ports and a worker, and executes a copy of examples/quickstart in a temporary directory. Afterwards nothing is left but the binary, in the cache.',
    '--keep leaves the server up with the run, to be looked at in the web UI.',
  ],
  arguments: [],
  options: [
    { name: 'keep', description: 'Leave the server and the run up' },
    { name: 'verbose', short: 'v', description: 'Show every event' },
  ],
  examples: [
    { says: 'See it work', command: 'npx tasks demo' },
    { says: 'And look at the run in the web UI', command: 'npx tasks demo --keep' },
  ],
  run: async (context) => {
    const scratch = await mkdtemp(join(tmpdir(), 'tasks-demo-'));
    const keep = context.values.flag('keep');
    try {
      return await run(context, scratch, keep);
    } finally {
      if (!keep) await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
    }
  },
};

const run = async (context: Context, scratch: string, keep: boolean): Promise<ExitCode> => {
  const { services, out, environment, interrupt } = context;
  const { signal } = interrupt;
  const workspace = join(scratch, 'quickstart');
  await cp(services.exampleDirectory('quickstart'), workspace, { recursive: true });
  const config = await services.loadDevConfig({ directory: scratch, env: environment });
  const server = await services.startDev({
    config: { ...config, ports: { grpc: 'auto', ui: 'auto' }, database: 'memory' },
    lifetime: keep ? 'detached' : 'parent',
    onProgress: (line) => out.progress(line),
    signal,
  });
  const stopsServer = !keep;
  try {
    const { address, namespace, webUrl } = server.info;
    out.progress(`${server.alreadyRunning ? 'Using the development server that runs' : 'Started a Temporal server'} at ${address}; web UI: ${webUrl}`);
    const connection: ConnectionChoice = { address, namespace, isolated: true, webUi: webUrl, ...(stopsServer && { planStore: `file:${join(scratch, 'plans')}` }) };
    const exit = await execute(context, { connection, workspace, keep });
    if (keep || exit === EXIT.ok) for (const line of keep ? keptLines(scratch, infoText(server.info)) : goneLines) out.hint(line);
    return exit;
  } finally {
    if (stopsServer) await server.stop();
  }
};

const execute = async (context: Context, { connection, workspace, keep }: { readonly connection: ConnectionChoice; readonly workspace: string; readonly keep: boolean }): Promise<ExitCode> => {
  const { services, out } = context;
  const plan = join(workspace, PLAN);
  const request = await readRunRequest(context, plan);
  await using client = await services.connect(connection);
  const worker = await startLocalWorker(context, { slots: DEFAULT_SLOTS, connection });
  try {
    const started = await client.start(request.plan, { workspace, executor: 'human', graceMs: DEFAULT_GRACE_S * 1000 });
    if (started.webUrl !== undefined) out.hint(`This run: ${started.webUrl}`);
    const broken = breakdownOf(worker);
    return await attend(context, {
      client,
      execution: started.executionId,
      plan: request.plan,
      planReference: plan,
      lines: 'progress',
      hasWorker: true,
      ...(!keep && { ephemeral: true }),
      ...(broken && { broken }),
    });
  } finally {
    await worker.stop();
  }
};

const keptLines = (scratch: string, info: string): readonly string[] => [
  '',
  'The server is left up:',
  info,
  `  workspace  ${join(scratch, 'quickstart')}`,
  'Look again:  npx tasks status @latest',
  `Stop it:     npx tasks dev --stop, and delete ${scratch}`,
];

const goneLines: readonly string[] = [
  '',
  'The server and the copy are gone again. Next:',
  '  npx tasks demo --keep                      the same, with the web UI to look at',
  '  npx tasks dev --detach                     a server that stays',
  '  npx tasks execute PLAN --with-worker       a plan of your own',
  '  npx tasks execute PLAN --dry-run           what it would do',
];
