/** What a rule is: an id that evidence names, what it finds, and an example; `docs/requirements.md` lists the same. */
import type { Strength } from '../../artifacts/coverage.schema.ts';

export interface Rule {
  readonly id: string;
  readonly finds: string;
  readonly example: string;
  /** Of what it finds; undefined where the words within decide. */
  readonly strength?: Strength;
}

/** A sign in a sentence that it is a requirement, or that it is none: points for and against are added up. */
export interface Sign extends Rule {
  readonly points: number;
  readonly pattern: RegExp;
}
