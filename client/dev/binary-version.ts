/** Asks a `temporal` binary what it is, and whether it will do. */
import { execFile } from 'node:child_process';
import { fail, ok } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';

/** The first server that orders tasks by priority (`matching.useNewMatcher`). */
export const OLDEST_SERVER = '1.28.0';
const TIMEOUT_MS = 20_000;

/** Answers the version of the server inside the binary, or in words why it cannot be used. */
export const serverVersion = async (path: string): Promise<Result<string, string>> => {
  const answer = await new Promise<Result<string, string>>((settle) => {
    execFile(path, ['--version'], { timeout: TIMEOUT_MS, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      if (error) settle(fail(`\`${path} --version\` failed: ${(stderr.trim() || error.message).slice(0, 300)}`));
      else settle(ok(stdout));
    });
  });
  if (!answer.ok) return answer;
  const version = /\bServer (\d+\.\d+\.\d+)/.exec(answer.value)?.[1];
  if (version === undefined) return fail(`${path} is not a temporal binary: it says ${JSON.stringify(answer.value.trim().slice(0, 80))}`);
  if (isOlder(version, OLDEST_SERVER)) return fail(`${path} holds server ${version}, and ${OLDEST_SERVER} or later is needed`);
  return ok(version);
};

const isOlder = (left: string, right: string): boolean => {
  const [a, b] = [left, right].map((version) => version.split('.').map(Number));
  const first = a?.findIndex((part, index) => part !== b?.[index]) ?? -1;
  return first >= 0 && Number(a?.[first]) < Number(b?.[first]);
};
