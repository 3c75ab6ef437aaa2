#!/usr/bin/env node
/** Entry of the `tasks` command: the process around one invocation. */
import process from 'node:process';
import { VERSION } from '../../temporal/version.ts';
import { poolLink } from '../pool/link.ts';
import { runCli } from './cli.ts';
import { COMMANDS } from './command-table.ts';
import { Interrupt } from './interrupt.ts';
import type { Sink } from './output.ts';
import { realServices } from './real-services.ts';

const INTERRUPTED = 130;
/** Nobody reads any more: that is no failure of ours. */
const READER_GONE = 0;

const interrupt = new Interrupt(() => process.exit(INTERRUPTED));
process.on('SIGINT', () => interrupt.fire());
process.on('SIGTERM', () => interrupt.fire());
/** A worker whose pool has gone drains; one that drains already goes on with it. */
const pool = poolLink(process, () => interrupt.happened || interrupt.fire());

/** A sink that goes deaf when its reader has gone, and winds the command down as Ctrl-C does. */
const sinkOf = (stream: NodeJS.WriteStream): Sink => {
  let open = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    const first = open;
    open = false;
    process.exitCode = READER_GONE;
    // What is winding down already must not be cut short by it.
    if (!first || interrupt.happened) return;
    // A command that does not listen has nothing left to say.
    if (interrupt.listens) interrupt.fire();
    else process.exit(READER_GONE);
  });
  return {
    isTTY: stream.isTTY,
    get width() {
      return stream.isTTY ? stream.columns : 0;
    },
    write: (text) => {
      if (open) stream.write(text);
    },
  };
};

const drained = (stream: NodeJS.WriteStream): Promise<void> =>
  stream.writableLength === 0 || stream.destroyed ? Promise.resolve() : new Promise((resolve) => stream.write('', () => resolve()));

const stdout = sinkOf(process.stdout);
const stderr = sinkOf(process.stderr);
// Waiting for a person or for Ctrl-C is nothing that would keep a process alive by itself.
setInterval(() => {}, 2 ** 30);
const exit = await runCli({
  commands: COMMANDS,
  argv: process.argv.slice(2),
  environment: process.env,
  cwd: process.cwd(),
  stdout,
  stderr,
  services: { ...realServices({ stdin: process.stdin, environment: process.env }), ...(pool && { pool }) },
  interrupt,
  version: VERSION,
});
await Promise.all([drained(process.stdout), drained(process.stderr)]);
// Connections and native handles that are still closing must not hold the answer back.
process.exit(process.exitCode ?? exit);
