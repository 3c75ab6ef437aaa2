/**
 * Checkpoints of one attempt, from its begin to its end: what it goes on from, what its command is told about that, what
 * it reports, and what is kept when it is over.
 */
import { rm } from 'node:fs/promises';
import { DEFAULT_CHECKPOINTS, defaultCheckpoints } from '../../model/checkpoint.ts';
import type { CheckpointOrders, CheckpointPoint, RefusedPoint, ResumedPoint } from '../../model/checkpoint.ts';
import type { AttemptInput } from '../../model/attempt.ts';
import type { TaskSpec } from '../../model/graph.ts';
import { sweepBlobs, thinOut } from '../../store/checkpoint/prune.ts';
import type { AttemptFiles } from '../command/attempt-files.ts';
import { followProgressFile } from './progress-file.ts';
import { createRecorder } from './recorder.ts';
import type { News, Recorder } from './recorder.ts';
import { createReportGate } from './report-gate.ts';
import type { Report } from './report.ts';
import { resumePoint } from './resume.ts';
import type { Resumption } from './resume.ts';

/** Of one before a risky command, and of one at the end of a task that gives it no name. */
const BEFORE = 'before';
const DONE = 'done';

export interface AttemptCheckpointsOptions {
  readonly input: AttemptInput;
  readonly spec: TaskSpec;
  /** A real path. */
  readonly workspace: string;
  readonly files: AttemptFiles;
  /** It has a command: only that can go on from somewhere, and report. */
  readonly runs: boolean;
  readonly note: (text: string) => void;
  readonly tell: (news: News) => void;
}

/** What the attempt's result says of them. */
export interface CheckpointResult {
  readonly checkpoints?: readonly CheckpointPoint[];
  readonly resumed?: ResumedPoint;
  readonly refused?: readonly RefusedPoint[];
}

export interface AttemptCheckpoints {
  /** Why the command must not be started, in a sentence. */
  readonly stop: string | undefined;
  /** For the command; one without a value is not set. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  onReport(report: Report): void;
  /** Before the command: follows the file by which it may report, and makes the one before a risky task. */
  begin(): Promise<void>;
  /** After everything: resolves when all that was reported is kept. Obsolete: the next attempt is to begin anew, as far as it may. Never rejects. */
  end(how: { readonly succeeded: boolean; readonly ranMs: number; readonly isObsolete?: true }): Promise<CheckpointResult>;
}

/** The directory of the plan, or of the workspace where the plan has none. */
export const checkpointDirectory = (workspace: string, { directory }: CheckpointOrders = {}): string => directory ?? defaultCheckpoints(workspace);

const percentText = (percent: number | undefined): string => (percent === undefined ? '' : ` (${percent} %)`);

const noteOf = ({ from, refused }: Resumption, note: (text: string) => void): void => {
  for (const { checkpoint, reason } of refused) note(`checkpoint ${checkpoint} is refused: ${reason}`);
  if (!from) return;
  const { checkpoint, changed, replaced } = from;
  note(`resumes from checkpoint ${checkpoint.name}${percentText(checkpoint.percent)}: ${changed} of ${checkpoint.artifacts.length} files put back${changed > 0 ? `; what was in their place is in ${replaced}` : ''}`);
};

/** The plan wants every attempt to begin anew: where that must not be, none begins. */
const withoutRecovery = ({ notBefore }: CheckpointOrders): Resumption => ({
  refused: [],
  ...(notBefore && { stop: `It cannot begin anew: it has passed ${notBefore.name}, from where no way leads back, and checkpoint_recovery is false.` }),
});

const resumedOf = ({ from }: Resumption, execution: string): ResumedPoint | undefined => {
  if (!from) return undefined;
  const { name, percent, execution: whose } = from.checkpoint;
  return { checkpoint: name, ...(percent !== undefined && { percent }), ...(whose !== execution && { execution: whose }) };
};

/** Never rejects: what goes wrong here is noted, and the attempt begins anew, unless it must not. */
export const openCheckpoints = async (options: AttemptCheckpointsOptions): Promise<AttemptCheckpoints> => {
  const { input, spec, workspace, files, runs, note, tell } = options;
  const { execution, task, attempt, checkpoints: orders = {} } = input;
  const policy = { ...DEFAULT_CHECKPOINTS, ...orders.policy };
  const directory = checkpointDirectory(workspace, orders);
  const key = { execution, task, attempt };
  const isAnew = !runs || (attempt === 1 && !orders.from);
  const failed = (error: unknown): Resumption => {
    const why = `its last checkpoint could not be brought back: ${error instanceof Error ? error.message : String(error)}`;
    note(why);
    return { refused: [], ...(orders.notBefore && { stop: `It cannot begin anew: ${why}.` }) };
  };
  const resumption: Resumption =
    isAnew ? { refused: [] } : !policy.recovery ? withoutRecovery(orders) : await resumePoint({ task, own: { execution, directory }, orders, workspace, directory: files.directory, attempt }).catch(failed);
  noteOf(resumption, note);
  const { from, refused } = resumption;
  const resumed = resumedOf(resumption, execution);
  if (resumed || refused.length > 0) tell({ ...(resumed && { resumed }), ...(refused.length > 0 && { refused }) });

  const recorder: Recorder = createRecorder({
    key,
    workspace,
    directory,
    policy,
    plan: spec.checkpoints,
    artifacts: spec.artifacts ?? [],
    madeFile: files.made,
    from: from?.checkpoint.percent,
    tell,
    note,
  });
  const gate = createReportGate({ report: (report) => recorder.take(report), note });
  let file: ReturnType<typeof followProgressFile> | undefined;

  const keepLast = async (succeeded: boolean, ranMs: number): Promise<void> => {
    if (!succeeded) return;
    const label = spec.checkpoints?.label;
    const isExpensive = spec.checkpoints && (orders.after || ranMs > policy.expensiveMs);
    if (label !== undefined || isExpensive) await recorder.make({ name: label ?? DONE, percent: 100, final: true });
  };
  /** What led to the end is of no use any more. */
  const thin = async (succeeded: boolean, isObsolete: boolean): Promise<void> => {
    const freed = new Map(recorder.freed);
    if (succeeded && policy.prune !== 'never' && (recorder.points.length > 0 || from)) {
      const isKept = (line: { readonly final?: true; readonly attempt: number; readonly rollbackCapable?: false }): boolean => (line.final === true && line.attempt === attempt) || line.rollbackCapable === false;
      for (const [hash, until] of await thinOut({ directory, execution, task }, isKept)) freed.set(hash, until);
    }
    if (isObsolete) for (const [hash, until] of await thinOut({ directory, execution, task }, ({ rollbackCapable }) => rollbackCapable === false)) freed.set(hash, until);
    if (freed.size > 0) await sweepBlobs(directory, freed);
  };

  return {
    stop: resumption.stop,
    environment: {
      TASKS_PROGRESS_FILE: files.progress,
      TASKS_CHECKPOINTS_FILE: files.made,
      TASKS_RESUME_FROM: from?.checkpoint.name,
      TASKS_RESUME_PERCENT: from?.checkpoint.percent === undefined ? undefined : String(from.checkpoint.percent),
      TASKS_CHECKPOINT_DIR: from?.directory,
    },
    onReport: (report) => recorder.take(report),
    begin: async () => {
      if (!runs) return;
      if (spec.checkpoints && orders.before && !from) await recorder.make({ name: BEFORE, percent: 0 });
      file = followProgressFile({ path: files.progress, found: (report) => gate.take(report) });
    },
    end: async ({ succeeded, ranMs, isObsolete = false }) => {
      try {
        const isReported = await file?.stop();
        gate.end();
        await recorder.finish();
        await keepLast(succeeded, ranMs);
        await thin(succeeded, isObsolete);
        if (isReported) await rm(files.progress, { force: true });
        if (recorder.points.length > 0) await rm(files.made, { force: true });
        if (from) await rm(from.directory, { recursive: true, force: true });
      } catch (error) {
        note(`checkpoints could not be tidied up: ${error instanceof Error ? error.message : String(error)}`);
      }
      return { ...(recorder.points.length > 0 && { checkpoints: recorder.points }), ...(resumed && { resumed }), ...(refused.length > 0 && { refused }) };
    },
  };
};
