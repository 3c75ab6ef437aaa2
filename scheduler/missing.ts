/**
 * Tasks that no worker that lives can take, and when that is told: once for all tasks that ask for the same, and not
 * before workers that are just starting have had time to announce themselves.
 */
import type { GraphTask } from '../model/graph.ts';
import type { Placement } from './placement.ts';
import type { Decision, PlacementState } from './protocol.ts';

/** Within this and the time of a start of a worker everybody has been heard of. */
const TOLD_AFTER_MS = 5_000;

export class Missing {
  readonly #state: PlacementState;
  readonly #tasks: readonly GraphTask[];
  readonly #placement: Placement;
  readonly #decide: (decision: Decision) => void;
  readonly #waiting = new Set<number>();
  /** Whether there may be something to tell. */
  #isNew = true;

  constructor(options: { readonly state: PlacementState; readonly tasks: readonly GraphTask[]; readonly placement: Placement; readonly decide: (decision: Decision) => void }) {
    this.#state = options.state;
    this.#tasks = options.tasks;
    this.#placement = options.placement;
    this.#decide = options.decide;
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  /** When it is to be told. */
  get dueAt(): number | undefined {
    const { missing } = this.#state;
    return missing && !missing.isDue ? missing.since + TOLD_AFTER_MS : undefined;
  }

  add(index: number): void {
    this.#waiting.add(index);
    this.#isNew = true;
  }

  delete(index: number): void {
    this.#waiting.delete(index);
  }

  advance(now: number): void {
    if (this.isEmpty) {
      delete this.#state.missing;
      return;
    }
    const missing = (this.#state.missing ??= { since: now, isDue: false, told: [] });
    if (!missing.isDue && now < missing.since + TOLD_AFTER_MS) return;
    missing.isDue = true;
    if (this.#isNew) this.#tell(missing);
    this.#isNew = false;
  }

  #tell(missing: NonNullable<PlacementState['missing']>): void {
    const kinds = new Map<string, number[]>();
    for (const index of [...this.#waiting].sort((a, b) => a - b)) {
      const kind = JSON.stringify(this.#tasks[index]?.capabilities ?? []);
      if (!missing.told.includes(kind)) kinds.set(kind, [...(kinds.get(kind) ?? []), index]);
    }
    for (const [kind, indices] of kinds) {
      missing.told.push(kind);
      const match = this.#placement.match(indices[0] as number);
      const capabilities = JSON.parse(kind) as string[];
      this.#decide({ type: 'emit', event: { type: 'worker_missing', capabilities, missing: match.to === 'nobody' ? match.missing : [], tasks: indices.length } });
    }
  }
}
