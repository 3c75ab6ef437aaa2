/** The options of one invocation after flag, environment, files and defaults have been laid over each other. */
export type ValueSource = 'flag' | 'environment' | 'project file' | 'user file' | 'default';
export type OptionValue = string | number | boolean | readonly string[];

export interface SourcedValue {
  readonly value: OptionValue;
  readonly source: ValueSource;
}

export class Values {
  readonly #values: ReadonlyMap<string, SourcedValue>;

  constructor(values: ReadonlyMap<string, SourcedValue>) {
    this.#values = values;
  }

  text(name: string): string | undefined {
    const value = this.#values.get(name)?.value;
    return typeof value === 'string' ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.#values.get(name)?.value;
    return typeof value === 'number' ? value : undefined;
  }

  flag(name: string): boolean {
    return this.#values.get(name)?.value === true;
  }

  list(name: string): readonly string[] {
    const value = this.#values.get(name)?.value;
    return Array.isArray(value) ? value : [];
  }

  /** Where the value came from; undefined when there is none. */
  source(name: string): ValueSource | undefined {
    return this.#values.get(name)?.source;
  }

  /** Whether somebody asked for it, instead of its default standing. */
  isGiven(name: string): boolean {
    const source = this.source(name);
    return source !== undefined && source !== 'default';
  }
}
