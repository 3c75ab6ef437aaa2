/**
 * The launcher: a small process beside a worker that starts the worker's commands. It exists because starting
 * a process costs more the more memory the starter holds, and because a worker that dies, even by SIGKILL,
 * must leave nothing behind: the end of the channel is how the launcher learns of it. It decides nothing else.
 *
 * Started by `launcher.ts`, in a session of its own, with an IPC channel; useless otherwise.
 */
import { startChildCommand, type ChildCommand } from './child-command.ts';
import { createFifoPool } from './fifo-pool.ts';
import type { FromLauncher, ToLauncher } from './protocol.ts';
import { sweepScratch } from './scratch.ts';
import { createUsageMeter } from './usage.ts';

const running = new Map<number, ChildCommand>();
const meter = createUsageMeter();
const pipes = createFifoPool();

const send = (message: FromLauncher): void => {
  // A failed send means that the worker is gone, and `disconnect` tells us that.
  if (process.connected) process.send?.(message, undefined, undefined, () => {});
};

const run = ({ id, request }: Extract<ToLauncher, { type: 'run' }>): void => {
  const command = startChildCommand({ request, meter, pipes, started: (info) => send({ type: 'started', id, ...info }), reported: (report) => send({ type: 'reported', id, report }) });
  running.set(id, command);
  void reportEnd(id, command);
};

const reportEnd = async (id: number, command: ChildCommand): Promise<void> => {
  const report = await command.report;
  running.delete(id);
  send({ type: 'ended', id, report });
};

const onMessage = async (message: ToLauncher): Promise<void> => {
  await pipes.ready;
  if (message.type === 'run') return run(message);
  const command = running.get(message.id);
  if (message.type === 'end') command?.end(message.note);
  else if (message.type === 'note') command?.note(message.note);
  else if (message.type === 'suspend') command?.suspend(message.note);
  else command?.resume(message.note);
};

const onDisconnect = async (): Promise<void> => {
  const commands = [...running.values()];
  for (const command of commands) command.end();
  await Promise.all(commands.map((command) => command.report));
  pipes.close();
  process.exit(0);
};

// Whoever ends the worker ends us through the channel: by then its commands have been cared for.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
process.on('disconnect', () => void onDisconnect());
process.on('message', (message) => void onMessage(message as ToLauncher));
await pipes.ready;
if (process.connected) send({ type: 'ready', ...(pipes.directory === undefined ? {} : { scratch: pipes.directory }) });
else await onDisconnect();
sweepScratch();
