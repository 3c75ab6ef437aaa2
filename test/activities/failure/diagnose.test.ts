import { describe, expect, test } from 'vitest';
import { classify } from '../../../activities/failure/classify.ts';
import { diagnose } from '../../../activities/failure/diagnose.ts';
import { MAX_RETRY_AFTER_MS, retryAfter } from '../../../activities/failure/retry-after.ts';
import { signatureOf } from '../../../activities/failure/signature.ts';
import type { FailureRule } from '../../../model/healing.ts';

describe('the signature of a failure', () => {
  test.each([
    ["Error: Cannot find module 'left-pad'", "Error: Cannot find module 'lodash/get'"],
    ['src/a/b.ts(12,5): error TS2307: Cannot find module "x"', 'packages/web/index.tsx(3,18): error TS2307: Cannot find module "@scope/y"'],
    ['2026-11-21T10:00:00.123Z ERROR job 17 timed out after 300s', '2026-11-22 23:59:01 ERROR job 4 timed out after 12.5s'],
    ['fatal: bad object 3f2a9c1d8e7b6a5f4e3d2c1b0a9f8e7d6c5b4a39', 'fatal: bad object 1234567890abcdef1234567890abcdef12345678'],
    ['at https://a.example/x?y=1: 503', 'at http://b.example:8080/z: 502'],
    ['request 6f9619ff-8b86-d011-b42d-00cf4fc964ff failed', 'request 00000000-0000-0000-0000-000000000000 failed'],
  ])('is the same for %j and %j', (one, other) => {
    expect(signatureOf(one)).toBe(signatureOf(other));
    expect(signatureOf(one)).not.toBe('');
  });

  test('keeps what tells failures apart, and is short', () => {
    expect(signatureOf("Cannot find module 'x'")).not.toBe(signatureOf("Permission denied: 'x'"));
    expect(signatureOf('error TS2307: no')).toContain('ts2307');
    expect(signatureOf('word '.repeat(10_000)).length).toBeLessThanOrEqual(200);
  });

  test('takes no time for hostile text', () => {
    const began = performance.now();
    for (const text of ['/'.repeat(100_000), 'a/'.repeat(50_000), '"'.repeat(100_000), '1:'.repeat(50_000), 'a.'.repeat(50_000), '-'.repeat(100_000)]) signatureOf(text);
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});

describe('how long to wait', () => {
  const now = Date.parse('2026-10-21T07:00:00Z');
  test.each([
    ['HTTP/1.1 429 Too Many Requests\nRetry-After: 120', 120_000],
    ['retry-after: Wed, 21 Oct 2026 07:28:00 GMT', 28 * 60_000],
    ['{"error":"rate_limited","retry_after":1.5}', 1_500],
    ['Rate limit reached. Please try again in 2 minutes.', 120_000],
    ['try again in 250ms', 250],
    ['retry after 999999', MAX_RETRY_AFTER_MS],
  ])('%j is %i ms', (text, expected) => {
    expect(retryAfter(text, now)).toBe(expected);
  });
  test.each(['no such thing', 'Retry-After: 0', 'retry-after: Wed, 21 Oct 2020 07:28:00 GMT', 'retrying'])('%j tells nothing', (text) => {
    expect(retryAfter(text, now)).toBeUndefined();
  });
});

describe('a diagnosis', () => {
  const facts = { reason: 'exit' as const, exitCode: 1, message: 'The command ended with exit code 1.', at: 0 };

  test('says class, kind, rule, signature and what breakers look for', () => {
    expect(diagnose({ ...facts, tail: "node:internal/modules/cjs/loader\nError: Cannot find module 'left-pad'\nRequire stack:\n- /a/b.js\n" })).toEqual({
      class: 'systemic',
      kind: 'E_TOOL_FAILURE',
      rule: 'missing-dependency',
      signature: 'error: cannot find module ‹name›',
      matches: ['missing_dependency'],
    });
    expect(diagnose({ ...facts, tail: 'HTTP 429 Too Many Requests, Retry-After: 3' })).toMatchObject({ class: 'external', matches: ['rate_limit'], retryAfterMs: 3_000 });
    expect(diagnose({ ...facts, tail: 'MCP server github timed out' })).toMatchObject({ class: 'external', kind: 'E_MCP_FAILURE' });
    expect(diagnose({ ...facts, tail: 'Error: P3005 The database schema is not in sync: drift detected' })).toMatchObject({ class: 'systemic', matches: ['schema_drift'] });
    expect(diagnose({ ...facts, reason: 'internal', message: 'There is no executor called "x".' })).toMatchObject({ class: 'logic', kind: 'E_PLAN_CONSISTENCY' });
  });

  test('of what tells nothing about the command has no signature', () => {
    expect(diagnose({ ...facts, reason: 'lost' })).toEqual({ class: 'transient', kind: 'E_UNKNOWN', rule: 'lost' });
  });

  test("looks at the plan's own rules first, and at the patterns that its breakers bring", () => {
    const rules: readonly FailureRule[] = [
      { name: 'licence', pattern: 'licen[cs]e server', class: 'external' },
      { name: 'five', exitCodes: [5], class: 'logic', kind: 'E_OS_MODE_FAILURE' },
    ];
    expect(diagnose({ ...facts, tail: 'No answer from the LICENSE SERVER' }, { rules })).toMatchObject({ class: 'external', rule: 'licence', kind: 'E_TOOL_FAILURE' });
    expect(classify({ reason: 'exit', exitCode: 5 }, rules)).toEqual({ class: 'logic', kind: 'E_OS_MODE_FAILURE', rule: 'five' });
    expect(classify({ reason: 'exit', exitCode: 6 }, rules).rule).toBe('other');
    const patterns = [{ name: 'ui', pattern: '(radix|lucide)' }, { name: 'slow', pattern: '(a+)+$' }];
    const began = performance.now();
    expect(diagnose({ ...facts, tail: `@radix-ui/x ${'a'.repeat(4_000)}!` }, { patterns }).matches).toEqual(['ui']);
    expect(performance.now() - began).toBeLessThan(2_000);
  });

  test('believes the kernel that it was for want of memory', () => {
    expect(classify({ reason: 'exit', exitCode: 1, oomKilled: true })).toMatchObject({ class: 'resource', kind: 'E_RESOURCE_LIMIT', rule: 'out-of-memory-kill' });
  });
});
