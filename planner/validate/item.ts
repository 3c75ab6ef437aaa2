/**
 * Values of a plan as the rules look at them: with the place they came from, and without any promise of their shape. A file
 * that breaks its schema is still looked at, so that everything that is wrong is said at once.
 */
import { isRecord } from '../read/read-task.ts';
import type { Where } from '../read/source.ts';
import { inside } from '../read/source.ts';

export interface Item {
  readonly value: unknown;
  readonly where: Where;
}

/** Own members only, whatever their names. */
export const member = (item: Item, key: string): Item => ({
  value: isRecord(item.value) && Object.hasOwn(item.value, key) ? item.value[key] : undefined,
  where: inside(item.where, key),
});

export const at = (item: Item, ...keys: readonly string[]): Item => keys.reduce(member, item);

/** Elements of an array; none of anything else. */
export const elements = (item: Item): readonly Item[] =>
  Array.isArray(item.value) ? item.value.map((value: unknown, index) => ({ value, where: inside(item.where, index) })) : [];

/** Members of an object by their keys; none of anything else. */
export const entries = (item: Item): readonly (readonly [string, Item])[] =>
  isRecord(item.value) ? Object.entries(item.value).map(([key, value]) => [key, { value, where: inside(item.where, key) }] as const) : [];

export const textOf = (item: Item): string | undefined => (typeof item.value === 'string' ? item.value : undefined);
/** Text that says something. */
export const saidOf = (item: Item): string | undefined => (typeof item.value === 'string' && /\S/.test(item.value) ? item.value : undefined);
export const numberOf = (item: Item): number | undefined => (typeof item.value === 'number' && Number.isFinite(item.value) ? item.value : undefined);
export const texts = (item: Item): readonly { readonly text: string; readonly where: Where }[] =>
  elements(item).flatMap((each) => (typeof each.value === 'string' ? [{ text: each.value, where: each.where }] : []));
