/** The Python that a project's packages are installed into. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TasksError } from '../../../model/problem.ts';
import { quote } from '../../read/words.ts';
import { runTool } from './run-tool.ts';
import type { Environment } from './run-tool.ts';

const LIMIT_MS = 60_000;
/** Whether somebody else owns what is installed, as PEP 668 has it: an environment of its own is nobody else's. */
const QUESTION = [
  'import os, sys, sysconfig',
  "marker = os.path.join(sysconfig.get_path('stdlib'), 'EXTERNALLY-MANAGED')",
  "print('managed' if sys.prefix == sys.base_prefix and os.path.exists(marker) else 'free')",
].join('\n');

export interface EnvironmentRequest {
  /** Absolute directory of the project. */
  readonly directory: string;
  /** Absolute root of the scan; an environment may lie in any directory between the two. */
  readonly root: string;
  readonly environment: Environment;
}

/** `VIRTUAL_ENV`, else the nearest `.venv` or `venv`, else the `python3` or `python` of the PATH. */
export const pythonOf = ({ directory, root, environment }: EnvironmentRequest): readonly string[] => {
  const active = environment['VIRTUAL_ENV'];
  const homes = active ? [active] : [...above(directory, root)].flatMap((at) => [join(at, '.venv'), join(at, 'venv')]).filter((home) => existsSync(join(home, 'pyvenv.cfg')));
  const [home] = homes;
  if (home === undefined) return ['python3', 'python'];
  return [process.platform === 'win32' ? join(home, 'Scripts', 'python.exe') : join(home, 'bin', 'python')];
};

function* above(directory: string, root: string): Generator<string> {
  for (let at = directory; ; at = join(at, '..')) {
    yield at;
    if (at === root || at === join(at, '..')) return;
  }
}

/** @throws TasksError TASKS5009 when packages must not be installed into it, TASKS5008 when there is no Python. */
export const findPython = async (request: EnvironmentRequest): Promise<string> => {
  const candidates = pythonOf(request);
  for (const program of candidates) {
    const { ok, stdout } = await runTool({ program, args: ['-I', '-c', QUESTION], cwd: request.directory, environment: request.environment, timeoutMs: LIMIT_MS });
    if (!ok) continue;
    if (stdout.trim() !== 'managed') return program;
    throw new TasksError({
      code: 'TASKS5009',
      message: `${quote(program)} is managed by the system, and nothing is installed into it`,
      place: { file: request.directory },
      hint: 'Make an environment and run it again: python3 -m venv .venv',
    });
  }
  throw new TasksError({ code: 'TASKS5008', message: `no Python was found: ${candidates.map(quote).join(', ')} cannot be started`, place: { file: request.directory }, hint: 'Activate a virtual environment, or install Python.' });
};
