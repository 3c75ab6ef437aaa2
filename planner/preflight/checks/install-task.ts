/** One task that declares and installs all that is missing, before everything else: InstallMissingDeps of spec/000. */
import type { TaskId } from '../../../model/ids.ts';
import { shellWord } from '../../../model/shell-word.ts';
import type { Finding, Suggestion } from '../finding.ts';
import type { Survey } from '../survey.ts';

export const INSTALL_TASK = 'PREFLIGHT.install-missing-deps' as TaskId;
/** The worker's own Node and program, wherever they are installed. */
const PROGRAM = '"$TASKS_NODE" "$TASKS_CLI"';
/** More roots than this have others to say it for them. */
const MAX_EDGES = 1_000;

const suggestionFor = (packages: readonly string[], { tasks }: Survey): Suggestion => ({
  op: 'inject_task',
  task: {
    id: INSTALL_TASK,
    title: `install what is imported and not declared: ${packages.slice(0, 5).join(', ')}${packages.length > 5 ? ` and ${packages.length - 5} more` : ''}`,
    cmd: `${PROGRAM} missing-deps --install --likely --only ${packages.map(shellWord).join(',')}`,
    timeout: '15m',
    estimate_minutes: 2,
    retries: 1,
    priority: 'critical',
    idempotent: true,
    labels: ['preflight', 'install'],
    artifacts: ['**/package.json', 'package-lock.json'],
  },
  // Softly: what needs none of it goes on when it fails.
  edges: tasks
    .filter(({ node }) => (node.deps?.length ?? 0) + (node.soft?.length ?? 0) === 0)
    .slice(0, MAX_EDGES)
    .map(({ node }) => ({ from: INSTALL_TASK, to: node.id, type: 'soft', reason: 'needs its packages' })),
});

/** All findings that name a package suggest the same one install; a likely one only what is certain leaves out. */
export const withInstall = (findings: readonly Finding[], survey: Survey): readonly Finding[] => {
  if (survey.plan.graph.tasks.some(({ id }) => id === INSTALL_TASK)) return findings;
  const named = findings.flatMap(({ certainty, package: missing }) => (missing && certainty === 'certain' ? [missing.name] : []));
  const packages = [...new Set(named)].toSorted();
  if (packages.length === 0) return findings;
  const suggestion = [suggestionFor(packages, survey)];
  return findings.map((finding) => (finding.package && finding.certainty === 'certain' ? { ...finding, suggestion } : finding));
};
