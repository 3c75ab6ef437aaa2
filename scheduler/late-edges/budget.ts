/** What may be looked at for one event. Beyond it nothing more is found, and that is told. */
export class Budget {
  pairs: number;
  /** Of comparing globs, and of passing by what they are not compared with. */
  steps: number;
  isSpent = false;

  constructor({ pairs, steps }: { readonly pairs: number; readonly steps: number }) {
    this.pairs = pairs;
    this.steps = steps;
  }

  readonly working = (steps: number): void => {
    this.steps -= steps;
  };

  get isOver(): boolean {
    this.isSpent ||= this.pairs <= 0 || this.steps <= 0;
    return this.isSpent;
  }
}
