/** What an executor is: it says what an attempt does before `smoke` and the acceptance checks. */
import type { TaskSpec } from '../../model/graph.ts';

export type ExecutorSteps =
  /** `command` undefined: there is nothing to run. `verify` false: neither `smoke` nor checks are run. */
  | { readonly ok: true; readonly command?: string; readonly verify: boolean }
  /** The task does not fit the executor; the text says how to mend it. */
  | { readonly ok: false; readonly message: string };

export interface Executor {
  readonly name: string;
  steps(spec: TaskSpec): ExecutorSteps;
}
