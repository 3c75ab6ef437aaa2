/** One thing that a plan is held to. */
import type { ProblemCode } from '../../model/problem.ts';
import type { Finding } from './finding.ts';
import type { V3View } from './view.ts';

export interface Rule {
  /** The code that its findings carry. */
  readonly code: ProblemCode;
  readonly check: (view: V3View) => readonly Finding[];
}
