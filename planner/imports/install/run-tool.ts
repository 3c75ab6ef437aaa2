/** Runs a package manager: arguments as a list, never a shell, and nothing is asked of a person. */
import { execa } from 'execa';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ToolRequest {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly timeoutMs: number;
  /** All that the program gets, but for what keeps it quiet. */
  readonly environment: Environment;
  /** Ends the program. */
  readonly signal?: AbortSignal;
}

export interface ToolResult {
  readonly ok: boolean;
  readonly stdout: string;
  /** The last lines it wrote to standard error, else what kept it from starting. */
  readonly lastWords: string;
}

const LINES = 12;
const MAX_OUTPUT = 8 * 1024 * 1024;

/** Never rejects. */
export const runTool = async ({ program, args, cwd, timeoutMs, environment, signal }: ToolRequest): Promise<ToolResult> => {
  const result = await execa(program, [...args], {
    cwd,
    stdin: 'ignore',
    reject: false,
    timeout: timeoutMs,
    maxBuffer: MAX_OUTPUT,
    extendEnv: false,
    env: { ...environment, NO_COLOR: '1', NO_UPDATE_NOTIFIER: '1', PIP_NO_INPUT: '1', PIP_DISABLE_PIP_VERSION_CHECK: '1' },
    ...(signal && { cancelSignal: signal }),
  });
  const said = result.stderr.trim() || result.stdout.trim();
  const words = result.timedOut || result.exitCode === undefined ? (result.shortMessage ?? '') : said;
  return { ok: !result.failed, stdout: result.stdout, lastWords: words.split('\n').slice(-LINES).join('\n') };
};
