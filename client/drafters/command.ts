/**
 * A program as drafter: the request as JSON on its standard input, the answer as JSON on its standard output. It runs in a
 * process group of its own, and whatever it has started ends with it.
 */
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fail, ok } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';
import { isSecretName, secretValues } from '../../model/secret-names.ts';
import { size } from '../../model/size-text.ts';
import type { Drafter } from '../../planner/drafters/drafter.ts';
import { parseAnswer } from '../../planner/drafters/parse-answer.ts';
import { drafterProblem, shownText } from './problem.ts';

export interface CommandDrafterOptions {
  /** A program's name or path, or a command of the shell. */
  readonly command: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Variables that it gets although their names look like secrets. */
  readonly secrets?: readonly string[];
  readonly timeoutMs: number;
  readonly maxBytes?: number;
}

const NAME = 'command';
const MAX_BYTES = 8 * 1024 * 1024;
const TAIL = 2_000;
/** From the request to end to the end by force, and for output that somebody else still holds open. */
const GRACE_MS = 2_000;
const PROGRAM = /^[\w@%+=:,./-]+$/;
/** A `tasks plan` within it must not draft by itself once more. */
const OURS = /^TASKS_DRAFTER/;

export const commandDrafter = (options: CommandDrafterOptions): Drafter => ({
  name: NAME,
  variant: shownText(options.command, secretValues({ environment: options.environment })),
  draft: async (request, { signal }) => {
    signal.throwIfAborted();
    const ended = await run(options, `${JSON.stringify(request)}\n`, signal);
    signal.throwIfAborted();
    if (!ended.ok) return fail([drafterProblem(NAME, ended.error, 'It reads the request as JSON from standard input and writes its answer as JSON to standard output.')]);
    const answer = parseAnswer(ended.value);
    return answer.ok ? answer : fail([drafterProblem(NAME, `ended well, but ${answer.error}`)]);
  },
});

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

const environmentOf = ({ environment, secrets = [] }: CommandDrafterOptions): Record<string, string | undefined> =>
  Object.fromEntries(Object.entries(environment).filter(([name]) => !OURS.test(name) && (secrets.includes(name) || !isSecretName(name))));

const start = (options: CommandDrafterOptions): Child => {
  const { command, cwd } = options;
  const [file, args] = PROGRAM.test(command) ? [command, []] : ['/bin/sh', ['-c', command]];
  return spawn(file, args, { cwd, env: environmentOf(options), detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
};

const killGroup = ({ pid }: Child, signal: NodeJS.Signals): void => {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
};

/** What it wrote, or in words why there is nothing of use. Settles only when its group has been told to end. */
const run = (options: CommandDrafterOptions, input: string, signal: AbortSignal): Promise<Result<string, string>> =>
  new Promise((settle) => {
    const { timeoutMs, maxBytes = MAX_BYTES, environment } = options;
    const child = start(options);
    const chunks: Buffer[] = [];
    let bytes = 0;
    let tail = '';
    let why: string | undefined;
    const timers: NodeJS.Timeout[] = [];
    const end = (reason: string): void => {
      why ??= reason;
      killGroup(child, 'SIGTERM');
      timers.push(setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS));
    };
    const onAbort = (): void => end('was interrupted');
    const onExit = (): void => killGroup(child, 'SIGKILL');
    const finish = (result: Result<string, string>): void => {
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      process.removeListener('exit', onExit);
      settle(result);
    };
    timers.push(setTimeout(() => end(`did not answer within ${timeoutMs / 1_000} s`), timeoutMs));
    signal.addEventListener('abort', onAbort, { once: true });
    process.once('exit', onExit);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) end(`wrote more than ${size(maxBytes)}`);
      else chunks.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      tail = (tail + text).slice(-TAIL);
    });
    // A program need not read what it is told.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error) => finish(fail(`cannot be started (${'code' in error ? String(error.code) : error.name})`)));
    child.once('exit', () => {
      // What it has left running is nobody's any more, and would hold its output open.
      killGroup(child, 'SIGKILL');
      // So would what has left its group.
      timers.push(setTimeout(() => [child.stdout, child.stderr].forEach((stream) => stream.destroy()), GRACE_MS));
    });
    child.once('close', (code, killed) => {
      const said = shownText(tail, secretValues({ environment, marked: options.secrets ?? [] }));
      const words = said === '' ? '' : `; at the end it said: ${said}`;
      if (why !== undefined) finish(fail(`${why}${words}`));
      else if (code !== 0) finish(fail(`${code === null ? `was ended by ${killed ?? 'a signal'}` : `ended with ${code}`}${words}`));
      else finish(ok(Buffer.concat(chunks).toString('utf8')));
    });
  });
