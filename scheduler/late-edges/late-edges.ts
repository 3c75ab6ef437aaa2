/**
 * Edges that no plan states: when a task touches what another one produces, and nothing orders the two, it waits for that
 * one. Found in what tasks declare, at the beginning and whenever a patch brings or changes tasks, and in what attempts were
 * seen to change when they end. An edge closes no cycle, follows from no path, and leads into nothing that has begun:
 * that is only reported. A pair of tasks is told of once, and an edge that somebody takes out does not come back.
 */
import type { AttemptResult } from '../../model/attempt.ts';
import type { EventBody } from '../../model/event.ts';
import { DEFAULT_PRIORITY, MAX_DEPENDENCIES } from '../../model/graph.ts';
import { MAX_LATE_EDGES } from '../../model/late-edge.ts';
import type { GraphTask } from '../../model/graph.ts';
import type { LateEdge } from '../../model/late-edge.ts';
import { isSettled, occupiesSlot } from '../../model/state.ts';
import type { TaskState } from '../../model/state.ts';
import type { GraphIndex } from '../graph-index.ts';
import type { PlannedEdge } from '../patch-edges.ts';
import type { SchedulerState } from '../protocol.ts';
import { Budget } from './budget.ts';
import type { Link } from './links.ts';
import { FileIndex } from './file-index.ts';
import { seenCandidates, seenOf } from './observed.ts';
import { PAIR, Relations } from './relations.ts';
import type { Candidate } from './relations.ts';
import { resolve, unordered } from './resolve.ts';
import { Telling } from './telling.ts';
import type { Refusal } from './telling.ts';

/** Pairs that are to have no edge: beyond so many nothing but edges is told. */
const MAX_REPORTED = 1_000;
/** For all tasks at once: some tens of milliseconds. */
const WHOLE = { pairs: 200_000, steps: 10_000_000 };
/** For one patch, and for one attempt that has ended. */
const PART = { pairs: 20_000, steps: 1_000_000 };
const ONE = { pairs: 2_000, steps: 100_000 };

/** Plain data, part of the scheduler's state. */
export interface LateState {
  /** Late edges there have been. */
  edges: number;
  /**
   * Pairs that have been reported and got no edge, and whose edge somebody has taken out: `lower * 16384 + higher`, by index. States
   * of older versions have some the other way round.
   */
  readonly reported: number[];
  /** That not all could be found or kept has been told. */
  limited?: true;
}

/** Two tasks, whichever is first. */
const pairOf = ({ from, to }: Link): number => Math.min(from, to) * PAIR + Math.max(from, to);

interface Found {
  readonly candidates: readonly Candidate[];
  readonly seen: LateEdge['seen'];
  readonly budget: Budget;
}

export class LateEdges {
  readonly #state: SchedulerState;
  readonly #index: GraphIndex;
  readonly #attach: (edges: readonly PlannedEdge[]) => void;
  readonly #emit: (event: EventBody) => void;
  #known: FileIndex | undefined;
  #ended: { readonly index: number; readonly paths: readonly string[] }[] = [];
  readonly #reported: Set<number>;
  #hasFiles: boolean;

  constructor(options: {
    readonly state: SchedulerState;
    readonly index: GraphIndex;
    /** The tasks have these edges from now on, with all that follows for those that wait. */
    readonly attach: (edges: readonly PlannedEdge[]) => void;
    readonly emit: (event: EventBody) => void;
  }) {
    this.#state = options.state;
    this.#index = options.index;
    this.#attach = options.attach;
    this.#emit = options.emit;
    this.#reported = new Set(options.state.late?.reported.map((pair) => pairOf({ from: Math.floor(pair / PAIR), to: pair % PAIR })));
    this.#hasFiles = options.index.tasks.some(({ files }, at) => files && this.#takesPart(at));
  }

  /** Whether it matters what attempts are seen to touch. */
  get watches(): boolean {
    return this.#hasFiles && this.#state.graph.policies.lateBoundEdges !== 'off';
  }

  /** Of what all tasks declare; before any of them is ready. */
  begin(): void {
    if (!this.watches) return;
    const budget = new Budget(WHOLE);
    const relations = new Relations(this.#files, budget);
    relations.addAll();
    this.#settle({ candidates: relations.candidates(this.#isFirst), seen: 'declared', budget }, { isBeginning: true });
  }

  /** A patch has brought these tasks, or changed what they state, and taken out these edges, which do not come back by themselves. */
  patched(changed: readonly number[], removed: readonly PlannedEdge[]): void {
    const files = changed.map((at) => (this.#takesPart(at) ? this.#index.tasks[at]?.files : undefined));
    this.#hasFiles ||= files.some((each) => each !== undefined);
    if (!this.watches) return;
    for (const link of removed) this.#leave(link);
    if (changed.length === 0) return;
    for (const [at, task] of changed.entries()) this.#files.put(task, files[at]);
    const budget = new Budget(PART);
    const relations = new Relations(this.#files, budget);
    for (const [at, task] of changed.entries()) relations.addOf(task, files[at] ?? {});
    this.#settle({ candidates: relations.candidates(this.#isFirst), seen: 'declared', budget });
  }

  /** An attempt that counts has ended so; what follows is said by {@link advance}. */
  saw(index: number, result: AttemptResult): void {
    if (!this.watches || !this.#takesPart(index)) return;
    const paths = seenOf(result);
    if (paths.length > 0) this.#ended.push({ index, paths });
  }

  /** What attempts that have ended were seen to touch; after their tasks have moved on. */
  advance(): void {
    for (const { index, paths } of this.#ended.splice(0)) {
      const budget = new Budget(ONE);
      this.#settle({ candidates: seenCandidates(this.#files, index, paths, budget), seen: 'observed', budget });
    }
  }

  get #files(): FileIndex {
    if (this.#known) return this.#known;
    const files = new FileIndex();
    for (const [at, task] of this.#index.tasks.entries()) if (task.files && this.#takesPart(at)) files.put(at, task.files);
    this.#known = files;
    return files;
  }

  /** What a breaker has put in repairs what others wait for: it waits for nobody. */
  #takesPart(at: number): boolean {
    return this.#index.tasks[at]?.repairs === undefined;
  }

  /** Whoever has begun; then the less deep one, then the more urgent one, then the one that the plan names first. */
  readonly #isFirst = (a: number, b: number): boolean => {
    const depth = (at: number): number => this.#index.depth[at] as number;
    const priority = (at: number): number => this.#index.tasks[at]?.priority ?? DEFAULT_PRIORITY;
    return (Number(this.#hasBegun(b)) - Number(this.#hasBegun(a)) || depth(a) - depth(b) || priority(a) - priority(b) || a - b) < 0;
  };

  #stateOf(at: number): TaskState {
    return this.#state.records[at]?.state ?? 'PENDING';
  }

  #hasBegun(at: number): boolean {
    const state = this.#stateOf(at);
    return isSettled(state) || occupiesSlot(state) || state === 'CHECKPOINTED';
  }

  /** One of them has had an edge from the other, or was told to have none: also where the other one would be first by now. */
  #isKnown(link: Candidate): boolean {
    const hasHad = ({ from, to }: Link): boolean => this.#index.tasks[to]?.late?.some((edge) => edge.from === from) ?? false;
    return this.#reported.has(pairOf(link)) || hasHad(link) || hasHad({ from: link.to, to: link.from });
  }

  get #late(): LateState {
    return (this.#state.late ??= { edges: 0, reported: [] });
  }

  #settle({ candidates, seen, budget }: Found, { isBeginning = false }: { readonly isBeginning?: boolean } = {}): void {
    const { lateBoundEdges: policy } = this.#state.graph.policies;
    // Whoever waits for what has ended waits no longer; and what an earlier execution has done is done.
    const matters = (candidate: Candidate): boolean => (this.#hasBegun(candidate.to) ? !isBeginning && !candidate.isTie : !isSettled(this.#stateOf(candidate.from)));
    const links = unordered(this.#index, candidates.filter((candidate) => matters(candidate) && !this.#isKnown(candidate)));
    const open = links.filter(({ to }) => !this.#hasBegun(to));
    const missed = links.filter(({ to }) => this.#hasBegun(to));
    const telling = new Telling({ seen, kind: policy === 'hard' ? 'hard' : 'soft', index: this.#index });
    if (policy === 'report') for (const link of open) this.#report(link, telling, { reason: 'the policy is to report' });
    else this.#apply(open, telling, budget);
    for (const link of missed) this.#report(link, telling, { late: true, reason: `${this.#index.id(link.to)} had begun before that was known` });
    const isLimited = budget.isSpent && !this.#state.late?.limited;
    if (isLimited) this.#late.limited = true;
    for (const event of telling.events(isLimited)) this.#emit(event);
  }

  #apply(open: readonly Candidate[], telling: Telling, budget: Budget): void {
    if (open.length === 0) return;
    const { accepted, refused } = resolve(this.#index, open);
    const room = Math.max(0, Math.min(MAX_LATE_EDGES - this.#late.edges, MAX_DEPENDENCIES - this.#index.edges));
    if (accepted.length > room) budget.isSpent = true;
    const edges = accepted.slice(0, room);
    this.#late.edges += edges.length;
    const { tasks } = this.#state.graph;
    for (const { from, to, because } of edges) {
      const { produces, touches } = because;
      const task = tasks[to] as GraphTask;
      const edge: LateEdge = { from, produces, ...(touches !== produces && { touches }), seen: telling.seen };
      tasks[to] = { ...task, late: [...(task.late ?? []), edge] };
    }
    if (edges.length > 0) this.#attach(edges.map(({ from, to }) => ({ from, to, hard: telling.kind === 'hard' })));
    for (const link of edges) telling.applied(link);
    for (const link of refused) this.#report(link, telling, { reason: 'it would close a cycle' });
  }

  #report(link: Candidate, telling: Telling, why: Refusal): void {
    if (this.#leave(link)) telling.refused(link, why);
  }

  /** A pair that gets no edge, now or later; false when there are too many of them to be kept. */
  #leave(link: Link): boolean {
    const pair = pairOf(link);
    const { reported } = this.#late;
    if (reported.length >= MAX_REPORTED) return false;
    reported.push(pair);
    this.#reported.add(pair);
    return true;
  }
}
