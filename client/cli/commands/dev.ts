/** `tasks dev`: the development server. */
import { EXIT } from '../../../model/problem.ts';
import type { ExitCode } from '../../../model/problem.ts';
import type { DevServerInfo } from '../../dev/state.ts';
import type { CommandSpec } from '../command-spec.ts';
import type { Context } from '../context.ts';
import { usageError } from '../errors.ts';
import { interrupted } from '../interrupt.ts';

export const dev: CommandSpec = {
  name: 'dev',
  group: 'Set up',
  summary: 'Start, show or stop the Temporal development server',
  description: [
    'Address, ports, database and settings come from temporal-dev.yml in the working directory, else from the one that comes with tasks. Other commands find the server by themselves.',
    'Without --detach it stays in the foreground, and Ctrl-C stops the server; executions are kept in the database and go on when it is started again.',
  ],
  arguments: [],
  options: [
    { name: 'detach', description: 'Start it in the background and return' },
    { name: 'status', description: 'Show whether it runs, and where' },
    { name: 'stop', description: 'Stop it' },
    { name: 'config', value: 'FILE', env: false, description: 'Another temporal-dev.yml; TASKS_DEV_CONFIG unless stated' },
    { name: 'accept-database', description: 'Go on with a database that another version of the server wrote' },
  ],
  examples: [
    { says: 'In the background', command: 'tasks dev --detach' },
    { says: 'Where it is', command: 'tasks dev --status -o json' },
    { says: 'Stop it', command: 'tasks dev --stop' },
  ],
  run: async (context) => {
    const { values } = context;
    const chosen = ['detach', 'status', 'stop'].filter((name) => values.flag(name));
    if (chosen.length > 1) throw usageError(`${chosen.map((name) => `--${name}`).join(' and ')} exclude each other`);
    if (values.flag('status')) return show(context);
    return values.flag('stop') ? stop(context) : start(context);
  },
};

const show = async ({ services, out }: Context): Promise<ExitCode> => {
  const status = await services.devStatus();
  out.answer(status, () => {
    if (!status.running) return 'The development server does not run';
    return `${status.answers ? 'The development server runs' : 'The development server was started and does not answer yet'}\n${infoText(status.info)}`;
  });
  if (!status.running) out.hint('Start it: tasks dev --detach');
  return status.running && status.answers ? EXIT.ok : EXIT.unavailable;
};

const stop = async ({ services, out }: Context): Promise<ExitCode> => {
  const info = await services.stopDev();
  out.answer({ stopped: info ?? null }, () => (info ? `Stopped the development server at ${info.address}` : 'The development server does not run'));
  return EXIT.ok;
};

const start = async (context: Context): Promise<ExitCode> => {
  const { services, out, values, cwd, interrupt, environment } = context;
  const { signal } = interrupt;
  const file = values.text('config');
  const config = await services.loadDevConfig({ directory: cwd, env: environment, ...(file !== undefined && { file }) });
  const server = await services.startDev({
    config,
    onProgress: (line) => out.progress(line),
    signal,
    ...(values.flag('accept-database') && { acceptDatabase: true }),
  });
  out.answer({ ...server.info, alreadyRunning: server.alreadyRunning }, () => `${server.alreadyRunning ? 'The development server runs already' : 'The development server runs'}\n${infoText(server.info)}`);
  if (values.flag('detach') || server.alreadyRunning) {
    out.hint('Next: tasks worker, then tasks execute PLAN. Stop it: tasks dev --stop');
    return EXIT.ok;
  }
  out.hint('Next, in another terminal: tasks worker, then tasks execute PLAN. Ctrl-C stops the server');
  const exited = server.exited?.then((reason) => reason) ?? new Promise<string>(() => {});
  const reason = await Promise.race([exited, interrupted(signal)]);
  await server.stop();
  if (reason === undefined) {
    out.progress('Stopped');
    return EXIT.ok;
  }
  out.error(`error: the development server ended: ${reason}`);
  return EXIT.unavailable;
};

export const infoText = ({ address, namespace, webUrl, database, log, pid, version }: DevServerInfo): string =>
  [
    `  address    ${address}, namespace ${namespace}`,
    `  web UI     ${webUrl}`,
    `  database   ${database ?? 'in memory'}`,
    `  log        ${log}`,
    `  process    ${pid}, Temporal ${version}`,
  ].join('\n');
