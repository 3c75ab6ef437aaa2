/**
 * The per-task JSON log of T.A.S.K.S. v3 (`execution_guidance.logging`): one line of
 * `{task_id, timestamp, event, metrics, errors}` at the start and at the end of each attempt, in
 * `logs/tasks/<taskId>.log` of the workspace. Tasks that do not ask for it get none.
 */
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AttemptResult } from '../../model/attempt.ts';
import type { TaskSpec } from '../../model/graph.ts';
import { confine } from './confine.ts';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

export const wantsTaskLog = ({ fields }: TaskSpec): boolean => {
  const guidance = fields['execution_guidance'];
  return isObject(guidance) && isObject(guidance['logging']);
};

interface TaskLogLine {
  readonly task_id: string;
  /** ISO 8601 UTC. */
  readonly timestamp: string;
  readonly event: 'started' | 'completed' | 'failed' | 'cancelled' | 'orphaned';
  readonly metrics: Readonly<Record<string, number>>;
  readonly errors: readonly string[];
}

export const startLine = ({ task, attempt, at }: { task: string; attempt: number; at: number }): TaskLogLine => ({
  task_id: task,
  timestamp: new Date(at).toISOString(),
  event: 'started',
  metrics: { attempt },
  errors: [],
});

export const endLine = ({ task, attempt, outcome, startedAt, finishedAt, exitCode, use, artifacts, failure }: AttemptResult): TaskLogLine => ({
  task_id: task,
  timestamp: new Date(finishedAt).toISOString(),
  event: outcome === 'succeeded' ? 'completed' : outcome,
  metrics: {
    attempt,
    duration_ms: finishedAt - startedAt,
    ...(exitCode === undefined ? {} : { exit_code: exitCode }),
    ...(use?.cpuSeconds === undefined ? {} : { cpu_seconds: use.cpuSeconds }),
    ...(use?.peakMemoryBytes === undefined ? {} : { peak_memory_bytes: use.peakMemoryBytes }),
    ...(artifacts ? { artifacts_changed: artifacts.length } : {}),
  },
  errors: failure ? [failure.message] : [],
});

/** Best effort: a log that cannot be written is no failure of the task. */
export const appendTaskLog = async ({ workspace, line }: { workspace: string; line: TaskLogLine }): Promise<void> => {
  try {
    const place = await confine({ workspace, path: `logs/tasks/${line.task_id}.log` });
    if (!place.inside) return;
    await mkdir(dirname(place.path), { recursive: true });
    await appendFile(place.path, `${JSON.stringify(line)}\n`);
  } catch {
    // The attempt's own log and result say the same.
  }
};
