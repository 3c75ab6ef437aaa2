/** Tells a process from another that got its id later: ids are recycled, start times are not. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: compare it, nothing else. */
  readonly started: string;
}

/** Answers undefined for a process that does not exist, or that has ended and is not yet collected. */
export const identify = async (pid: number): Promise<ProcessIdentity | undefined> => {
  const started = process.platform === 'linux' ? await startedOnLinux(pid) : await startedByPs(pid);
  return started === undefined ? undefined : { pid, started };
};

export const isAlive = async ({ pid, started }: ProcessIdentity): Promise<boolean> => (await identify(pid))?.started === started;

const startedOnLinux = async (pid: number): Promise<string | undefined> => {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name, in parentheses, may itself hold spaces and parentheses.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
};

const startedByPs = async (pid: number): Promise<string | undefined> => {
  const found = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { env: { ...process.env, LC_ALL: 'C' } }).catch(() => undefined);
  const [, state = 'Z', started] = /^(\S+)\s+(.+?)\s*$/.exec(found?.stdout.trim() ?? '') ?? [];
  return state.startsWith('Z') ? undefined : started;
};
