/** Checks of plain data without a schema library, for what workflows read themselves: 60 schemas would cost them 1.25 MB each. */

export type Check = (value: unknown) => boolean;
export type Shape<T> = { readonly [K in keyof T]-?: Check };

export const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
export const isText: Check = (value) => typeof value === 'string' && value !== '';
export const isFlag: Check = (value) => typeof value === 'boolean';
export const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 1;
export const isDuration: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
export const isShare: Check = (value) => isDuration(value) && (value as number) <= 1;
export const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
export const partial =
  <T>(shape: Shape<T>): Check =>
  (value) =>
    isObject(value) && wrongKeys(value, shape).length === 0;

/** Keys that are not in the shape, or whose value it refuses. An undefined value counts as left out. */
export const wrongKeys = <T>(value: Record<string, unknown>, shape: Shape<T>): string[] => {
  const checks = new Map(Object.entries<Check>(shape));
  return Object.keys(value).filter((key) => value[key] !== undefined && value[key] !== null && !checks.get(key)?.(value[key]));
};

export const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);

/** Keys that must have a value and have none. */
export const missingKeys = (value: Record<string, unknown>, required: readonly string[]): string[] =>
  required.filter((key) => value[key] === undefined || value[key] === null);

/** An object of the shape's keys only, the required ones among them. */
export const shaped =
  <T>(shape: Shape<T>, required: readonly (keyof T & string)[]): Check =>
  (value) =>
    isObject(value) && wrongKeys(value, shape).length === 0 && missingKeys(value, required).length === 0;
