/**
 * How far the tasks are: what attempts tell by signal while they run, and what their results tell of what was not heard.
 * Heard twice, late, or from an attempt that was given up, nothing changes.
 */
import type { TaskProgress } from '../../model/activity.ts';
import type { AttemptResult } from '../../model/attempt.ts';
import { isBefore, taskCheckpointId } from '../../model/checkpoint.ts';
import type { AttemptProgress, CheckpointOrders, CheckpointPoint } from '../../model/checkpoint.ts';
import type { EventBody } from '../../model/event.ts';
import type { GraphTask } from '../../model/graph.ts';
import type { TaskId } from '../../model/ids.ts';
import type { TaskCheckpoint, TaskView } from '../../model/message.ts';
import { checkpointOrders } from '../../scheduler/checkpoints.ts';
import type { TaskRecord } from '../../scheduler/protocol.ts';
import type { Carried, CarriedProgress } from './carry.ts';

type News = Pick<AttemptProgress, 'percent' | 'checkpoints' | 'resumed' | 'refused'>;

/** What is known of a task; `percent` and what was heard are of the attempt under way. */
interface Entry {
  percent?: number;
  heard?: { readonly attempt: number; isResumed: boolean; n: number; refused: number };
  progress: TaskProgress;
}

export class ProgressBook {
  readonly #carried: Carried;
  readonly #emit: (event: EventBody) => void;
  readonly #entries = new Map<number, Entry>();

  constructor(options: { readonly carried: Carried; readonly emit: (event: EventBody) => void }) {
    this.#carried = options.carried;
    this.#emit = options.emit;
    for (const { index, ...entry } of options.carried.progress ?? []) this.#entries.set(index, { ...entry, ...(entry.heard && { heard: { ...entry.heard } }) });
  }

  /** For the next run; undefined while nothing was told. */
  list(): readonly CarriedProgress[] | undefined {
    const entries = [...this.#entries].map(([index, { heard, ...entry }]) => ({ index, ...entry, ...(heard && { heard: { ...heard } }) }));
    return entries.length > 0 ? entries : undefined;
  }

  /** Whether any task has passed a point in this execution, or in one that it resumes. */
  get hasPoints(): boolean {
    return [...this.#entries.values()].some(({ progress }) => progress.count > 0);
  }

  began(index: number): void {
    const entry = this.#entries.get(index);
    if (entry) delete entry.percent;
  }

  /** What an attempt under way tells. */
  told(index: number, { firstRunId, attempt, ...news }: AttemptProgress): void {
    if (firstRunId === this.#carried.firstRunId) this.#hear(index, attempt, news);
  }

  /** Before the end is applied: what was not heard comes before it. */
  ended(index: number, { attempt, outcome, checkpoints, resumed, refused }: AttemptResult): void {
    if (checkpoints ?? resumed ?? refused) this.#hear(index, attempt, { ...(checkpoints && { checkpoints }), ...(resumed && { resumed }), ...(refused && { refused }) });
    const entry = this.#entries.get(index);
    if (!entry || this.#carried.scheduler.records[index]?.attempt !== attempt) return;
    delete entry.percent;
    // Who asks for it once more wants it done, and not gone on with; unless no way leads back.
    if (outcome === 'succeeded' && !entry.progress.noReturn) entry.progress = { ...entry.progress, since: attempt };
  }

  /** What its attempts have passed was undone: none of it is gone on from. */
  undone(index: number, attempt: number): void {
    this.#entries.set(index, { progress: { count: 0, since: attempt } });
  }

  /** The last point of a task that no way leads back from: it can be neither undone nor begun anew. */
  pointOfNoReturn(index: number): TaskProgress['noReturn'] {
    return this.#entries.get(index)?.progress.noReturn;
  }

  view(index: number): Pick<TaskView, 'percent' | 'checkpoint'> {
    const entry = this.#entries.get(index);
    if (!entry) return {};
    const { percent, progress } = entry;
    const checkpoint = progress.last && lastOf(progress.last, progress.count);
    return { ...(percent !== undefined && { percent }), ...(checkpoint && { checkpoint }) };
  }

  /** What the next attempt of a task is to do. Undefined when there is nothing that does not go without saying. */
  orders(index: number, task: GraphTask): CheckpointOrders | undefined {
    const { checkpointDirectory, resume, scheduler } = this.#carried;
    const { noReturn, since } = this.#entries.get(index)?.progress ?? { count: 0 };
    const wanted = resume?.at.find((point) => point.task === task.id);
    const orders: CheckpointOrders = {
      ...(checkpointDirectory !== undefined && { directory: checkpointDirectory }),
      ...checkpointOrders(task, scheduler.graph.policies.checkpoints),
      ...(resume && { from: resume.lineage }),
      ...(wanted && { wanted: wanted.point }),
      ...(since !== undefined && { since }),
      ...(noReturn && { notBefore: noReturn }),
    };
    return Object.keys(orders).length > 0 ? orders : undefined;
  }

  #hear(index: number, attempt: number, { percent, checkpoints = [], resumed, refused = [] }: News): void {
    const record: TaskRecord | undefined = this.#carried.scheduler.records[index];
    const task = this.#carried.scheduler.graph.tasks[index]?.id;
    if (task === undefined || record?.attempt !== attempt || (record.state !== 'RUNNING' && record.state !== 'ASSIGNED')) return;
    const entry = this.#entries.get(index) ?? { progress: { count: 0 } };
    this.#entries.set(index, entry);
    const heard = entry.heard?.attempt === attempt ? entry.heard : { attempt, isResumed: false, n: 0, refused: 0 };
    entry.heard = heard;
    for (const point of refused.slice(heard.refused)) this.#emit({ type: 'checkpoint_refused', task, attempt, ...point });
    heard.refused = Math.max(heard.refused, refused.length);
    if (resumed && !heard.isResumed) {
      heard.isResumed = true;
      entry.percent ??= resumed.percent ?? 0;
      this.#emit({ type: 'task_resumed', task, attempt, ...resumed });
    }
    for (const point of checkpoints) {
      if (point.n <= heard.n) continue;
      heard.n = point.n;
      this.#pass(entry, { task, attempt, point });
    }
    if (percent !== undefined && percent !== entry.percent) {
      entry.percent = percent;
      this.#emit({ type: 'task_progress', task, attempt, percent });
    }
  }

  #pass(entry: Entry, { task, attempt, point }: { readonly task: TaskId; readonly attempt: number; readonly point: CheckpointPoint }): void {
    const { name, at: _at, ...rest } = point;
    const { progress } = entry;
    const noReturn = point.rollbackCapable === false ? { attempt, n: point.n, name } : progress.noReturn;
    const isLast = !progress.last || isBefore(progress.last, { attempt, n: point.n });
    entry.progress = { ...progress, count: progress.count + 1, ...(isLast && { last: { ...point, attempt } }), ...(noReturn && { noReturn }) };
    if (point.percent !== undefined) entry.percent = Math.max(entry.percent ?? 0, point.percent);
    this.#emit({ type: 'task_checkpoint', task, attempt, checkpoint: name, id: taskCheckpointId(task, name), ...rest });
  }
}

const lastOf = ({ name, percent, at }: NonNullable<TaskProgress['last']>, count: number): TaskCheckpoint => ({ name, ...(percent !== undefined && { percent }), at, count });
