/**
 * Starts a plan from a script, follows it, and says how it ended. Needs a server (`tasks dev`) and a worker
 * (`tasks worker`).
 *
 *     node examples/trigger.ts examples/quickstart       # Node 22.18 and later
 *     npx tsx examples/trigger.ts examples/quickstart    # any Node
 */
import { pathToFileURL } from 'node:url';
import { connectTasks, isAttemptLine, readPlan, resolveWorkspace, TasksError } from 'tasks/client';
import type { ConnectTasksOptions, ExecutionEvent, ExecutionOutcome, StoredPlan, TasksClient } from 'tasks/client';

export interface TriggerOptions {
  /** Directory or file of the plan. */
  readonly plan: string;
  /** Which server; as the environment says unless stated. */
  readonly connect?: ConnectTasksOptions;
  readonly print?: (line: string) => void;
}

export const trigger = async ({ plan: path, connect, print = printLine }: TriggerOptions): Promise<ExecutionOutcome | 'terminated'> => {
  const read = await readPlan({ source: { path } });
  if (!read.ok) throw new TasksError(read.error);
  const { plan } = read.value;
  const workspace = await resolveWorkspace({ plan, planPath: path });

  const tasks = await connectTasks(connect);
  try {
    return await run({ tasks, plan, workspace, print });
  } finally {
    // Closes the connection; with TypeScript 5.2 and later `await using` does the same.
    await tasks[Symbol.asyncDispose]();
  }
};

interface Run {
  readonly tasks: TasksClient;
  readonly plan: StoredPlan;
  readonly workspace: string;
  readonly print: (line: string) => void;
}

const run = async ({ tasks, plan, workspace, print }: Run): Promise<ExecutionOutcome | 'terminated'> => {
  const { executionId, webUrl } = await tasks.start(plan, { workspace });
  print(`started ${executionId}${webUrl === undefined ? '' : ` (${webUrl})`}`);

  for await (const event of tasks.events(executionId, { follow: true })) print(describe(event));

  const { outcome, state } = await tasks.result(executionId);
  for (const { task, failure } of state?.failed ?? []) print(`${task} failed: ${failure?.message ?? 'no reason was given'}`);
  const attempts = (await tasks.ledger(executionId)).filter(isAttemptLine);
  print(`${outcome}: ${attempts.length} attempts at ${state?.total ?? 'the'} tasks`);
  return outcome;
};

const printLine = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const describe = (event: ExecutionEvent): string => {
  const line = `${event.seq} ${event.type}`;
  return 'task' in event ? `${line} ${event.task}` : line;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const plan = process.argv[2] ?? 'examples/quickstart';
  process.exitCode = (await trigger({ plan })) === 'succeeded' ? 0 : 1;
}
