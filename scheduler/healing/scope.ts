/** Which tasks a breaker is about. */
import type { Breaker } from '../../model/breaker.ts';
import type { GraphTask } from '../../model/graph.ts';
import { globsIntersect } from '../../resources/globs.ts';

/** Breakers without a scope are about all tasks, but for those that repair something. Answers are kept until {@link forget}. */
export class Scopes {
  readonly #tasks: readonly GraphTask[];
  readonly #known = new Map<string, Map<number, boolean>>();

  constructor(tasks: readonly GraphTask[]) {
    this.#tasks = tasks;
  }

  /** A patch has changed tasks. */
  forget(): void {
    this.#known.clear();
  }

  covers(breaker: Breaker, index: number): boolean {
    const task = this.#tasks[index];
    if (!task || task.repairs !== undefined) return false;
    const { scope } = breaker;
    if (!scope) return true;
    let known = this.#known.get(breaker.name);
    if (!known) this.#known.set(breaker.name, (known = new Map()));
    let covered = known.get(index);
    if (covered === undefined) known.set(index, (covered = isWithin(scope, task)));
    return covered;
  }
}

/** A directory's scope covers what lies in it: `apps/*` is about `apps/web/src` as well. */
const isWithin = (scope: readonly string[], task: GraphTask): boolean => {
  const named = [task.id, ...(task.labels ?? []), ...(task.area ?? [])];
  return scope.some((glob) => named.some((name) => globsIntersect(glob, name) || globsIntersect(`${glob.replace(/\/+$/u, '')}/**`, name)));
};
