/** Installs what is missing: one install for all npm packages, one for each Python. */
import { installNpm } from './install-npm.ts';
import { installPython } from './install-python.ts';
import type { InstallReport, InstallRequest } from './install-report.ts';

/**
 * Names come from source text: whoever can write an import decides what is downloaded. Nothing calls this
 * unless somebody asked for an install.
 *
 * @throws TasksError of the first install that fails; those before it stand.
 */
export const installMissing = async (request: InstallRequest): Promise<InstallReport> => {
  const reports: InstallReport[] = [];
  for (const [ecosystem, install] of [['npm', installNpm], ['python', installPython]] as const) {
    const findings = request.findings.filter((finding) => finding.ecosystem === ecosystem);
    if (findings.length > 0) reports.push(await install({ ...request, findings }));
  }
  return { installed: reports.flatMap(({ installed }) => installed), unavailable: reports.flatMap(({ unavailable }) => unavailable) };
};
