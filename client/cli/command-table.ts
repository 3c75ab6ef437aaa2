/** Every command there is. */
import type { CommandSpec } from './command-spec.ts';
import { abort } from './commands/abort.ts';
import { approve } from './commands/approve.ts';
import { breakers } from './commands/breakers.ts';
import { checkpoints } from './commands/checkpoints.ts';
import { complete } from './commands/complete.ts';
import { completion } from './commands/completion.ts';
import { demo } from './commands/demo.ts';
import { dev } from './commands/dev.ts';
import { docsCommands } from './commands/docs-commands.ts';
import { events } from './commands/events.ts';
import { execute } from './commands/execute.ts';
import { exportCommand } from './commands/export.ts';
import { ledger } from './commands/ledger.ts';
import { list } from './commands/list.ts';
import { logs } from './commands/logs.ts';
import { missingDeps } from './commands/missing-deps.ts';
import { patch } from './commands/patch.ts';
import { pause } from './commands/pause.ts';
import { plan } from './commands/plan.ts';
import { playbook } from './commands/playbook.ts';
import { plans } from './commands/plans.ts';
import { preflight } from './commands/preflight.ts';
import { quarantine } from './commands/quarantine.ts';
import { replan } from './commands/replan.ts';
import { review } from './commands/review.ts';
import { resume } from './commands/resume.ts';
import { retry } from './commands/retry.ts';
import { resources } from './commands/resources.ts';
import { scanImportsCommand } from './commands/scan-imports.ts';
import { rollback } from './commands/rollback.ts';
import { skip } from './commands/skip.ts';
import { status } from './commands/status.ts';
import { archivePlanCommand } from './commands/archive-plan.ts';
import { diffPlan } from './commands/diff-plan.ts';
import { listPlans } from './commands/list-plans.ts';
import { showPlan } from './commands/show-plan.ts';
import { validatePlanCommand } from './commands/validate-plan.ts';
import { watch } from './commands/watch.ts';
import { worker } from './commands/worker.ts';
import { workers } from './commands/workers.ts';

/** In the order in which they are listed within their group. */
export const COMMANDS: readonly CommandSpec[] = [
  plan,
  replan,
  listPlans,
  showPlan,
  validatePlanCommand,
  diffPlan,
  archivePlanCommand,
  execute,
  preflight,
  playbook,
  demo,
  watch,
  status,
  list,
  logs,
  ledger,
  events,
  breakers,
  exportCommand,
  checkpoints,
  pause,
  resume,
  abort,
  retry,
  skip,
  approve,
  complete,
  patch,
  rollback,
  quarantine,
  review,
  resources,
  workers,
  worker,
  dev,
  plans,
  scanImportsCommand,
  missingDeps,
  completion,
  docsCommands,
];
