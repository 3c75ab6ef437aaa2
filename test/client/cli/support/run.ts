/** Runs one invocation in this process, everything outside it faked, and says what came out. */
import { runCli } from '../../../../client/cli/cli.ts';
import { COMMANDS } from '../../../../client/cli/command-table.ts';
import type { ConfigFile } from '../../../../client/cli/config-file.ts';
import { Interrupt } from '../../../../client/cli/interrupt.ts';
import type { Services } from '../../../../client/cli/services.ts';
import { realServices } from '../../../../client/cli/real-services.ts';
import type { TasksClient } from '../../../../client/api.ts';

export interface RunOptions {
  readonly client?: TasksClient;
  readonly services?: Partial<Services>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly files?: readonly ConfigFile[];
  readonly cwd?: string;
  readonly stdin?: string;
  readonly terminal?: { readonly width: number };
  readonly interrupt?: Interrupt;
  readonly now?: () => number;
  /** Called with every piece of standard error as it is written. */
  readonly onStderr?: (text: string) => void;
  readonly onStdout?: (text: string) => void;
}

export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

const refuse = (what: string) => (): Promise<never> => Promise.reject(new Error(`this test starts no ${what}`));

export const run = async (argv: readonly string[], options: RunOptions = {}): Promise<Ran> => {
  const written = { stdout: '', stderr: '' };
  const sink = (name: keyof typeof written, tell: ((text: string) => void) | undefined) => ({
    isTTY: options.terminal !== undefined,
    width: options.terminal?.width ?? 0,
    write: (text: string) => {
      written[name] += text;
      tell?.(text);
    },
  });
  const environment = options.environment ?? {};
  async function* stdin() {
    yield Buffer.from(options.stdin ?? '');
  }
  const { client } = options;
  const services: Services = {
    ...realServices({ stdin: stdin(), environment }),
    connect: client ? async () => client : refuse('connection'),
    quarantinedOf: async () => undefined,
    startWorker: refuse('worker'),
    startDev: refuse('server'),
    ...options.services,
  };
  const exit = await runCli({
    commands: COMMANDS,
    argv,
    environment,
    cwd: options.cwd ?? process.cwd(),
    stdout: sink('stdout', options.onStdout),
    stderr: sink('stderr', options.onStderr),
    services,
    interrupt: options.interrupt ?? new Interrupt(() => {}),
    version: '1.2.3',
    files: options.files ?? [],
    ...(options.now && { now: options.now }),
  });
  return { exit, ...written };
};
