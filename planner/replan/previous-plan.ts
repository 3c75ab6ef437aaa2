/** The plan that is planned again: what of it is asked. */
import type { Coverage } from '../artifacts/coverage.schema.ts';
import type { Features } from '../artifacts/features.schema.ts';
import type { Tasks } from '../artifacts/tasks.schema.ts';
import type { ReplanRecord } from '../artifacts/meta.schema.ts';

export interface PreviousPlan {
  readonly planId: string;
  readonly tasks: Tasks;
  readonly coverage: Coverage;
  readonly features: Features;
  /** Ids of tasks that are done: they stay as they are. */
  readonly finished: ReadonlySet<string>;
  /** What its `.tasks-meta.json` says of how it was planned again before. */
  readonly record?: ReplanRecord;
}
