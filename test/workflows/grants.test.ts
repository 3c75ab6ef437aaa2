/** What an execution tells mutexes for its tasks, without a server. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import type { GrantRequest } from '../../model/mutex.ts';
import type { Resource } from '../../model/resource.ts';
import { Grants } from '../../workflows/execution/grants.ts';

const told = vi.hoisted(() => [] as { readonly domain: string; readonly signal: string; readonly message: { readonly id: string } }[]);
vi.mock('../../workflows/grants/send.ts', () => ({
  askMutex: (domain: string, signal: string, message: { readonly id: string }) => {
    told.push({ domain, signal, message });
    return Promise.resolve();
  },
}));

const resources: readonly Resource[] = ['near', 'far'].map((name, order) => ({ name, mode: 'exclusive', capacity: 1, scope: 'global', domain: name, order }));
const asking = { index: 0, task: 'T' as TaskId, attempt: 1, round: 1, since: 1, priority: 0, asks: resources.map(({ name }) => ({ resource: name, units: 1, access: 'write' as const })) };

const begin = () => {
  const granted: number[] = [];
  const grants = new Grants({ execution: 'E' as ExecutionId, graceMs: 1, resources, listener: { granted: (index) => granted.push(index), refused: () => undefined } });
  return { grants, granted };
};
const asked = (domain: string): GrantRequest => told.find((one) => one.domain === domain && one.signal === 'acquire')?.message as GrantRequest;

beforeEach(() => {
  told.length = 0;
});

test('a grant that one mutex sends twice is not taken for the one of the next mutex', () => {
  const { grants, granted } = begin();
  grants.request(asking);
  const near = { id: asked('near').id, fences: { near: '1-1' } };
  grants.granted(near);
  grants.granted(near);
  expect(granted).toEqual([]);
  grants.granted({ id: asked('far').id, fences: { far: '1-1' } });
  expect(granted).toEqual([0]);
  expect(grants.take(0).map(({ domain, announcement }) => [domain, announcement.id, announcement.fences])).toEqual([
    ['near', near.id, near.fences],
    ['far', asked('far').id, { far: '1-1' }],
  ]);
});

test('a request that is withdrawn half granted gives back what it has, and is withdrawn where it waits', () => {
  const { grants } = begin();
  grants.request(asking);
  grants.granted({ id: asked('near').id, fences: { near: '1-1' } });
  grants.withdraw(0, 1);
  const released = told.filter(({ signal }) => signal === 'release').map(({ domain, message }) => [domain, message.id]);
  expect(released).toEqual(['near', 'far'].map((domain) => [domain, asked(domain).id]));
});
