/**
 * Tells executions which workers there are. One that cannot be told has closed, and is told no more. Of the same
 * execution one message is under way at a time; what changes meanwhile is told after it, once.
 */
import { getExternalWorkflowHandle } from '@temporalio/workflow';
import { executionWorkflowId } from '../../model/ids.ts';
import type { ExecutionId } from '../../model/ids.ts';
import { INTERNAL_SIGNAL } from '../../model/message.ts';
import type { Registry } from '../../resources/registry.ts';
import type { PoolRecord } from './record.ts';

/** Messages under way at once. What one workflow task sends must stay below 4 MB: of large tables they are fewer. */
const MAX_AT_ONCE = 20;
/** UTF-16 units of at most three bytes, over all messages. */
const MAX_LENGTH = 1_000_000;
/** With more executions than this, whoever joins has two others told again: so those that have closed are found. */
const MANY = 500;

export class Tellings {
  readonly #registry: Registry;
  /** Who was told longest ago is first. */
  readonly #executions: Set<ExecutionId>;
  readonly #due: Set<ExecutionId>;
  readonly #underWay = new Set<ExecutionId>();

  constructor(registry: Registry, { executions, due }: PoolRecord) {
    this.#registry = registry;
    this.#executions = new Set(executions);
    this.#due = new Set(due);
  }

  get size(): number {
    return this.#executions.size;
  }

  /** Again is no harm: it is told once more. */
  join(execution: ExecutionId): void {
    if (this.#executions.size >= MANY) for (const longAgo of [...this.#executions].slice(0, 2)) this.#due.add(longAgo);
    this.#executions.add(execution);
    this.#due.add(execution);
    this.#send();
  }

  tellAll(): void {
    for (const execution of this.#executions) this.#due.add(execution);
    this.#send();
  }

  /** What the run before could not know to have arrived. */
  resume(): void {
    this.#send();
  }

  /** `all`: something has changed that nobody has been told of. */
  snapshot({ all }: { readonly all: boolean }): Pick<PoolRecord, 'executions' | 'due'> {
    const executions = [...this.#executions];
    return { executions, due: all ? executions : [...new Set([...this.#underWay, ...this.#due])] };
  }

  #send(): void {
    const atOnce = Math.max(1, Math.min(MAX_AT_ONCE, Math.floor(MAX_LENGTH / Math.max(1, this.#registry.tableLength))));
    for (const execution of this.#due) {
      if (this.#underWay.size >= atOnce) return;
      if (!this.#underWay.has(execution)) void this.#tell(execution);
    }
  }

  async #tell(execution: ExecutionId): Promise<void> {
    this.#due.delete(execution);
    this.#underWay.add(execution);
    const arrived = await getExternalWorkflowHandle(executionWorkflowId(execution))
      .signal(INTERNAL_SIGNAL.workers, this.#registry.table)
      .then(
        () => true,
        () => false,
      );
    this.#underWay.delete(execution);
    // Told last: it goes to the end. One that has joined again meanwhile is tried again.
    this.#executions.delete(execution);
    if (arrived || this.#due.has(execution)) this.#executions.add(execution);
    this.#send();
  }
}
