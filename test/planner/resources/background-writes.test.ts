/** What background tasks write, and who is warned. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isOutOfTheWay } from '../../../planner/resources/background-writes.ts';
import { globsIntersect } from '../../../resources/globs.ts';
import { accepted } from '../read/reading.ts';

const OUT_OF_THE_WAY = ['out.log', 'a/*.log', '**/*.log', 'logs', './logs/', 'logs/**', 'packages/*/build/**', '.ledger/runs.jsonl', '{logs,build}/x', 'a.{x,y}.log', 'build'];
const IN_THE_WAY = ['src/**', '**', 'log/x', 'builds/x', 'out.{log,txt}', '*.log*', '{logs,src}/x', 'lo?s/x', 'ledger/x', '@(build/x|src)/y'];

test.each(OUT_OF_THE_WAY)('%s is nobody else\'s', (pattern) => {
  expect(isOutOfTheWay(pattern)).toBe(true);
});
test.each(IN_THE_WAY)('%s may be somebody else\'s', (pattern) => {
  expect(isOutOfTheWay(pattern)).toBe(false);
});

test('no path that a pattern out of the way matches is anywhere else', () => {
  const part = fc.constantFrom('logs', 'build', '.ledger', 'src', 'a.log', 'b.txt', '*', '**', '*.log', '{build,src}', '{a.log,b.txt}', 'bui?d', '@(build|src)');
  const name = fc.constantFrom('logs', 'build', '.ledger', 'src', 'a.log', 'b.txt');
  const pathOf = (parts: fc.Arbitrary<string>) => fc.array(parts, { minLength: 1, maxLength: 3 }).map((list) => list.join('/'));
  fc.assert(
    fc.property(pathOf(part), pathOf(name), (pattern, path) => {
      if (!isOutOfTheWay(pattern) || !globsIntersect(path, pattern)) return;
      expect(path.endsWith('.log') || path.split('/').some((each) => ['logs', 'build', '.ledger'].includes(each)), `${pattern} matches ${path}`).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});

describe('warned', () => {
  const task = (id: string, writes: readonly string[], more: object = {}): string => JSON.stringify({ id, cmd: 'x', files_scope: { writes: ['WRITES'] }, ...more }).replace('"WRITES"', writes.map((text) => `\n${JSON.stringify(text)}`).join(','));
  const plan = (...tasks: readonly string[]): { stdin: string } => ({ stdin: `[${tasks.join(',')}]` });
  const background = { priority: 'background' };

  test('a background task that writes elsewhere, once, where it says so', async () => {
    const { warnings } = await accepted(plan(task('a', ['logs/a', '!src/x', 'src/a', 'docs'], background), task('b', ['out.log'], { kind: 'bg' })));
    expect(warnings).toMatchObject([{ code: 'TASKS1216', message: 'task "a" is a background task and writes "src/a" and 1 more pattern', place: { line: 4 }, hint: expect.stringContaining('.ledger/') }]);
  });

  test('and one that can write what a task in the foreground writes, with both places', async () => {
    const { warnings } = await accepted(plan(task('a', ['logs/a/', 'logs/**'], background), task('b', ['x', './logs/*/b']), task('c', ['logs/*/b'], { priority: 'low' })));
    expect(warnings).toMatchObject([
      {
        code: 'TASKS1216',
        message: 'task "a" is a background task and can write what task "b" writes: "logs/a/" meets "./logs/*/b"',
        place: { line: 2 },
        related: [{ message: '"b" writes here', place: { line: 5 } }],
      },
    ]);
  });

  test('each of several that write the same; the same pattern meets itself', async () => {
    const { warnings } = await accepted(plan(task('a', ['build/x'], background), task('b', ['build/x'], { priority: 9 }), task('c', ['build/x'])));
    expect(warnings.map(({ message, place }) => [message.slice(0, 8), place?.line])).toEqual([['task "a"', 2], ['task "b"', 3]]);
  });

  test('nobody else: foreground tasks, readers, background tasks among themselves, tasks that say nothing', async () => {
    const scope = { files_scope: { reads: ['**'] } };
    const { warnings } = await accepted(plan(task('a', ['src/**']), task('b', ['build/x'], background), task('c', ['build/**'], background), JSON.stringify({ id: 'd', cmd: 'x', ...scope }), JSON.stringify({ id: 'e', cmd: 'x', ...background })));
    expect(warnings).toEqual([]);
  });

  test('of phases as well: a background phase, and the alias of spec/003', async () => {
    const { warnings } = await accepted({ stdin: 'phase_id: P\npriority: background\ntasks:\n  - id: a\n    cmd: x\n    files_scope:\n      write: [src/a]\n' });
    expect(warnings).toMatchObject([{ code: 'TASKS1216', place: { line: 7 } }]);
  });
});
