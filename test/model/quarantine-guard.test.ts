/** What reaches the register of quarantined tasks may come from anybody: the checks take what executions say, and nothing else. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ERROR_KINDS, FAILURE_CLASSES } from '../../model/attempt.ts';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import { readQuarantineNews, readQuarantineQuery, readRevive } from '../../model/quarantine-guard.ts';
import { bounded, MAX_NEWS, MAX_QUARANTINED, MAX_REVIVED, planKey } from '../../model/quarantine.ts';
import type { QuarantineCause, QuarantineNews } from '../../model/quarantine.ts';

const quarantined = { type: 'quarantined', plan: 'nightly', task: 'flaky', since: 1_700_000_000_000, execution: 'run-1', attempt: 3, by: 'flapping' } as const;
const revived = { type: 'revived', plan: 'nightly', task: 'flaky', at: 1_700_000_000_001 } as const;

const anyText = fc.string({ unit: 'binary', maxLength: 500 });
const causes: fc.Arbitrary<QuarantineCause> = fc.record(
  { by: anyText, reason: anyText, message: anyText, class: fc.constantFrom(...FAILURE_CLASSES), kind: fc.constantFrom(...ERROR_KINDS) },
  { requiredKeys: ['by'] },
);

describe('news of quarantined tasks', () => {
  it('are taken as executions tell them, whatever their texts and the name of the plan', () => {
    fc.assert(
      fc.property(anyText, causes, (name, cause) => {
        const news: QuarantineNews = { ...quarantined, task: 'flaky' as TaskId, execution: 'run-1' as ExecutionId, plan: planKey(name), ...bounded(cause) };
        expect(readQuarantineNews([news])).toEqual({ ok: true, value: [news] });
        expect(bounded(bounded(cause))).toEqual(bounded(cause));
      }),
    );
  });

  it('are no larger, all that a register keeps, than what one run may hand to the next', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 200, maxLength: 500 }), (text) => {
        const id = 'x'.repeat(128);
        const entry = { ...quarantined, task: id, execution: id, plan: planKey(text), ...bounded({ by: text, reason: text, message: text, class: 'transient', kind: 'E_PLAN_CONSISTENCY' }) };
        const whole = MAX_QUARANTINED * Buffer.byteLength(JSON.stringify(entry)) + MAX_REVIVED * Buffer.byteLength(JSON.stringify({ plan: entry.plan, task: id, at: entry.since }));
        expect(whole).toBeLessThan(2 * 1024 * 1024);
      }),
    );
  });

  it('may be none, and are a list of a bounded length', () => {
    expect(readQuarantineNews([])).toEqual({ ok: true, value: [] });
    expect(readQuarantineNews([quarantined, revived])).toMatchObject({ ok: true });
    expect(readQuarantineNews(Array.from({ length: MAX_NEWS + 1 }, () => revived))).toMatchObject({ ok: false, error: [{ code: 'TASKS3011' }] });
    expect(readQuarantineNews(quarantined)).toMatchObject({ ok: false });
  });

  it.each<[string, unknown]>([
    ['an unknown kind', { ...quarantined, type: 'parked' }],
    ['a task that is a path', { ...quarantined, task: '../flaky' }],
    ['a task that is a key of every object', { ...quarantined, task: '__proto__' }],
    ['an execution with a slash', { ...quarantined, execution: 'a/b' }],
    ['an endless plan', { ...quarantined, plan: 'p'.repeat(201) }],
    ['a time that is none', { ...quarantined, since: Number.NaN }],
    ['a time before all time', { ...quarantined, since: -1 }],
    ['half an attempt', { ...quarantined, attempt: 1.5 }],
    ['nobody', { ...quarantined, by: '' }],
    ['a name with an escape sequence', { ...quarantined, by: '\u001b[2Jme' }],
    ['a message of two lines', { ...quarantined, message: 'a\nb' }],
    ['an endless message', { ...quarantined, message: 'm'.repeat(201) }],
    ['an unknown class', { ...quarantined, class: 'odd' }],
    ['an unknown kind of error', { ...quarantined, kind: 'E_ODD' }],
    ['a key that nobody knows', { ...quarantined, surprise: true }],
    ['a revival without a time', { type: 'revived', plan: 'nightly', task: 'flaky' }],
    ['nothing', null],
  ])('are refused as a whole for %s', (_, item) => {
    expect(readQuarantineNews([quarantined, item])).toMatchObject({ ok: false, error: [{ code: 'TASKS3011' }] });
  });

  it('never make a check throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.anything(), (payload) => {
        for (const read of [readQuarantineNews, readRevive]) expect(typeof read(payload).ok).toBe('boolean');
        expect(readQuarantineNews([payload]).ok).toBe(false);
        expect(['string', 'undefined']).toContain(typeof readQuarantineQuery(payload).plan);
      }),
    );
  });
});

describe('a request to revive', () => {
  it('takes any names: those that nobody has quarantined are unknown', () => {
    expect(readRevive({ plan: '', task: '../x' })).toEqual({ ok: true, value: { plan: '', task: '../x' } });
    expect(readRevive({ plan: 'p', task: 't', by: 'me', reason: 'mended' })).toMatchObject({ ok: true });
  });

  it.each([[{ plan: 'p' }], [{ task: 't' }], [{ plan: 'p', task: '' }], [{ plan: 7, task: 't' }], [{ plan: 'p', task: 't', all: true }], ['p']])('refuses %j', (payload) => {
    expect(readRevive(payload)).toMatchObject({ ok: false, error: [{ code: 'TASKS3011' }] });
  });
});
