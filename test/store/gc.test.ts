import { expect, test } from 'vitest';
import type { ContentHash } from '../../model/ids.ts';
import { unusedPlans } from '../../store/gc.ts';
import type { StoredPlanInfo } from '../../store/plan-store.ts';

const NOW = Date.UTC(2026, 0, 15, 12);
const hours = (count: number): string => new Date(NOW - count * 3_600_000).toISOString();
const info = (name: string, changes: Partial<StoredPlanInfo> = {}): StoredPlanInfo => ({ hash: name as ContentHash, name, tasks: 1, bytes: 1, storedAt: hours(2), ...changes });
const STORED = [
  info('used', { format: 'flowops' }),
  info('young', { format: 'flowops', storedAt: hours(0.5) }),
  info('plan', { format: 'phase' }),
  info('patch', { format: 'patch' }),
  info('damaged'),
];
const found = (hasOpen: boolean): readonly string[] =>
  unusedPlans(STORED, { used: new Set(['used' as ContentHash]), hasOpen, now: NOW }).map(({ name }) => name);

test('while an execution is open, its patches and what cannot be read are spared', () => {
  expect(found(true)).toEqual(['plan']);
});

test('when none is open, all but used and young plans go', () => {
  expect(found(false)).toEqual(['plan', 'patch', 'damaged']);
});
