/**
 * Tasks that run at once in worktrees, some of which fail, some of which contradict each other, while a person has files that
 * are not committed: what comes out is what some order of those that were merged would have made, one after the other.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttemptResult } from '../../../model/attempt.ts';
import { createRepo } from './repository.ts';

const FILES = ['a.txt', 'b.txt', 'c.txt', 'dir/d.txt', 'dir/e.txt'];
const LINES = 9;
const initial = (): Record<string, string> => Object.fromEntries(FILES.map((file) => [file, Array.from({ length: LINES }, (_, at) => `${at}\n`).join('')]));

/** What a task does to a file: another line, gone, or new. */
const editArbitrary = fc.record({ file: fc.constantFrom(...FILES), what: fc.oneof(fc.nat(LINES - 1), fc.constant('remove' as const), fc.constant('create' as const)) });
type Edit = typeof editArbitrary extends fc.Arbitrary<infer T> ? T : never;
const taskArbitrary = fc.record({ edits: fc.array(editArbitrary, { minLength: 1, maxLength: 3 }), fails: fc.boolean(), checkFails: fc.boolean(), sleeps: fc.nat(3) });
const runArbitrary = fc.record({ tasks: fc.array(taskArbitrary, { minLength: 2, maxLength: 6 }), dirty: fc.subarray(FILES, { maxLength: 2 }) });

const fileOf = ({ file, what }: Edit, task: string): string => (what === 'create' ? `${file}.${task}` : file);
const shell = (edit: Edit, task: string): string => {
  const file = fileOf(edit, task);
  if (edit.what === 'remove') return `rm -f ${file}`;
  if (edit.what === 'create') return `mkdir -p $(dirname ${file}); echo ${task} > ${file}`;
  return `{ test ! -e ${file} || sed -i '${edit.what + 1}s/$/ ${task}/' ${file}; }`;
};
/** The same, upon contents. */
const apply = (files: Map<string, string>, edit: Edit, task: string): void => {
  const file = fileOf(edit, task);
  const content = files.get(file);
  if (edit.what === 'remove') files.delete(file);
  else if (edit.what === 'create') files.set(file, `${task}\n`);
  else if (content !== undefined) files.set(file, content.split('\n').map((line, at) => (at === edit.what ? `${line} ${task}` : line)).join('\n'));
};

test('some serial order of those that were merged', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(runArbitrary, async ({ tasks, dirty }) => {
      await using repo = await createRepo(initial());
      await repo.write(Object.fromEntries(dirty.map((file) => [file, 'a person is at work on this\n'])));
      const before = await repo.git('status', '--porcelain');
      const id = (at: number): string => `T${at}`;
      const attempt = (at: number, number: number): Promise<AttemptResult> => {
        const { edits, fails, checkFails, sleeps } = tasks[at] as (typeof tasks)[number];
        const command = [`sleep 0.0${sleeps}`, ...edits.map((edit) => shell(edit, id(at))), ...(fails ? ['exit 1'] : [])].join('; ');
        return repo.attempt(id(at), command, checkFails ? { smoke: 'false' } : {}, { input: { attempt: number } });
      };
      const withRetries = async (at: number): Promise<AttemptResult> => {
        for (let number = 1; ; number += 1) {
          const result = await attempt(at, number);
          if (result.failure?.reason !== 'conflict') return result;
          expect(number).toBeLessThanOrEqual(tasks.length);
        }
      };
      const results = await Promise.all(tasks.map((_, at) => withRetries(at)));
      const log = (await repo.git('log', '--reverse', '--format=%H %s')).split('\n').slice(1);
      const order = log.map((line) => Number(/\(T(\d+)\)/.exec(line)?.[1]));

      // Those that should have failed have, and who was merged says so.
      for (const [at, { outcome, failure, commit }] of results.entries()) {
        const { fails, checkFails } = tasks[at] as (typeof tasks)[number];
        if (fails || checkFails) expect(failure?.reason).toBe(fails ? 'exit' : 'check');
        else if (outcome === 'failed') expect([failure?.reason, dirty.length > 0]).toEqual(['dirty', true]);
        if (order.includes(at)) expect(log[order.indexOf(at)]).toContain(commit ?? 'no commit');
        else expect(commit).toBeUndefined();
      }
      expect(new Set(order).size).toBe(order.length);

      const files = new Map(Object.entries(initial()));
      for (const at of order) for (const edit of (tasks[at] as (typeof tasks)[number]).edits) apply(files, edit, id(at));
      const listed = (await repo.git('ls-tree', '-r', '--name-only', 'HEAD')).split('\n').filter((file) => file !== '');
      expect(listed).toEqual([...files.keys()].toSorted());
      for (const [file, content] of files) {
        expect(`${await repo.git('show', `HEAD:${file}`)}\n`).toBe(content);
        expect(repo.read(file)).toBe(dirty.includes(file) ? 'a person is at work on this\n' : content);
      }
      expect([await repo.git('status', '--porcelain'), await repo.worktrees(), await repo.traces()]).toEqual([before, [], []]);
    }),
    { numRuns: 15 },
  );
});
