import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { CheckCommandEnd } from '../../../activities/check/check.ts';
import { describeCheck, runChecks } from '../../../activities/check/run-checks.ts';
import { runCommand } from '../../../activities/command/run-command.ts';
import { createSuspension } from '../../../activities/command/suspension.ts';
import type { AcceptanceCheck, CommandCheck, ReportFormat } from '../../../model/check.ts';
import { createRig, requestOf } from '../rig.ts';

const rig = await createRig();
const { workspace, launcher } = rig;
afterAll(() => rig[Symbol.asyncDispose]());

const write = async (path: string, content: string): Promise<string> => {
  await mkdir(dirname(join(workspace, path)), { recursive: true });
  await writeFile(join(workspace, path), content);
  return join(workspace, path);
};

/** Undefined when the check passed; otherwise the message. */
const problem = async (check: AcceptanceCheck, startedAt = Date.now() - 60_000): Promise<string | undefined> => {
  const bad = await runChecks([check], {
    workspace,
    metricsFile: join(workspace, '.tasks/metrics.json'),
    startedAt,
    run: async ({ command, timeoutMs = 10_000, keepOutput = 0 }): Promise<CheckCommandEnd> => {
      const signal = new AbortController().signal;
      const end = await runCommand({ launcher, request: requestOf(command, { directory: workspace, keepOutput }), timeoutMs, signal, suspension: createSuspension() });
      return end.kind === 'ended' || end.kind === 'timeout' || end.kind === 'spawn' ? end : { kind: 'interrupted', end };
    },
  });
  if (!bad) return undefined;
  return bad.result.status === 'failed' ? bad.result.message : bad.result.status;
};

const command = (cmd: string, expectation: CommandCheck['expect'] = {}, more: Partial<CommandCheck> = {}): CommandCheck => ({ type: 'command', cmd, expect: expectation, ...more });

describe('command', () => {
  test.each<[CommandCheck, string | undefined]>([
    [command('true'), undefined],
    [command('exit 3'), 'exit code 3'],
    [command('exit 3', { exitCode: 3 }), undefined],
    [command('true', { exitCode: 3 }), 'exit code 0'],
    [command('kill -9 $$', { exitCode: 137 }), 'SIGKILL'],
    [command('echo all good', { contains: 'good' }), undefined],
    [command('echo all good', { contains: 'bad' }), 'does not contain "bad"'],
    [command('echo one; echo two 22', { matches: '^two \\d+$' }), undefined],
    [command('echo one', { matches: '^two' }), 'does not match'],
    [command('echo one', { matches: '(' }), 'no regular expression'],
    [command('sleep 10', {}, { timeoutMs: 50 }), 'longer than its limit'],
    [command('true', { passRateGte: 0.5 }), 'names no report'],
    [command('true', { coverageGte: 0.5 }, { report: { path: 'no.xml' } }), 'does not exist'],
    [command('true', { passRateGte: 0.5 }, { report: { path: '../no.xml' } }), 'out of the workspace'],
  ])('%j', async (check, message) => {
    const found = await problem(check);
    if (message === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(message);
  });

  test('a pattern that would take for ever is given up', async () => {
    const before = Date.now();
    expect(await problem(command(`printf '%060d' 0 | tr 0 a; echo b`, { matches: '^(a+)+$' }))).toContain('takes too long');
    expect(Date.now() - before).toBeLessThan(3_000);
  });

  test('an old report is no report', async () => {
    const path = await write('old.json', '{"passed": 9, "failed": 0}');
    const check = command('true', { passRateGte: 0.9 }, { report: { path: 'old.json' } });
    expect(await problem(check)).toBeUndefined();
    const past = new Date(Date.now() - 120_000);
    await utimes(path, past, past);
    expect(await problem(check)).toContain('older than this attempt');
  });

  test('a runner that fails because of one test passes where the rate allows it', async () => {
    await write('rate.json', '{"passed": 19, "failed": 1}');
    const report = { path: 'rate.json' };
    expect(await problem(command('exit 1', { passRateGte: 0.95 }, { report }))).toBeUndefined();
    expect(await problem(command('exit 1', { passRateGte: 0.96 }, { report }))).toContain('the pass rate is 95 %, at least 96 % is required');
    expect(await problem(command('exit 1', { passRateGte: 0.95, exitCode: 0 }, { report }))).toContain('exit code 1');
  });
});

const JUNIT = '<?xml version="1.0"?><testsuites><testsuite tests="99"><testcase name="a"/><testcase name="b"><failure>x</failure></testcase><testsuite><testcase name="c"/><testcase name="d"><error/></testcase></testsuite><testcase name="e"><skipped/></testcase></testsuite></testsuites>';
const TAP = 'TAP version 14\n1..4\nok 1 - a\nnot ok 2 - b\n    not ok 1 - nested\nok 3 - c # SKIP no\nnot ok 4 - d # TODO later\n';
const LCOV = 'SF:a.js\nDA:1,1\nDA:2,0\nLF:2\nLH:1\nend_of_record\nSF:b.js\nDA:1,5\nDA:2,1\nend_of_record\n';
const COBERTURA = '<?xml version="1.0"?><!DOCTYPE coverage SYSTEM "x.dtd"><coverage line-rate="0.5" lines-covered="3" lines-valid="4"></coverage>';
const FINAL = JSON.stringify({ 'a.js': { path: 'a.js', statementMap: { 0: { start: { line: 1 } }, 1: { start: { line: 2 } } }, s: { 0: 1, 1: 0 } } });

describe('reports', () => {
  test.each<[ReportFormat, string, 'passRateGte' | 'coverageGte', number]>([
    ['junit', JUNIT, 'passRateGte', 0.5],
    ['tap', TAP, 'passRateGte', 0.5],
    ['json', '{"numPassedTests": 3, "numFailedTests": 1, "numTotalTests": 5}', 'passRateGte', 0.75],
    ['json', '{"stats": {"passes": 3, "failures": 1}}', 'passRateGte', 0.75],
    ['json', '{"stats": {"expected": 2, "flaky": 1, "unexpected": 1}}', 'passRateGte', 0.75],
    ['json', '{"summary": {"passed": 4, "total": 4}}', 'passRateGte', 1],
    ['json', '{"passRate": 0.25}', 'passRateGte', 0.25],
    ['json', '{"coverage": 0.25}', 'coverageGte', 0.25],
    ['json', '{"totals": {"percent_covered": 75}}', 'coverageGte', 0.75],
    ['lcov', LCOV, 'coverageGte', 0.75],
    ['cobertura', COBERTURA, 'coverageGte', 0.75],
    ['istanbul', '{"total": {"lines": {"pct": 75}}}', 'coverageGte', 0.75],
    ['istanbul', FINAL, 'coverageGte', 0.5],
  ])('%s: %s', async (format, text, key, value) => {
    await write('report', text);
    for (const report of [{ path: 'report', format }, { path: 'report' }]) {
      expect(await problem(command('true', { [key]: value }, { report }))).toBeUndefined();
      if (value < 1) expect(await problem(command('true', { [key]: value + 0.01 }, { report }))).toContain('is required');
    }
  });

  test.each<[ReportFormat, string]>([
    ['junit', '<testsuite></testsuite>'],
    ['junit', '<testsuite><testcase><skipped/></testcase></testsuite>'],
    ['junit', 'not xml'],
    ['junit', '<a><b></a>'],
    ['junit', '<!DOCTYPE x [<!ENTITY a "aaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'],
    ['tap', ''],
    ['tap', '1..0\n'],
    ['tap', 'Bail out!\n'],
    ['json', '{"passRate": 7}'],
    ['json', '{"passRate": "NaN"}'],
    ['json', '{"__proto__": {"passRate": 1}}'],
    ['json', '[]'],
    ['json', '{'],
    ['json', '{"passed": 0, "failed": 0}'],
    ['lcov', 'LF:5\nLH:9\nend_of_record\n'],
    ['cobertura', '<coverage line-rate="2"/>'],
    ['istanbul', '{}'],
    ['istanbul', '{"a": 1}'],
  ])('%s: %j is no pass', async (format, text) => {
    await write('report', text);
    expect(await problem(command('true', { passRateGte: 0, coverageGte: 0 }, { report: { path: 'report', format } }))).toBeDefined();
    if (format === 'lcov' || format === 'cobertura' || format === 'istanbul') return;
    expect(await problem(command('true', { passRateGte: 0.01 }, { report: { path: 'report', format } }))).toBeDefined();
  });

  test('tests that were planned and did not run count as failed', async () => {
    await write('report', '1..4\nok 1\nok 2\n');
    expect(await problem(command('true', { passRateGte: 0.9 }, { report: { path: 'report' } }))).toContain('50 %');
  });
});

const OPENAPI = 'openapi: 3.0.3\ninfo: {title: T, version: "1"}\npaths:\n  /a:\n    get:\n      responses: {"200": {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/A~1B"}}}}}\ncomponents: {schemas: {"A/B": {type: object}}}\n';

describe('artifact', () => {
  const artifact = (path: string, expectation?: Extract<AcceptanceCheck, { type: 'artifact' }>['expect']): AcceptanceCheck => ({ type: 'artifact', path, ...(expectation ? { expect: expectation } : {}) });

  test('exists, by path, directory or glob', async () => {
    await write('art/a.json', '{"a": 1}');
    for (const path of ['art/a.json', 'art', 'art/*.json', '**/a.json']) expect(await problem(artifact(path))).toBeUndefined();
    for (const path of ['art/b.json', 'art/*.xml', 'none']) expect(await problem(artifact(path))).toContain('does not exist');
    expect(await problem(artifact('art/a.json', { exists: false }))).toContain('should not');
    expect(await problem(artifact('art/b.json', { exists: false }))).toBeUndefined();
  });

  test('nothing outside the workspace counts', async () => {
    await symlink('/etc', join(workspace, 'etc-link'));
    for (const path of ['/etc/passwd', '../*', '../../etc/passwd', 'etc-link/passwd', 'etc-link/*', 'a\0b']) expect(await problem(artifact(path))).toMatch(/[^.]$/);
  });

  test.each([
    ['validJSON', '{"a": [1]}', true],
    ['validJSON', '{"a": [1]', false],
    ['validJSON', '', false],
    ['validYAML', 'a: 1\n---\nb: [2]\n', true],
    ['validYAML', 'a: [1', false],
    ['validYAML', 'a: 1\na: 2\n', false],
    ['validYAML', `a: &a [${'1,'.repeat(9)}1]\n${Array.from('bcdefgh', (key, n) => `${key}: &${key} [${Array.from({ length: 10 }, () => `*${'abcdefg'[n]}`).join(',')}]`).join('\n')}\n`, false],
    ['validOpenAPI', OPENAPI, true],
    ['validOpenAPI', '{"swagger": "2.0", "info": {"title": "T", "version": "1"}, "paths": {}}', true],
    ['validOpenAPI', '{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "components": {}}', true],
    ['validOpenAPI', '{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}}', false],
    ['validOpenAPI', OPENAPI.replace('/a:', 'a:'), false],
    ['validOpenAPI', OPENAPI.replace('A~1B', 'missing'), false],
    ['validOpenAPI', OPENAPI.replace('"200"', '"abc"'), false],
    ['validOpenAPI', OPENAPI.replace('title: T, ', ''), false],
    ['validOpenAPI', '{"a": 1}', false],
    ['validOpenAPI', 'just text', false],
    ['validOpenAPI', 'openapi: 3.1.0\ninfo: {title: T, version: "1"}\npaths: {}\nx: &x\n  self: *x\n', true],
  ] as const)('%s %j: %s', async (kind, text, valid) => {
    await write('doc', text);
    const found = await problem(artifact('doc', { [kind]: true }));
    if (valid) expect(found).toBeUndefined();
    else expect(found).toContain('doc is n');
  });
});

describe('metric', () => {
  const metric = (name: string, expectation: { lte?: number; gte?: number }, file?: string): AcceptanceCheck => ({ type: 'metric', name, expect: expectation, ...(file ? { file } : {}) });

  test.each([
    ['{"latency": 12.5, "__proto__": 3}', 'latency', { lte: 12.5 }, undefined],
    ['{"latency": 12.5}', 'latency', { lte: 12 }, 'latency is 12.5, at most 12 is allowed'],
    ['{"latency": 12.5}', 'latency', { gte: 13 }, 'at least 13 is required'],
    ['{"latency": "12"}', 'latency', { lte: 20 }, 'states no number'],
    ['{"latency": 1}', 'toString', { lte: 20 }, 'states no number'],
    ['{"latency": 1', 'latency', { lte: 20 }, 'states no number'],
    ['latency 5\nlatency_p99 7\n', 'latency', { lte: 5 }, undefined],
    ['latency_p99 = 7e0', 'latency_p99', { gte: 7 }, undefined],
    ['latency: -1', 'latency', { gte: 0 }, 'at least 0'],
    ['latency NaN', 'latency', { gte: 0 }, 'states no number'],
    ['latency 5', 'latency', {}, 'neither'],
  ])('%j', async (text, name, expectation, message) => {
    await write('m.txt', text);
    const found = await problem(metric(name, expectation, 'm.txt'));
    if (message === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(message);
  });

  test('the file is the one in the attempt directory unless named, inside, and new', async () => {
    expect(await problem(metric('x', { lte: 1 }))).toContain('does not exist');
    await write('.tasks/metrics.json', '{"x": 1}');
    expect(await problem(metric('x', { lte: 1 }))).toBeUndefined();
    expect(await problem(metric('x', { lte: 1 }), Date.now() + 5_000)).toContain('older');
    expect(await problem(metric('x', { lte: 1 }, '/proc/self/status'))).toContain('out of the workspace');
  });
});

test('manual is recorded and never fails', async () => {
  expect(await problem({ type: 'manual', text: 'looks nice' })).toBeUndefined();
  expect(describeCheck({ type: 'manual', text: 'looks nice' })).toBe('manual: looks nice');
});
