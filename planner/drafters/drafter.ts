/**
 * Somebody who drafts a plan: a model behind an interface, or any program. What it answers is checked
 * (`planner/drafters/verify-draft.ts`) and never believed, so an implementation has nothing to validate: it carries a request
 * there and JSON back.
 */
import type { Result } from '../../model/problem.ts';
import type { DraftRequest } from './draft-request.ts';

export interface DraftCall {
  /** Ends the call, and whatever was started for it. */
  readonly signal: AbortSignal;
}

export interface Drafter {
  /** As `--drafter` calls it. */
  readonly name: string;
  /** What tells its answers from those of others of that name: a model and where it is, a command. Holds no secret. */
  readonly variant: string;
  /**
   * What JSON its answer is, whatever it says. Fails with TASKS1608 when there is none. Rejects only with the reason of the
   * signal; neither way says a secret.
   */
  readonly draft: (request: DraftRequest, call: DraftCall) => Promise<Result<unknown>>;
}
