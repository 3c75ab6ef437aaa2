/** `tasks plan`: what it prints, writes and refuses. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readAnswer } from '../../../../client/cli/plan-review.ts';
import { run } from '../support/run.ts';

const SPEC = '# Links\n\n## Requirements\n\n- The system must let members shorten a long address.\n- The system must redirect a short address to the long one within 100 ms.\n- The system should count clicks of each short address.\n\n## Out of scope\n\n- Accounts of members.\n';

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'plan-'));
  await mkdir(join(cwd, 'code'));
  await writeFile(join(cwd, 'spec.md'), SPEC);
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

const plan = (...argv: readonly string[]) => run(['plan', ...argv], { cwd });
const FILES = ['.tasks-meta.json', 'Decisions.md', 'Plan.md', 'coordinator.json', 'coverage.json', 'dag.json', 'features.json', 'tasks.json', 'waves.json'];

describe('tasks plan', () => {
  it('prints the path and nothing else, tells its phases on standard error, and makes a plan that is valid and runs', async () => {
    const planned = await plan('-f', 'spec.md', '-p', 'code', '-o', 'out');
    expect([planned.exit, planned.stdout]).toEqual([0, 'out\n']);
    expect(planned.stderr).toMatch(/\[Phase 1: Codebase Analysis\][^]*\[Phase 5: DAG Construction\][^]*Next: tasks validate-plan out/);
    expect((await readdir(join(cwd, 'out'))).sort()).toEqual(FILES);
    const validated = await run(['validate-plan', 'out', '--document', 'spec.md'], { cwd });
    expect([validated.exit, validated.stderr.includes('error:')]).toEqual([0, false]);
    const dry = await run(['execute', '-', '--dry-run', '-o', 'json'], { cwd, stdin: join(cwd, planned.stdout) });
    expect([dry.exit, JSON.parse(dry.stdout)]).toMatchObject([0, { format: 'tasks.v3', workspace: join(cwd, 'code') }]);
  });

  it('gives the same bytes again, also on standard output, where every file has its fence', async () => {
    const first = await plan('-f', 'spec.md', '-p', 'code', '--stdout');
    const second = await plan('-f', 'spec.md', '-p', 'code', '--stdout');
    expect(second.stdout).toBe(first.stdout);
    expect(first.stdout.match(/^---file:.*$/gm)).toEqual(['features.json', 'tasks.json', 'dag.json', 'waves.json', 'coordinator.json', 'Plan.md', 'Decisions.md'].map((name) => `---file:${name}`));
    const dry = await run(['execute', '-', '--dry-run'], { cwd, stdin: first.stdout });
    expect(dry.exit).toBe(0);
    expect(await readdir(cwd)).toEqual(['code', 'spec.md']);
  });

  it('plans a sentence, and answers in JSON', async () => {
    const planned = await plan('Build a TODO list application', '-p', 'code', '--json', '--max-concurrent', '3');
    const answer = JSON.parse(planned.stdout) as { readonly path: string; readonly tasks: number };
    expect(answer).toMatchObject({ path: join(cwd, 'tasks_output'), features: 1, coverage: { normative: 1 } });
    expect(answer.tasks).toBeGreaterThanOrEqual(4);
    expect(await readFile(join(cwd, 'tasks_output', 'coordinator.json'), 'utf8')).toContain('"concurrency_max": 3');
  });

  it('takes its times from SOURCE_DATE_EPOCH', async () => {
    const planned = await run(['plan', '-f', 'spec.md', '-p', 'code', '-o', 'out'], { cwd, environment: { SOURCE_DATE_EPOCH: '1000000000' } });
    expect(planned.exit).toBe(0);
    expect(await readFile(join(cwd, 'out', 'tasks.json'), 'utf8')).toContain('"timestamp": "2001-09-09T01:46:40Z"');
    const refused = await run(['plan', '-f', 'spec.md', '-p', 'code', '-o', 'out'], { cwd, environment: { SOURCE_DATE_EPOCH: 'yesterday' } });
    expect([refused.exit, refused.stderr]).toEqual([1, expect.stringContaining('SOURCE_DATE_EPOCH')]);
  });

  it('replaces a plan of its own, keeps what is beside it, and touches nothing else', async () => {
    await plan('-f', 'spec.md', '-p', 'code', '-o', 'out');
    await mkdir(join(cwd, 'out', 'checkpoints'));
    expect((await plan('Add an export to CSV', '-p', 'code', '-o', 'out')).exit).toBe(0);
    expect((await readdir(join(cwd, 'out'))).sort()).toEqual([...FILES, 'checkpoints'].sort());
    expect(await readFile(join(cwd, 'out', 'tasks.json'), 'utf8')).toContain('export to CSV');
    const refused = await plan('-f', 'spec.md', '-o', '.');
    expect([refused.exit, refused.stderr]).toEqual([1, expect.stringContaining('TASKS1607')]);
    expect((await readdir(cwd)).sort()).toEqual(['code', 'out', 'spec.md']);
  });

  it.each([
    ['nothing to plan', [], 1, 'TASKS3010'],
    ['two things to plan', ['A sentence', '-f', 'spec.md'], 1, 'TASKS3010'],
    ['a document that is not there', ['-f', 'none.md'], 1, 'TASKS1602'],
    ['an empty document', ['-f', 'empty.md'], 1, 'TASKS1601'],
    ['a binary document', ['-f', 'binary.md'], 1, 'TASKS1602'],
    ['a code base that is not there', ['-f', 'spec.md', '-p', 'nowhere'], 2, 'TASKS5001'],
    ['a question without a terminal', ['-f', 'spec.md', '--interactive'], 1, 'TASKS3010'],
  ] as const)('refuses %s, and leaves nothing behind', async (_, argv, exit, code) => {
    await writeFile(join(cwd, 'empty.md'), ' \n');
    await writeFile(join(cwd, 'binary.md'), Buffer.from([0x50, 0, 0xff, 0xfe]));
    const before = await readdir(cwd);
    const refused = await plan(...argv);
    expect([refused.exit, refused.stdout, refused.stderr]).toEqual([exit, '', expect.stringContaining(code)]);
    expect(await readdir(cwd)).toEqual(before);
  });

  it('says so where a document asks for nothing', async () => {
    await writeFile(join(cwd, 'prose.md'), '# A poem\n\nRoses, red.\n');
    const refused = await plan('-f', 'prose.md', '-p', 'code');
    expect([refused.exit, refused.stderr]).toEqual([1, expect.stringContaining('TASKS1604')]);
  });
});

it('answers of a review may be shortened', () => {
  expect(['a', 'approve', 'e', 'r', 'ab', 'yes', ''].map(readAnswer)).toEqual(['approve', 'approve', 'edit', 'regenerate', 'abort', undefined, undefined]);
});
