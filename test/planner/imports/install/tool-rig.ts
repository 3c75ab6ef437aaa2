/** Package managers that are scripts of the test: they say what they were asked, and answer as the test wants. */
import { chmod, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findMissing } from '../../../../planner/imports/find-missing.ts';
import { installMissing } from '../../../../planner/imports/install/install-missing.ts';
import type { InstallReport, InstallRequest } from '../../../../planner/imports/install/install-report.ts';
import { census, value } from '../project-rig.ts';
import type { ProjectDirectory } from '../project-rig.ts';

export interface FakeTools {
  readonly environment: Readonly<Record<string, string>>;
  /** Arguments of every call so far, the program first. */
  calls(): Promise<readonly (readonly string[])[]>;
}

/** @param body JavaScript that sees `program`, `args`, `fs`; it may end the process by itself */
export const fakeTools = async (directory: ProjectDirectory, programs: readonly string[], body: string): Promise<FakeTools> => {
  const log = join(directory.root, '.git', 'calls.jsonl');
  const script = `#!${process.execPath}\nconst fs = require('node:fs'); const path = require('node:path');\nconst program = path.basename(process.argv[1]); const args = process.argv.slice(2);\nfs.appendFileSync(${JSON.stringify(log)}, JSON.stringify([program, ...args]) + '\\n');\n${body}\n`;
  // Beside the log, where no scan looks.
  await directory.write(Object.fromEntries([...programs.map((program) => [`.git/bin/${program}`, script]), ['.git/HEAD', '']]));
  for (const program of programs) await chmod(join(directory.root, '.git/bin', program), 0o755);
  return {
    environment: { PATH: `${join(directory.root, '.git/bin')}:${dirname(process.execPath)}:/usr/bin:/bin` },
    calls: async () => {
      const text = await readFile(log, 'utf8').catch(() => '');
      return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as readonly string[]);
    },
  };
};

/** Scans, compares and installs everything that is certain. */
export const install = async (directory: ProjectDirectory, options: Omit<InstallRequest, 'project' | 'findings'>): Promise<InstallReport> => {
  const { findings, project } = value(await findMissing(await census(directory.root)));
  return installMissing({ ...options, project, findings: findings.filter(({ certainty }) => certainty === 'certain') });
};
