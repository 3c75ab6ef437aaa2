/** What is taken of an execution's own resources, and by whom. */
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../model/resource.ts';
import { Allocator } from '../../resources/allocator.ts';
import type { LocalAsk } from '../../resources/allocator.ts';

const RESOURCES: readonly Resource[] = [
  { name: 'elsewhere', mode: 'exclusive', capacity: 1, scope: 'global' },
  { name: 'lock', mode: 'exclusive', capacity: 1, scope: 'execution' },
  { name: 'units', mode: 'semaphore', capacity: 3, scope: 'execution' },
];

const ask = (allocator: Allocator, name: string, units: number, access: 'read' | 'write' = 'write'): LocalAsk => ({
  resource: allocator.numberOf(name) as number,
  units,
  access,
});

describe('the allocator', () => {
  it('grants what only one execution sees', () => {
    const allocator = new Allocator(RESOURCES);
    expect(allocator.size).toBe(2);
    expect(allocator.numberOf('elsewhere')).toBeUndefined();
    expect(allocator.nameOf(allocator.numberOf('units') as number)).toBe('units');
  });

  it('knows what is taken, and who has it, until it is given back', () => {
    const allocator = new Allocator(RESOURCES);
    const [read, two] = [ask(allocator, 'lock', 1, 'read'), ask(allocator, 'units', 2)];
    allocator.take(7, [read, two]);
    allocator.take(4, [read]);
    expect(allocator.occupancy(read.resource)).toMatchObject({ units: 0, readers: 2 });
    expect(allocator.occupancy(two.resource)).toMatchObject({ units: 2, readers: 0 });
    expect(allocator.holders(read.resource)).toEqual([7, 4]);
    allocator.give(7, [read, two]);
    expect(allocator.occupancy(read.resource)).toMatchObject({ readers: 1 });
    expect(allocator.occupancy(two.resource)).toMatchObject({ units: 0 });
    expect(allocator.holders(read.resource)).toEqual([4]);
  });

  it('knows what can never be granted, whoever holds what', () => {
    const allocator = new Allocator(RESOURCES);
    allocator.take(1, [ask(allocator, 'units', 3)]);
    expect(allocator.canEverFit([ask(allocator, 'lock', 1), ask(allocator, 'units', 3)])).toBe(true);
    expect(allocator.canEverFit([ask(allocator, 'lock', 1), ask(allocator, 'units', 4)])).toBe(false);
  });
});
