import { array, assert, nat, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { redact, secretNeedles } from '../../../model/redact.ts';
import { createRedactStream } from '../../../activities/command/redact-stream.ts';
import { isSecretName, secretValues } from '../../../model/secret-names.ts';

const stream = (chunks: readonly string[], needles: readonly string[] = []): string => {
  let out = '';
  const redacted = createRedactStream({ needles, write: (text) => (out += text) });
  for (const chunk of chunks) redacted.push(chunk);
  redacted.end();
  return out;
};

const KEY = `-----BEGIN RSA PRIVATE KEY-----\n${'MIIEpAIBAAKCAQEA\n'.repeat(20)}-----END RSA PRIVATE KEY-----`;
const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';

test.each([
  ['password=hunter2 next', 'password=[REDACTED] next'],
  ['DB_PASSWORD: "two words" next', 'DB_PASSWORD: "[REDACTED]" next'],
  ["token = 'abc'", "token = '[REDACTED]'"],
  ['{"token": "abc def", "n": 1}', '{"token": "[REDACTED]", "n": 1}'],
  ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer [REDACTED]'],
  ['authorization: Basic dXNlcjpwYXNz', 'authorization: Basic [REDACTED]'],
  ['Set-Cookie: session=abc; Path=/', 'Set-Cookie: [REDACTED]'],
  ['x-api-key: 12345', 'x-api-key: [REDACTED]'],
  ['tool --api-key zzz --verbose', 'tool --api-key [REDACTED] --verbose'],
  ['AWS_SECRET_ACCESS_KEY=abc/def+ghi', 'AWS_SECRET_ACCESS_KEY=[REDACTED]'],
  ['postgres://user:pa55@host/db', 'postgres://user:[REDACTED]@host/db'],
  [`see ghp_${'a'.repeat(36)}.`, 'see [REDACTED].'],
  [`github_pat_${'a1_'.repeat(20)}`, '[REDACTED]'],
  ['id AKIAIOSFODNN7EXAMPLE', 'id [REDACTED]'],
  ['xoxb-123456789012-abcdefgh', '[REDACTED]'],
  [`npm_${'a'.repeat(36)}`, '[REDACTED]'],
  [`jwt ${JWT} end`, 'jwt [REDACTED] end'],
  ['sk-proj-abc123def456ghi789', '[REDACTED]'],
  [`before ${KEY} after`, 'before [REDACTED] after'],
])('%j is redacted', (text, expected) => {
  expect(redact(text)).toBe(expected);
  expect(stream([text])).toBe(expected);
});

test.each(['unexpected token at line 3', 'token: null', 'password: false', 'https://example.org/a:b', 'task-with-a-long-name-123456789', 'the secret of success', 'keyboard=qwerty', 'git@github.com:a/b.git'])(
  '%j stays as it is',
  (text) => expect(redact(text)).toBe(text),
);

test('what is found does not depend on how the text is cut', () => {
  const text = `line one\npassword=hunter2\nmine is s3cr3t-value here\n${KEY}\nand ${JWT}\r\nprogress 1\rprogress 2\rghp_${'b'.repeat(36)} end`;
  const needles = secretNeedles(['s3cr3t-value']);
  const whole = stream([text], needles);
  for (const secret of ['hunter2', 's3cr3t-value', 'MIIEpAIB', JWT, 'bbbbbbbb']) expect(whole).not.toContain(secret);
  assert(
    property(array(nat({ max: text.length }), { maxLength: 12 }), (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), text.length];
      expect(stream(at.slice(1).map((to, n) => text.slice(at[n], to)), needles)).toBe(whole);
    }),
    { numRuns: 300 },
  );
  expect(stream(text.split(''), needles)).toBe(whole);
});

test('a known value is found wherever it lies in a line longer than what is held back', () => {
  const secret = 'the-value-nobody-may-see';
  for (const at of [0, 1_000, 49_140, 49_150, 65_530, 100_000, 130_000]) {
    const text = `${'x'.repeat(at)}${secret}${'y'.repeat(150_000)}`;
    for (const size of [1_024, 65_536]) {
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, n) => text.slice(n * size, (n + 1) * size));
      expect(stream(chunks, [secret])).toBe(`${'x'.repeat(at)}[REDACTED]${'y'.repeat(150_000)}`);
    }
  }
});

test('a secret longer than what is held back is dropped to its end', () => {
  const text = `token=${'a1'.repeat(200_000)} and more\n`;
  const chunks = Array.from({ length: Math.ceil(text.length / 65_536) }, (_, n) => text.slice(n * 65_536, (n + 1) * 65_536));
  expect(stream(chunks)).not.toContain('a1a1');
  expect(stream(chunks)).toContain(' and more');
});

test('a key block that never ends does not swallow everything after it', () => {
  const out = stream(['-----BEGIN PRIVATE KEY-----\n', ...Array.from({ length: 3_000 }, () => 'MIIEpAIBAAKCAQEA-and-so-on-and-on\n'), 'the end\n']);
  expect(out.endsWith('the end\n')).toBe(true);
});

test('values are found encoded, and line by line', () => {
  const needles = secretNeedles(['p@ss "word"/1', 'line-one-1\nline-two-2']);
  const text = `${encodeURIComponent('p@ss "word"/1')} ${Buffer.from('p@ss "word"/1').toString('base64')} ${JSON.stringify('p@ss "word"/1')} line-two-2`;
  expect(redact(text, needles)).toBe('[REDACTED] [REDACTED] "[REDACTED]" [REDACTED]');
});

describe('hostile text costs time in proportion to its length', () => {
  test.each(['-----BEGIN PRIVATE KEY-----', 'eyJeyJ-', 'eyJaaaaa.', 'token"', 'token=', '--', '://a:b', 'password="\\', 'sk-', 'Authorization: ', 'bearer ', 'xoxb-', '\u001b]', '\u001b[0;', 'a', ' '])('%j', (piece) => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    const before = performance.now();
    stream(Array.from({ length: Math.ceil(text.length / 65_536) }, (_, n) => text.slice(n * 65_536, (n + 1) * 65_536)));
    expect(performance.now() - before).toBeLessThan(3_000);
  });
});

test('variables are secret by their names', () => {
  for (const name of ['GITHUB_TOKEN', 'npm_config_authToken', 'CLIENT_SECRET', 'PGPASSWORD', 'OPENAI_API_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN', 'SSH_PRIVATE_KEY', 'APIKEY', 'CREDENTIALS']) expect([name, isSecretName(name)]).toEqual([name, true]);
  for (const name of ['PATH', 'PWD', 'AWS_REGION', 'TOKENIZERS_PARALLELISM', 'KEYBOARD', 'HOME']) expect([name, isSecretName(name)]).toEqual([name, false]);
  expect(secretValues({ environment: { A_TOKEN: 'true', B_TOKEN: 'abc', C_TOKEN: 'abcdefgh', MARKED: 'xy', PLAIN: 'plain-value' }, marked: ['MARKED', '__proto__', 'toString'] })).toEqual(['xy', 'abcdefgh']);
});
