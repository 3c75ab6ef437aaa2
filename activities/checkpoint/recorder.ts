/**
 * What an attempt does with what its command reports: keeps the percentage, makes checkpoints one after the other, and
 * tells what is worth telling. It waits for nobody: a command that wants to be sure looks into the file of checkpoints.
 */
import { appendFile } from 'node:fs/promises';
import type { AttemptProgress, CheckpointPoint, CheckpointPolicy } from '../../model/checkpoint.ts';
import { MAX_CHECKPOINTS } from '../../model/checkpoint.ts';
import type { CheckpointPlan } from '../../model/graph.ts';
import type { AttemptKey } from '../../model/ids.ts';
import { size } from '../../model/size-text.ts';
import type { Freed } from '../../store/checkpoint/manifests.ts';
import { MAX_FILES, saveCheckpoint } from '../../store/checkpoint/save.ts';
import { findFiles } from '../command/find-files.ts';
import type { Report } from './report.ts';
import { dueBetween, thresholdsOf } from './thresholds.ts';

/** After the command's end, what is being made has this long. */
const FINISH_MS = 120_000;

export type News = Pick<AttemptProgress, 'percent' | 'checkpoints' | 'resumed' | 'refused'>;

export interface RecorderOptions {
  readonly key: AttemptKey;
  readonly workspace: string;
  /** `checkpoints/` of the plan. */
  readonly directory: string;
  readonly policy: CheckpointPolicy;
  readonly plan: CheckpointPlan | undefined;
  /** Declared: paths and globs. */
  readonly artifacts: readonly string[];
  /** Gets a line for each checkpoint that was made, or was not. */
  readonly madeFile: string;
  /** Where the attempt goes on from, in percent. */
  readonly from?: number | undefined;
  readonly tell: (news: News) => void;
  /** A line for the attempt's log. */
  readonly note: (text: string) => void;
}

type Wanted = Pick<CheckpointPoint, 'name' | 'percent' | 'rollbackCapable'> & { readonly paths?: readonly string[]; readonly final?: true };

export interface Recorder {
  take(report: Report): void;
  /** Makes one that nobody reported. */
  make(wanted: Wanted): Promise<void>;
  /** Resolves when everything reported so far is made, or time is up. */
  finish(): Promise<void>;
  /** Those passed, in that order. */
  readonly points: readonly CheckpointPoint[];
  /** What only checkpoints that have gone had kept. */
  readonly freed: Freed;
}

const plural = (count: number): string => `${count} file${count === 1 ? '' : 's'}`;

export const createRecorder = (options: RecorderOptions): Recorder => {
  const { key, workspace, directory, policy, plan, artifacts, madeFile, tell, note } = options;
  const thresholds = thresholdsOf(plan, policy.intervalPercent);
  const declared = new Map(plan?.points?.map((point) => [point.name, point]));
  const points: CheckpointPoint[] = [];
  const passed = new Set<string>();
  const freed = new Map<string, number>();
  const giveUp = new AbortController();
  let reached = options.from ?? 0;
  let percent = options.from;
  let n = 0;
  let last = Promise.resolve();

  const save = async (point: Pick<CheckpointPoint, 'n' | 'name' | 'percent' | 'at' | 'rollbackCapable'>, { paths = [], final }: Wanted): Promise<void> => {
    const files = await findFiles({ workspace, patterns: artifacts, literal: paths, except: directory, limit: MAX_FILES + 1 });
    const missing = paths.filter((path) => !files.some((file) => file === path || file.startsWith(`${path}/`)));
    const checkpoint = { ...key, ...point, ...(final && { final }) };
    const saved = await saveCheckpoint({ directory, checkpoint, workspace, files, maxBytes: policy.maxBytes, keep: policy.keep, signal: giveUp.signal });
    for (const [hash, until] of saved.freed) freed.set(hash, until);
    const isKept = saved.refused === undefined;
    note(isKept ? `checkpoint ${point.name}: ${plural(saved.files)}, ${size(saved.bytes)}` : `checkpoint ${point.name} is not kept: ${saved.refused}`);
    if (missing.length > 0) note(`checkpoint ${point.name}: nothing found at ${missing.join(', ')}`);
    const whole: CheckpointPoint = { ...point, files: saved.files, bytes: saved.bytes, ...(!isKept && { stored: false }) };
    points.push(whole);
    await appendFile(madeFile, `${isKept ? 'stored' : 'refused'} ${point.name}\n`).catch(() => undefined);
    tell({ checkpoints: [whole] });
  };

  const make = (wanted: Wanted): Promise<void> => {
    if (n >= MAX_CHECKPOINTS) return last;
    n += 1;
    const known = declared.get(wanted.name);
    const at = wanted.percent ?? known?.percent ?? percent;
    const isFinal = wanted.rollbackCapable === false || known?.rollbackCapable === false;
    const point = { n, name: wanted.name, at: Date.now(), ...(at !== undefined && { percent: at }), ...(isFinal && { rollbackCapable: false as const }) };
    passed.add(wanted.name);
    last = last.then(() => save(point, wanted)).catch((error: unknown) => note(`checkpoint ${wanted.name} could not be made: ${error instanceof Error ? error.message : String(error)}`));
    return last;
  };

  /** `own`: the command makes one itself now, which stands for the regular ones. */
  const advance = (to: number, own?: string): void => {
    percent = to;
    const due = dueBetween(thresholds, reached, to).filter(({ isDeclared, name }) => !passed.has(name) && name !== own && (isDeclared || own === undefined));
    const steps = (value: number): number => Math.floor(value / policy.intervalPercent);
    if (steps(to) > steps(reached)) tell({ percent: to });
    reached = Math.max(reached, to);
    for (const threshold of due) void make(threshold);
  };

  return {
    take: (report) => {
      if (report.kind === 'progress') return advance(report.percent);
      const at = report.percent ?? declared.get(report.name)?.percent;
      if (at !== undefined) advance(at, report.name);
      void make(report);
    },
    make,
    finish: async () => {
      const timer = setTimeout(() => giveUp.abort(), FINISH_MS);
      // Those that wait are quickly done once it has given up.
      for (let seen: Promise<void> | undefined; seen !== last; await seen) seen = last;
      clearTimeout(timer);
    },
    points,
    freed,
  };
};
