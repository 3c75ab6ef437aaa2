/** Options of `tasks execute`: those of T.A.S.K.S. v3 and our own. */
import { DEFAULT_POLICIES, MAX_CONCURRENCY, RISK_LEVELS, ROLLBACKS_ON_FAILURE } from '../../model/graph.ts';
import { WORKSPACE_MODES } from '../../model/workspace.ts';
import type { OptionSpec } from './command-spec.ts';

export const DEFAULT_SLOTS = 50;
export const DEFAULT_GRACE_S = 10;
/** Of a worker: longer ones do not fit the timers that count them. */
export const MAX_GRACE_S = 1_000_000;
/** S.L.A.P.S. default of `--worker-max`. */
export const DEFAULT_WORKER_MAX = 8;

/** Wired through the worker: an execution without one inside has nothing to measure. */
export const METRICS_PORT: OptionSpec = { name: 'metrics-port', value: 'PORT', kind: 'integer', minimum: 1, maximum: 65_535, description: 'Port on 127.0.0.1 of a Prometheus endpoint of the worker inside this command' };

const thresholds = (otherwise: { readonly cpu: string; readonly memory: string }): readonly OptionSpec[] => [
  { name: 'cpu-threshold', value: 'PERCENT', kind: 'number', minimum: 1, maximum: 100, description: `CPU use of its machine above which the worker gets one task at a time, and none that can wait; ${otherwise.cpu}` },
  { name: 'memory-threshold', value: 'PERCENT', kind: 'number', minimum: 1, maximum: 100, description: `As --cpu-threshold, of memory; ${otherwise.memory}. Above 95 %, or this if it is more, it gets nothing, suspends what may be suspended and ends background tasks` },
];

export const WORKER_THRESHOLDS = thresholds({ cpu: 'no limit unless stated: one keeps processors idle', memory: '85 unless stated' });

/** Those of `tasks execute`: of the worker inside the command, where the plan may have said something too. */
const PLAN_THRESHOLDS = thresholds({ cpu: "the plan's own, else no limit: one keeps processors idle", memory: "the plan's own, else 85" });

/** What only a worker inside the command makes use of. */
export const OF_WORKER: readonly string[] = ['metrics-port', ...PLAN_THRESHOLDS.map(({ name }) => name)];

export const QUEUE: OptionSpec = { name: 'queue', value: 'NAME', description: 'Temporal task queue that executions and their workers meet on; tasks unless stated' };

export const EXECUTE_OPTIONS: readonly OptionSpec[] = [
  { name: 'dry-run', short: 'd', description: 'Read and check the plan and show what would run; starts nothing and needs no server' },
  { name: 'preflight', description: 'Look for what the plan lacks first, as `tasks preflight` does: what is certain is put into the plan, or, where it cannot be mended, nothing starts' },
  { name: 'detach', description: 'Start it, print its id and return' },
  { name: 'with-worker', description: 'Run a worker inside this command, for as long as it waits' },
  { name: 'slots', value: 'N', kind: 'integer', minimum: 1, maximum: 10_000, default: DEFAULT_SLOTS, description: 'Commands at once of the worker of --with-worker' },
  {
    name: 'worker-min',
    value: 'N',
    kind: 'integer',
    minimum: 1,
    maximum: 1_000,
    description: 'Run a local pool for this run with at least N workers; it starts at its full size',
  },
  { name: 'worker-max', value: 'N', kind: 'integer', minimum: 1, maximum: 1_000, description: `Run a local pool for this run with N workers, each one command at once; ${DEFAULT_WORKER_MAX} when only --worker-min is given` },
  { name: 'max-concurrent', short: 'j', value: 'N', kind: 'integer', minimum: 1, maximum: MAX_CONCURRENCY, description: `Tasks of this execution at once; the plan's own, else ${DEFAULT_POLICIES.concurrencyMax}` },
  { name: 'force-execution-model', value: 'MODEL', choices: ['rolling_frontier', 'wave_based'], description: "Execution model instead of the plan's" },
  { name: 'resume-from-checkpoint', short: 'r', aliases: ['resume'], description: "Take over what succeeded in the plan's latest execution, or in that of --execution, as far as its artifacts are unchanged; other tasks go on from their last checkpoints" },
  { name: 'execution', value: 'ID', description: 'Come back to an execution; with --resume-from-checkpoint, the one to take over from' },
  { name: 'execution-id', value: 'ID', env: false, description: 'Id of the new execution; must be unused' },
  { name: 'executor', value: 'NAME', default: 'human', description: 'What does a task that has neither a command nor an executor: human, noop, command, or an executor of the plan' },
  { name: 'profile', value: 'NAME', description: "Profile of the plan's resources whose capacities count; the plan's own unless stated" },
  { name: 'dispatch', value: 'HOW', choices: ['child', 'auto'], description: 'A child workflow for every task, or auto: short tasks straight from the execution' },
  { name: 'require-approval', value: 'RISK', choices: ['none', ...RISK_LEVELS], description: "Tasks of this risk or a higher one start only after `tasks approve`; the plan's own policy unless stated" },
  { name: 'rollback-on-failure', value: 'WHAT', choices: ROLLBACKS_ON_FAILURE, description: "Before the execution ends as failed, undo what failed and what it was built upon (failed), everything (all), or nothing (none); the plan's own policy unless stated" },
  { name: 'fail-fast', description: 'Start no task after one has failed for good' },
  { name: 'codebase-path', short: 'p', value: 'DIR', description: "Directory in which commands run; the plan's own, else the repository that holds the plan" },
  { name: 'workspace-mode', value: 'MODE', choices: WORKSPACE_MODES, description: "Run commands all in that directory (shared), or each attempt in a git worktree of its own that is merged when it has passed (worktree); the plan's own policy unless stated, and what a task states wins" },
  { name: 'git', description: 'After each task commit what it declares (artifacts, outputs and files_scope.writes; nothing else), and tag each depth of the frontier when all of it has settled; needs a git repository' },
  { name: 'grace', value: 'SECONDS', kind: 'number', minimum: 0, maximum: 3_600, default: DEFAULT_GRACE_S, description: 'Time between asking a command to end and killing it' },
  { name: 'verbose', short: 'v', description: 'Show every event' },
  ...PLAN_THRESHOLDS,
  { name: 'checkpoint-interval', value: 'PERCENT', kind: 'number', minimum: 1, maximum: 100, description: "Progress between two checkpoints of a task, and between two reports of it; the plan's own, else 25" },
  { name: 'checkpoint-id', value: 'ID', env: false, description: 'With --resume-from-checkpoint: where to go on instead of at the last checkpoints. TASK/NAME, or cp-25, cp-50, cp-75, cp-100 for the run as it stood then; `tasks checkpoints` lists them' },
  METRICS_PORT,
  QUEUE,
  { name: 'accept-findings', value: 'CODES', kind: 'list', description: 'Codes of findings to go on with: of --preflight (nothing is done about them), and hard fails of a plan directory, TASKS1301 to TASKS1308 (the ledger says so). Structural errors are never accepted' },
];
