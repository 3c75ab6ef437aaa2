/** A pool of worker processes on this machine: keeps as many alive as the rule of `sizing.ts` wants. */
import { TasksError } from '../../model/problem.ts';
import type { DemandSource } from './demand.ts';
import { Place } from './place.ts';
import type { StartWorker } from './place.ts';
import type { Role } from './role.ts';
import { decide, UNSEEN } from './sizing.ts';
import type { Limits, Member, Step } from './sizing.ts';
import { crashText, stepText } from './text.ts';
import type { WorkerEnd } from './worker-child.ts';

/** Between two looks at what waits. */
const LOOK_MS = 2_000;
/** A pool of which no worker has ever come up is given up after so many tries of each. */
const TRIES = 3;
/** After the second signal, for a worker that does not end. */
const KILL_MS = 10_000;

export interface PoolWorker {
  readonly identity: string;
  readonly role: string;
  readonly capabilities: readonly string[];
  readonly pid: number;
}

export interface PoolOptions {
  readonly roles: readonly Role[];
  readonly limits: Limits;
  /** Commands at once of each worker. */
  readonly slots: number;
  /** For running commands when the pool stops. */
  readonly graceMs: number;
  readonly demand: DemandSource;
  readonly startWorker: StartWorker;
  /** What happens, a line at a time. */
  readonly say: (text: string) => void;
  /** What a worker says on its standard error. */
  readonly repeat: (text: string) => void;
}

export interface Pool {
  /** The first workers, when all of them take tasks. */
  readonly ready: Promise<readonly PoolWorker[]>;
  /** Rejects with TASKS2007 when no worker of the pool has ever come up; never resolves. */
  readonly failed: Promise<never>;
  /** Commands have the grace to end; then their workers are ended at once. Settles when no worker is left. */
  stop(): Promise<void>;
  /** Without waiting: whoever was told to end before does it at once. For a process that is about to exit. */
  abandon(): void;
}

export const startPool = (options: PoolOptions): Pool => new WorkerPool(options);

class WorkerPool implements Pool {
  readonly ready: Promise<readonly PoolWorker[]>;
  readonly failed: Promise<never>;
  readonly #options: PoolOptions;
  readonly #places = new Map<number, Place>();
  readonly #firsts: readonly Place[];
  #allReady: (workers: readonly PoolWorker[]) => void = () => undefined;
  #giveUp: (error: TasksError) => void = () => undefined;
  #noneLeft: () => void = () => undefined;
  #state = UNSEEN;
  #next = 1;
  #stopping = false;
  #cameUp = false;
  #isBlind = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.ready = new Promise((resolve) => (this.#allReady = resolve));
    this.failed = new Promise<never>((_resolve, reject) => (this.#giveUp = reject));
    this.failed.catch(() => undefined);
    const { limits, roles } = options;
    this.#firsts = Array.from({ length: limits.min }, (_, at) => roles[at % roles.length]).flatMap((role) => (role ? [this.#add(role)] : []));
    this.#lookLater();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const empty = new Promise<void>((resolve) => (this.#noneLeft = resolve));
    if (this.#places.size === 0) return;
    this.#each((place) => place.retire());
    const timers = [
      setTimeout(() => this.#each((place) => place.hurry()), this.#options.graceMs),
      setTimeout(() => this.#each((place) => place.kill()), this.#options.graceMs + KILL_MS),
    ];
    await empty;
    for (const timer of timers) clearTimeout(timer);
  }

  abandon(): void {
    this.#each((place) => place.hurry());
  }

  #each(act: (place: Place) => void): void {
    for (const place of this.#places.values()) act(place);
  }

  #add(role: Role): Place {
    const place: Place = new Place({
      id: this.#next,
      role,
      start: this.#options.startWorker,
      onReady: () => this.#onReady(),
      // What it says before it takes tasks is said when it fails.
      onLine: ({ identity }, line) => identity !== undefined && this.#options.repeat(`worker ${identity}: ${line}`),
      onCrash: (crashed, { end, againMs }) => this.#onCrash(crashed, end, againMs),
      onGone: (gone) => this.#onGone(gone),
    });
    this.#next += 1;
    this.#places.set(place.id, place);
    return place;
  }

  #onReady(): void {
    this.#cameUp = true;
    const workers = this.#firsts.flatMap(({ identity, role, pid }) => (identity === undefined || pid === undefined ? [] : [{ identity, role: role.name, capabilities: role.capabilities, pid }]));
    if (workers.length === this.#firsts.length) this.#allReady(workers);
  }

  #onCrash(place: Place, end: WorkerEnd, againMs: number): void {
    if (!this.#cameUp && [...this.#places.values()].every(({ failures }) => failures >= TRIES)) {
      const said = end.lines.length > 0 ? `:\n${end.lines.join('\n')}` : '';
      this.#giveUp(new TasksError({ code: 'TASKS2007', message: `no worker of the pool came up in ${TRIES} tries; the last one ended with ${end.how}${said}`, hint: 'Try `tasks worker` with the same options, and --log-level debug.' }));
      return;
    }
    this.#options.say(crashText(place, end, againMs));
  }

  #onGone(place: Place): void {
    this.#places.delete(place.id);
    if (!this.#stopping) this.#options.say(`Worker ${place.name} has ended`);
    else if (this.#places.size === 0) this.#noneLeft();
  }

  #lookLater(): void {
    this.#timer = setTimeout(() => void this.#look().finally(() => this.#stopping || this.#lookLater()), LOOK_MS);
  }

  async #look(): Promise<void> {
    const { demand, roles, limits, say, slots } = this.#options;
    try {
      const seen = await demand.look();
      if (this.#stopping) return;
      if (this.#isBlind) say('The server answers again');
      this.#isBlind = false;
      const members = [...this.#places.values()].map(({ id, role, running, retired }): Member => ({ id, role, running, retired, slots }));
      const { state, step } = decide(this.#state, { demand: seen, members, roles, limits, now: performance.now() });
      this.#state = state;
      if (step) this.#take(step);
    } catch (error) {
      if (this.#stopping) return;
      this.#state = UNSEEN;
      if (!this.#isBlind) say(`Nobody says what waits (${error instanceof Error ? error.message : String(error)}): the pool keeps the workers it has`);
      this.#isBlind = true;
    }
  }

  #take(step: Step): void {
    const { say, roles, limits } = this.#options;
    if (step.type === 'grow') {
      say(stepText({ step, roles, limits }));
      this.#add(step.role);
      return;
    }
    const place = this.#places.get(step.id);
    if (!place) return;
    say(stepText({ step, roles, limits, place }));
    place.retire();
  }
}
