/** What reaches a pool, or an execution from a pool, may come from anybody: the checks take what is right and nothing else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJoin, readLeave, readWorkerProfile, readWorkerTable } from '../../model/pool-guard.ts';
import { MAX_CAPABILITIES, MAX_WORKERS } from '../../model/pool.ts';

const profile = { worker: '17@host-a1b2', host: 'host', capabilities: ['backend', 'db'], slots: 4, cpus: 2, memoryMb: 4_096, version: '1.2.3', pressure: 'none' };

describe('the announcement of a worker', () => {
  it.each([
    ['a specialised worker', {}],
    ['a generic one', { capabilities: [] }],
    ['one on a loaded machine', { pressure: 'hard' }],
    ['a capability in words', { capabilities: ['GPU, 24 GB', 'größer'] }],
    ['as many capabilities as there may be', { capabilities: Array.from({ length: MAX_CAPABILITIES }, (_, i) => `c${i}`) }],
  ])('is taken: %s', (_, own) => {
    const announced = { ...profile, ...own };
    expect(readWorkerProfile(announced)).toEqual({ ok: true, value: announced });
  });

  it.each<[string, Record<string, unknown>]>([
    ['a name with a slash', { worker: '../17' }],
    ['a name that is a key of every object', { worker: '__proto__' }],
    ['an empty name', { worker: '' }],
    ['a name that is no text', { worker: ['17@host'] }],
    ['a host with an escape sequence', { host: '\u001b[2Jhost' }],
    ['an endless host', { host: 'h'.repeat(256) }],
    ['no host', { host: null }],
    ['a capability with a line break', { capabilities: ['a\nb'] }],
    ['a capability that begins with a space', { capabilities: [' a'] }],
    ['a capability twice', { capabilities: ['a', 'a'] }],
    ['a capability that is no text', { capabilities: [7] }],
    ['too many capabilities', { capabilities: Array.from({ length: MAX_CAPABILITIES + 1 }, (_, i) => `c${i}`) }],
    ['capabilities that are no list', { capabilities: { length: 0 } }],
    ['no slot', { slots: 0 }],
    ['half a slot', { slots: 1.5 }],
    ['slots without end', { slots: Number.POSITIVE_INFINITY }],
    ['slots as text', { slots: '4' }],
    ['too many slots', { slots: 10_001 }],
    ['no processor', { cpus: 0 }],
    ['no memory', { memoryMb: -1 }],
    ['a number that is none', { memoryMb: Number.NaN }],
    ['an endless version', { version: 'v'.repeat(65) }],
    ['an unknown pressure', { pressure: 'extreme' }],
    ['a key that nobody knows', { surprise: true }],
  ])('is refused: %s', (_, own) => {
    const read = readWorkerProfile({ ...profile, ...own });
    expect(read).toMatchObject({ ok: false, error: [{ code: 'TASKS3011' }] });
  });

  it.each(Object.keys(profile))('is refused without %s, which the refusal names', (key) => {
    const read = readWorkerProfile(Object.fromEntries(Object.entries(profile).filter(([name]) => name !== key)));
    expect(read).toMatchObject({ ok: false, error: [{ message: expect.stringContaining(key) as string }] });
  });
});

describe('leaving and joining', () => {
  it('take a name of a worker, an id of an execution', () => {
    expect(readLeave({ worker: profile.worker })).toEqual({ ok: true, value: { worker: profile.worker } });
    expect(readJoin({ execution: 'nightly-2026-01-01T00:00:00Z' })).toEqual({ ok: true, value: { execution: 'nightly-2026-01-01T00:00:00Z' } });
  });

  it('refuse everything else', () => {
    for (const payload of [undefined, null, '17@host', [], {}, { worker: 'a/b' }, { worker: 7 }, { worker: profile.worker, more: 1 }]) expect(readLeave(payload).ok).toBe(false);
    for (const payload of [undefined, null, 'nightly', [], {}, { execution: 'a/b' }, { execution: '' }, { execution: 'nightly', more: 1 }]) expect(readJoin(payload).ok).toBe(false);
  });
});

describe('the table of workers', () => {
  const table = { epoch: 1_700_000_000_000, version: 3, workers: [profile, { ...profile, worker: '18@host-c3d4', capabilities: [] }] };

  it('is taken, also when nobody lives', () => {
    expect(readWorkerTable(table)).toEqual({ ok: true, value: table });
    expect(readWorkerTable({ ...table, workers: [] }).ok).toBe(true);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', [table]],
    ['a version that is no number', { ...table, version: '3' }],
    ['a version below nought', { ...table, version: -1 }],
    ['no epoch', { ...table, epoch: undefined }],
    ['a bad worker among good ones', { ...table, workers: [profile, { ...profile, worker: 'b', slots: 0 }] }],
    ['a worker with an unknown key', { ...table, workers: [{ ...profile, since: 1 }] }],
    ['a worker that lacks something', { ...table, workers: [{ worker: 'a' }] }],
    ['a worker that is none', { ...table, workers: [null] }],
    ['a worker twice', { ...table, workers: [profile, profile] }],
    ['workers that are no list', { ...table, workers: { 0: profile } }],
    ['more workers than there may be', { ...table, workers: Array.from({ length: MAX_WORKERS + 1 }, (_, i) => ({ ...profile, worker: `w${i}` })) }],
  ])('is refused: %s', (_, payload) => {
    expect(readWorkerTable(payload)).toMatchObject({ ok: false, error: [{ code: 'TASKS3011' }] });
  });
});

it('whatever is sent is answered, never thrown at', () => {
  const anything = fc.oneof(fc.anything(), fc.record({ ...Object.fromEntries(Object.keys(profile).map((key) => [key, fc.anything()])), workers: fc.array(fc.anything()) }));
  fc.assert(
    fc.property(anything, (payload) => {
      for (const read of [readWorkerProfile, readLeave, readJoin, readWorkerTable]) expect(typeof read(payload).ok).toBe('boolean');
    }),
  );
});
