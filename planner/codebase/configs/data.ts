/** A value out of somebody's file, of which nothing is sure: what is not there, or is of another kind, is left out. */
export class Data {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  /** A member, or an element. */
  at(...path: readonly (string | number)[]): Data {
    let value = this.value;
    for (const key of path) value = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined;
    return new Data(value);
  }

  text(...path: readonly (string | number)[]): string | undefined {
    const { value } = this.at(...path);
    return typeof value === 'string' ? value : undefined;
  }

  /** A whole number above 0, also where it is written as text. */
  count(...path: readonly (string | number)[]): number | undefined {
    const { value } = this.at(...path);
    const number = typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isSafeInteger(number) && number > 0 && number <= 1_000_000 ? number : undefined;
  }

  get exists(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** Elements of a list; a single value is a list of one. */
  items(): readonly Data[] {
    if (!this.exists) return [];
    return Array.isArray(this.value) ? this.value.map((item: unknown) => new Data(item)) : [this];
  }

  texts(): readonly string[] {
    return this.items().flatMap((item) => item.text() ?? []);
  }

  entries(): readonly (readonly [string, Data])[] {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    return Object.entries(value).map(([key, inner]: [string, unknown]) => [key, new Data(inner)]);
  }
}

export const NO_DATA = new Data(undefined);
