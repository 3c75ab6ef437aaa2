/** A place in a pool: one worker after the other, until it is given up. */
import { failuresAfter, restartDelay } from './backoff.ts';
import type { Role } from './role.ts';
import type { WorkerChild, WorkerChildOptions, WorkerEnd } from './worker-child.ts';

export type StartWorker = (role: Role, on: Pick<WorkerChildOptions, 'onReady' | 'onLine' | 'onEnd'>) => WorkerChild;

export interface PlaceOptions {
  readonly id: number;
  readonly role: Role;
  readonly start: StartWorker;
  readonly onReady: (place: Place) => void;
  readonly onLine: (place: Place, line: string) => void;
  /** It ended without being told, and is started again. */
  readonly onCrash: (place: Place, crash: { readonly end: WorkerEnd; readonly againMs: number }) => void;
  /** It was told to end, and has. */
  readonly onGone: (place: Place) => void;
}

export class Place {
  readonly id: number;
  readonly role: Role;
  /** Of the worker that is there, once it takes tasks. */
  identity: string | undefined;
  /** In a row. */
  failures = 0;
  #told = false;
  #child: WorkerChild | undefined;
  #again: NodeJS.Timeout | undefined;
  readonly #options: PlaceOptions;

  constructor(options: PlaceOptions) {
    this.#options = options;
    this.id = options.id;
    this.role = options.role;
    this.#start();
  }

  get name(): string {
    return this.identity ?? `number ${this.id}`;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get running(): number {
    return this.#child?.running ?? 0;
  }

  /** It takes nothing more. */
  get retired(): boolean {
    return this.#told;
  }

  /** Ends the worker when its commands have ended. Once more changes nothing. */
  retire(): void {
    if (this.#told) return;
    this.#told = true;
    clearTimeout(this.#again);
    if (this.#child) this.#child.stop();
    else this.#options.onGone(this);
  }

  /** One that was told to end does it at once: its commands are ended, and tried again elsewhere. */
  hurry(): void {
    if (this.#told) this.#child?.stop();
    else this.retire();
  }

  kill(): void {
    this.#told = true;
    this.#child?.kill();
  }

  #start(): void {
    const startedAt = performance.now();
    const { role, start, onReady, onLine } = this.#options;
    this.#child = start(role, {
      onReady: (identity) => {
        this.identity = identity;
        onReady(this);
      },
      onLine: (line) => onLine(this, line),
      onEnd: (end) => this.#ended(end, performance.now() - startedAt),
    });
  }

  #ended(end: WorkerEnd, livedMs: number): void {
    this.#child = undefined;
    if (this.#told) {
      this.#options.onGone(this);
      return;
    }
    this.failures = failuresAfter(this.failures, livedMs);
    const againMs = restartDelay(this.failures);
    this.#again = setTimeout(() => this.#start(), againMs);
    this.#options.onCrash(this, { end, againMs });
    this.identity = undefined;
  }
}
