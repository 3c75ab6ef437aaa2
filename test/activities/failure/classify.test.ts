import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { classify, type FailureFacts } from '../../../activities/failure/classify.ts';
import { RULES } from '../../../activities/failure/rules.ts';
import type { FailureClass } from '../../../model/attempt.ts';

test.each<[FailureFacts, FailureClass]>([
  [{ reason: 'spawn' }, 'logic'],
  [{ reason: 'internal' }, 'logic'],
  [{ reason: 'rejected' }, 'logic'],
  [{ reason: 'lost' }, 'transient'],
  [{ reason: 'timeout' }, 'resource'],
  [{ reason: 'signal', signal: 'SIGKILL' }, 'resource'],
  [{ reason: 'signal', signal: 'SIGSEGV' }, 'transient'],
  [{ reason: 'exit', exitCode: 137 }, 'resource'],
  [{ reason: 'exit', exitCode: 126 }, 'systemic'],
  [{ reason: 'exit', exitCode: 127 }, 'systemic'],
  [{ reason: 'exit', exitCode: 1 }, 'transient'],
  [{ reason: 'exit', exitCode: 1, tail: 'HTTP 429 Too Many Requests' }, 'external'],
  [{ reason: 'exit', exitCode: 1, tail: 'API rate limit exceeded' }, 'external'],
  [{ reason: 'exit', exitCode: 1, tail: 'npm error code E503' }, 'transient'],
  [{ reason: 'exit', exitCode: 1, tail: 'request failed with status code 503' }, 'external'],
  [{ reason: 'exit', exitCode: 1, tail: '503 Service Unavailable' }, 'external'],
  [{ reason: 'exit', exitCode: 1, tail: 'connect ETIMEDOUT 10.0.0.1:443' }, 'external'],
  [{ reason: 'exit', exitCode: 1, tail: 'curl: (6) Could not resolve host: x' }, 'external'],
  [{ reason: 'exit', exitCode: 134, tail: 'FATAL ERROR: Reached heap limit - JavaScript heap out of memory' }, 'resource'],
  [{ reason: 'exit', exitCode: 1, tail: 'spawn ENOMEM' }, 'resource'],
  [{ reason: 'exit', exitCode: 1, tail: 'write: No space left on device' }, 'resource'],
  [{ reason: 'exit', exitCode: 1, tail: "ModuleNotFoundError: No module named 'x'" }, 'systemic'],
  [{ reason: 'exit', exitCode: 1, tail: 'sh: 1: tsc: not found\nnpm error' }, 'systemic'],
  [{ reason: 'check', exitCode: 127 }, 'systemic'],
  [{ reason: 'check', tail: '2 of 40 tests failed at line 429' }, 'transient'],
  [{ reason: 'check' }, 'transient'],
])('%j is %s', (facts, expected) => {
  expect(classify(facts).class).toBe(expected);
});

test('the documented table is the one that is used', async () => {
  const text = await readFile(new URL('../../../docs/healing.md', import.meta.url), 'utf8');
  const documented = [...text.matchAll(/^\| `([a-z-]+)` \| [^|]+ \| (transient|systemic|resource|logic|external) \| (E_[A-Z_]+) \|$/gmu)].map(([, name, is, kind]) => [name, is, kind]);
  const used = RULES.map((rule) => [rule.name, rule.class, rule.kind]);
  expect(documented).toEqual(used.filter(([name], at) => used.findIndex(([other]) => other === name) === at));
});
