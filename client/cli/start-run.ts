/** Starts an execution of a plan that has been read and, unless told otherwise, stays with it. */
import type { StoredPlan } from '../../model/graph.ts';
import { EXIT } from '../../model/problem.ts';
import type { ExitCode } from '../../model/problem.ts';
import type { StartOptions, TasksClient } from '../api.ts';
import { attend } from './attend.ts';
import type { Context } from './context.ts';
import { usageError } from './errors.ts';
import { breakdownOf, localSlots, startLocalWorker, warnWithoutWorker } from './local-worker.ts';
import type { RunningWorker } from './services.ts';
import { leftOutText } from './view/quarantine-text.ts';
import { withClient } from './with-client.ts';

export interface RunToStart {
  readonly plan: StoredPlan;
  readonly options: StartOptions;
  /** The plan as it was named, for the command that resumes it. */
  readonly planReference?: string;
  /** The command that tries it again, where that is no execution of a plan that has a name. */
  readonly again?: string;
  /** What of an earlier execution is taken over. */
  readonly resume?: (client: TasksClient) => Promise<Pick<StartOptions, 'resumeFrom' | 'runAgain' | 'resumeAt'> | undefined>;
}

/** Reads what is to run once options that contradict each other have been refused. */
export const startRun = async (context: Context, read: () => Promise<RunToStart>): Promise<ExitCode> => {
  const { out, values, interrupt } = context;
  const slots = localSlots(context);
  const detach = values.flag('detach');
  if (detach && slots !== undefined) throw usageError('--detach returns at once, and the worker would stop with it', 'start one with `tasks worker`, or leave out --detach');
  if (slots === undefined) warnWithoutWorker(context);
  const { plan, options, planReference, again, resume: takeOver } = await read();
  // From here on an interrupt winds down: a worker is never left half started.
  const { signal } = interrupt;
  return withClient(context, async (client) => {
    const resume = await takeOver?.(client);
    const worker: RunningWorker | undefined = slots === undefined ? undefined : await startLocalWorker(context, { slots, machine: plan.machine });
    try {
      if (signal.aborted) return EXIT.aborted;
      const started = await client.start(plan, { ...options, ...resume });
      if (detach) {
        // Whoever stays sees it among the events.
        await sayLeftOut(context, client, plan);
        out.answer(started, () => started.executionId);
        out.hint(`Follow it: tasks watch ${started.executionId}`);
        return EXIT.ok;
      }
      if (resume?.resumeFrom !== undefined) out.progress(`Taking over what succeeded in ${resume.resumeFrom}`);
      if (started.webUrl !== undefined) out.hint(`Web UI: ${started.webUrl}`);
      const broken = breakdownOf(worker);
      return await attend(context, {
        client,
        execution: started.executionId,
        plan,
        ...(planReference !== undefined && { planReference }),
        ...(again !== undefined && { again }),
        lines: 'progress',
        hasWorker: worker !== undefined,
        resumed: resume !== undefined,
        ...(broken && { broken }),
      });
    } finally {
      await worker?.stop();
    }
  });
};

/** How long a command that only starts an execution waits for somebody to say what it leaves out. */
const GLANCE_MS = 2_000;

const sayLeftOut = async ({ out }: Context, client: TasksClient, { graph }: StoredPlan): Promise<void> => {
  const { entries } = await client.quarantine.list({ plan: graph.name, answerMs: GLANCE_MS }).catch(() => ({ entries: [] }));
  const tasks = new Set(graph.tasks.map(({ id }) => id));
  const left = entries.filter(({ task }) => tasks.has(task));
  if (left.length === 0) return;
  const { line, more } = leftOutText(left);
  out.warn(line);
  for (const command of more) out.hint(`  ${command}`);
};
