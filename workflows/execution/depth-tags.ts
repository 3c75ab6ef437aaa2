/** `--git`: the tag of each depth of the graph once all of it has settled, one after the other. */
import { isSettled } from '../../model/state.ts';
import type { Scheduler } from '../../scheduler/scheduler.ts';
import { control } from '../control.ts';
import type { ControlOptions } from '../control.ts';
import type { Carried } from './carry.ts';

const TAGGING: ControlOptions = { startToCloseTimeout: '1m', retry: { maximumAttempts: 3 } };

export class DepthTags {
  readonly #carried: Carried;
  readonly #scheduler: Scheduler;
  /** Tasks not known to have settled, by depth. */
  readonly #open: number[][] = [];
  #tagging: Promise<void> | undefined;
  /** Version and edges of the graph that the depths are of: late edges raise no version. */
  #of = '';

  constructor(options: { readonly carried: Carried; readonly scheduler: Scheduler }) {
    this.#carried = options.carried;
    this.#scheduler = options.scheduler;
    this.#sort();
  }

  /** Looks whether the lowest untagged depth has settled, and tags it. */
  look(): void {
    if (!this.#tagging && this.#hasSettled()) this.#tagging = this.#tagSettled();
  }

  /** Resolves when every depth that has settled by now is tagged. */
  async done(): Promise<void> {
    this.look();
    await this.#tagging;
  }

  async #tagSettled(): Promise<void> {
    while (this.#hasSettled()) {
      const { workspace, execution, nextTag: depth } = this.#carried;
      // A tag that cannot be set is no reason to stop: the commits say the same.
      await control(TAGGING).tagDepth({ workspace, execution, depth }).catch(() => undefined);
      this.#carried.nextTag = depth + 1;
    }
    this.#tagging = undefined;
  }

  #sort(): void {
    this.#of = this.#graph;
    this.#open.length = 0;
    for (const [index, depth] of this.#scheduler.index.depth.entries()) (this.#open[depth] ??= []).push(index);
  }

  /** A depth that has its tag keeps it, whatever a patch adds to it. */
  #hasSettled(): boolean {
    if (this.#of !== this.#graph) this.#sort();
    const open = this.#open[this.#carried.nextTag];
    if (!open) return false;
    while (open.length > 0 && this.#isSettled(open[open.length - 1] as number)) open.pop();
    return open.length === 0;
  }

  get #graph(): string {
    return `${this.#scheduler.state.version} ${this.#scheduler.index.edges}`;
  }

  #isSettled(index: number): boolean {
    const record = this.#scheduler.state.records[index];
    return record !== undefined && isSettled(record.state);
  }
}
