/** Checkpoints of real attempts: real commands report, real files are kept and come back. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { News } from '../../../activities/checkpoint/recorder.ts';
import type { AttemptInput } from '../../../model/attempt.ts';
import type { TaskSpec } from '../../../model/graph.ts';
import type { ExecutionId, TaskId } from '../../../model/ids.ts';
import { entriesOf } from '../../../store/checkpoint/manifests.ts';
import { createRig, stopAfter, temporaryDirectory } from '../rig.ts';
import type { Rig } from '../rig.ts';

let rig: Rig;
let directory: string;
beforeEach(async () => {
  rig = await createRig({ environment: { ...process.env, TASKS_RESUME_FROM: 'of-somebody-else', SOME_TOKEN: 'hunter2hunter2' } });
  directory = join(await temporaryDirectory(), 'checkpoints');
});
afterEach(async () => {
  await rig[Symbol.asyncDispose]();
  await rm(join(directory, '..'), { recursive: true, force: true });
});

const WAIT = 'wait_for() { until grep -qE "(stored|refused) $1" "$TASKS_CHECKPOINTS_FILE" 2>/dev/null; do sleep 0.02; done; }\n';
const SAY = 'echo "from=${TASKS_RESUME_FROM-none} percent=${TASKS_RESUME_PERCENT-none}"\n';
const CAPABLE: Partial<TaskSpec> = { artifacts: ['out'], checkpoints: {} };

const run = (command: string, more: Partial<TaskSpec> = {}, input: Partial<AttemptInput> = {}, onNews?: (news: News) => void) =>
  rig.run({ command: `${WAIT}${command}`, artifacts: ['out'], ...more }, { input: { ...input, checkpoints: { directory, ...input.checkpoints } }, ...(onNews && { onNews }) });
const log = (attempt = 1): string => rig.read(`.tasks/e1/T1/${attempt}.log`);
const kept = async (): Promise<readonly string[]> => (await entriesOf({ directory, execution: 'e1' as ExecutionId, task: 'T1' as TaskId })).map((entry) => (entry.ok ? entry.checkpoint.name : '(damaged)'));
const fail = '; exit 1';

/** Two checkpoints, and then something that nobody wants back. */
const HALF = `mkdir -p out; echo one > out/a; echo ::tasks checkpoint first percent=25::; wait_for first
echo two > out/a; echo b > out/b; echo ::tasks checkpoint second percent=50::; wait_for second
echo broken > out/a; rm out/b; echo new > out/c${fail}`;

test('what a command reports is told and kept, and its lines stay in the log', async () => {
  const news: News[] = [];
  const result = await run(HALF, {}, {}, (one) => news.push(one));
  expect(result).toMatchObject({
    outcome: 'failed',
    checkpoints: [
      { n: 1, name: 'first', percent: 25, files: 1, bytes: 4 },
      { n: 2, name: 'second', percent: 50, files: 2, bytes: 6 },
    ],
  });
  expect(news).toEqual([{ percent: 25 }, { checkpoints: [result.checkpoints?.[0]] }, { percent: 50 }, { checkpoints: [result.checkpoints?.[1]] }]);
  expect(log()).toContain('::tasks checkpoint first percent=25::\n');
  expect(log()).toContain('--- checkpoint second: 2 files, 6 B');
  expect(result.failure?.message).not.toContain('::tasks');
});

test('the next attempt goes on from the last one, with its files in their places', async () => {
  await run(HALF);
  const look = `${SAY}cat out/a out/b out/c "$TASKS_CHECKPOINT_DIR/out/a"`;
  const result = await run(look, {}, { attempt: 2 });
  expect(result).toMatchObject({ outcome: 'succeeded', tail: 'from=second percent=50\ntwo\nb\nnew\ntwo\n', resumed: { checkpoint: 'second', percent: 50 } });
  expect(result.artifacts?.map(({ path }) => path)).toEqual(['out/a', 'out/b']);
  expect(rig.read('.tasks/e1/T1/2.replaced/out/a')).toBe('broken\n');
  expect(log(2)).toMatch(/^--- resumes from checkpoint second \(50 %\): 2 of 2 files put back/);
  expect((await readdir(join(rig.workspace, '.tasks/e1/T1'))).filter((name) => name.endsWith('.checkpoint'))).toEqual([]);
});

test('without one, nothing is said to the command, whatever the variables of the worker and the plan say', async () => {
  const result = await run(SAY, { environment: { TASKS_RESUME_PERCENT: '99' } }, { attempt: 2 });
  expect(result.tail).toBe('from=none percent=none\n');
  expect(result.resumed).toBeUndefined();
});

test('through the file, for a command whose output is not its own', async () => {
  const result = await run(`mkdir -p out; echo x > out/a; echo '{"checkpoint":"half","percent":50}' >> $TASKS_PROGRESS_FILE; echo nonsense >> $TASKS_PROGRESS_FILE; wait_for half; printf '{"checkpoint":"unended"}' >> $TASKS_PROGRESS_FILE`);
  expect(result.checkpoints?.map(({ name }) => name)).toEqual(['half', 'unended']);
  expect(log()).toContain('--- report not understood: a line of TASKS_PROGRESS_FILE is no JSON');
});

test('a file of progress that is a pipe, a link or without end holds nothing up', async () => {
  const started = Date.now();
  for (const command of ['mkfifo $TASKS_PROGRESS_FILE', 'ln -s /etc/passwd $TASKS_PROGRESS_FILE', 'yes | head -c 20M > $TASKS_PROGRESS_FILE']) {
    const result = await run(command);
    expect(result.outcome).toBe('succeeded');
    expect(result.checkpoints).toBeUndefined();
  }
  expect(Date.now() - started).toBeLessThan(10_000);
});

describe('what is not to be', () => {
  test('a report that is not understood is output, and the log says why', async () => {
    const result = await run('echo ::tasks progress lots::; echo ::tasks checkpoint x paths=../up::; echo "::tasks checkpoint $SOME_TOKEN::"', { secrets: ['SOME_TOKEN'] });
    expect(result).toMatchObject({ outcome: 'succeeded' });
    expect(result.checkpoints).toBeUndefined();
    expect(log().match(/^--- report not understood: /gm)).toHaveLength(3);
    expect(log()).not.toContain('hunter2hunter2');
    expect(await kept()).toEqual([]);
  });

  test('a thousand checkpoints are a hundred, and a report in a check is none', async () => {
    const result = await run('for i in $(seq 1000); do echo "::tasks checkpoint c$i::"; done', { smoke: 'echo ::tasks checkpoint smoke::' });
    expect(result.checkpoints).toHaveLength(100);
    expect(log()).toContain('more than 100 checkpoints');
  });

  test('one that is too large is not kept; it was passed all the same', async () => {
    const result = await run('mkdir -p out; head -c 20000 /dev/zero > out/a; echo ::tasks checkpoint big::; wait_for big', {}, { checkpoints: { policy: { maxBytes: 10_000 } } });
    expect(result.checkpoints).toMatchObject([{ name: 'big', stored: false, files: 0 }]);
    expect(log()).toContain('--- checkpoint big is not kept: it has 19.5 KB');
  });
});

describe('a damaged one', () => {
  const blob = async (content: string): Promise<string> => {
    for (const entry of await readdir(join(directory, 'blobs'), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && (await readFile(path, 'utf8')) === content) return path;
    }
    throw new Error('no such blob');
  };

  test.each([
    ['with a content that has changed', async () => writeFile(await blob('b\n'), 'B\n')],
    ['with a content that is gone', async () => rm(await blob('b\n'))],
    ['with a line that was cut off', async () => truncate(join(directory, 'e1/T1.checkpoint'), (await readFile(join(directory, 'e1/T1.checkpoint'))).length - 9)],
  ])('%s is refused, and the one before it is taken', async (_how, damage) => {
    await run(HALF);
    await damage();
    const news: News[] = [];
    const result = await run(`${SAY}cat out/a`, {}, { attempt: 2 }, (one) => news.push(one));
    expect(result).toMatchObject({ tail: 'from=first percent=25\none\n', resumed: { checkpoint: 'first' }, refused: [{ checkpoint: 'second' }] });
    expect(news[0]).toEqual({ resumed: result.resumed, refused: result.refused });
    expect(log(2)).toContain('--- checkpoint second is refused: ');
  });

  test('and no other leaves the workspace as it is, and the attempt begins anew', async () => {
    await run(HALF);
    await rm(join(directory, 'blobs'), { recursive: true });
    const result = await run(`${SAY}cat out/a`, {}, { attempt: 2 });
    expect(result).toMatchObject({ tail: 'from=none percent=none\nbroken\n', refused: [{ checkpoint: 'second' }, { checkpoint: 'first' }] });
  });
});

describe('out of the workspace', () => {
  test('nothing is written through a directory that has become a link', async () => {
    await run(HALF);
    const outside = await temporaryDirectory();
    await rm(join(rig.workspace, 'out'), { recursive: true });
    await symlink(outside, join(rig.workspace, 'out'));
    const result = await run(SAY, {}, { attempt: 2 });
    expect(result.refused?.[0]?.reason).toContain('leads out of the workspace');
    expect(await readdir(outside)).toEqual([]);
    await rm(outside, { recursive: true });
  });

  test('a link in the place of a file is replaced, not followed', async () => {
    await run(HALF);
    const outside = join(await temporaryDirectory(), 'precious');
    await writeFile(outside, 'precious');
    await rm(join(rig.workspace, 'out/a'));
    await symlink(outside, join(rig.workspace, 'out/a'));
    await run('true', {}, { attempt: 2 });
    expect([rig.read('out/a'), await readFile(outside, 'utf8')]).toEqual(['two\n', 'precious']);
    await rm(join(outside, '..'), { recursive: true });
  });

  test('a directory in the place of a file is left alone, and so is all else then', async () => {
    await run(HALF);
    await mkdir(join(rig.workspace, 'out/b'));
    const result = await run('cat out/a', {}, { attempt: 2 });
    // The one before it does not know out/b.
    expect(result).toMatchObject({ tail: 'one\n', resumed: { checkpoint: 'first' }, refused: [{ checkpoint: 'second', reason: expect.stringContaining('is a directory now') }] });
  });
});

describe('a task that is checkpoint capable', () => {
  const names = ({ checkpoints = [] }: { readonly checkpoints?: readonly { readonly name: string; readonly percent?: number }[] }): readonly string[] => checkpoints.map(({ name, percent }) => `${name} ${percent}`);

  test('has one at each crossing of the interval, and where the plan says', async () => {
    const points = [
      { name: 'schema', percent: 40 },
      { name: 'no_return', percent: 60, rollbackCapable: false as const },
      { name: 'by_name', rollbackCapable: false as const },
    ];
    const result = await run('mkdir out; for p in 10 26 41 80 30 99; do echo $p > out/a; echo ::tasks progress $p::; sleep 0.25; done; echo ::tasks checkpoint by_name::' + fail, { ...CAPABLE, checkpoints: { points } });
    expect(names(result)).toEqual(['p25 25', 'schema 40', 'no_return 60', 'p75 75', 'by_name 99']);
    expect(result.checkpoints?.map(({ rollbackCapable }) => rollbackCapable ?? true)).toEqual([true, true, false, true, false]);
    // No way leads back to before the last of these.
    expect(await kept()).toEqual(['by_name']);
  });

  test('has its own interval, and makes none where the command makes one itself', async () => {
    const result = await run('echo ::tasks progress 45::; sleep 0.3; echo ::tasks checkpoint mine percent=90::' + fail, CAPABLE, { checkpoints: { policy: { intervalPercent: 40 } } });
    expect(names(result)).toEqual(['p40 40', 'mine 90']);
  });

  test('has one before a risky command, but not where it goes on from another', async () => {
    await rig.write('out/a', 'before\n');
    const first = await run('echo after > out/a' + fail, CAPABLE, { checkpoints: { before: true } });
    expect(names(first)).toEqual(['before 0']);
    const second = await run(`${SAY}cat out/a; echo ::tasks checkpoint x percent=10::; wait_for x` + fail, CAPABLE, { attempt: 2, checkpoints: { before: true } });
    expect(second.tail).toContain('from=before percent=0\nbefore');
    expect(names(second)).toEqual(['x 10']);
  });

  test('has one at its end when it was expensive or the plan names it, and only that is left', async () => {
    const command = 'mkdir -p out; echo ::tasks progress 50::; sleep 0.3; echo x > out/a';
    expect(names(await run(command, CAPABLE, { checkpoints: { after: true } }))).toEqual(['p50 50', 'done 100']);
    expect(await kept()).toEqual(['done']);
    expect(names(await run(command, { ...CAPABLE, checkpoints: { label: 'built' } }, { attempt: 2 }))).toEqual(['built 100']);
    expect(await kept()).toEqual(['built']);
    expect(names(await run(command, CAPABLE, { attempt: 3, checkpoints: { policy: { expensiveMs: 0 } } }))).toEqual(['done 100']);
    expect(names(await run('true', CAPABLE, { task: 'T2' as TaskId }))).toEqual([]);
  });

  test('that asks for nothing has none of it by itself', async () => {
    const result = await run('for p in 10 60 99; do echo ::tasks progress $p::; done', {}, { checkpoints: { before: true, after: true } });
    expect(result.checkpoints).toBeUndefined();
  });
});

describe('from where an attempt goes on', () => {
  const lineage = (): NonNullable<AttemptInput['checkpoints']> => ({ from: [{ execution: 'e1' as ExecutionId, directory }] });
  let attempt = 1;
  const later = (checkpoints: NonNullable<AttemptInput['checkpoints']>) => {
    attempt += 1;
    return run(`${SAY}cat out/a`, {}, { execution: 'e2' as ExecutionId, attempt, checkpoints });
  };

  test('of the execution that is resumed: the last one, or the one that was asked for', async () => {
    await run(HALF);
    expect(await later(lineage())).toMatchObject({ tail: 'from=second percent=50\ntwo\n', resumed: { checkpoint: 'second', execution: 'e1' } });
    expect((await later({ ...lineage(), wanted: { attempt: 1, n: 1, name: 'first' } })).tail).toBe('from=first percent=25\none\n');
    expect((await later({ ...lineage(), wanted: { attempt: 1, n: 1 } })).tail).toBe('from=first percent=25\none\n');
    expect((await later({ ...lineage(), wanted: null })).tail).toBe('from=none percent=none\none\n');
    expect((await later({ ...lineage(), since: 1 })).tail).toBe('from=none percent=none\none\n');
    expect((await later({ ...lineage(), policy: { recovery: false } })).tail).toBe('from=none percent=none\none\n');
  });

  test('one that was asked for and is not there stops the attempt before it begins', async () => {
    await run(HALF);
    const result = await later({ ...lineage(), wanted: { attempt: 1, n: 7, name: 'third' } });
    expect(result).toMatchObject({ outcome: 'failed', failure: { reason: 'spawn', message: expect.stringContaining('third is not there') }, tail: '' });
  });

  test('behind a point that no way leads back from nothing begins anew', async () => {
    const notBefore = { attempt: 1, n: 2, name: 'second' };
    const command = `touch began; ${SAY}`;
    expect(await run(command, {}, { attempt: 2, checkpoints: { notBefore } })).toMatchObject({ outcome: 'failed', failure: { reason: 'spawn', message: expect.stringContaining('has passed second') } });
    expect(existsSync(join(rig.workspace, 'began'))).toBe(false);
    await run(HALF);
    expect((await run(command, {}, { attempt: 3, checkpoints: { notBefore } })).tail).toBe('from=second percent=50\n');
  });

  test('what a command says while it is being ended counts', async () => {
    const command = `mkdir -p out; trap 'echo saved > out/a; echo ::tasks checkpoint saved::; wait_for saved; exit 1' TERM; touch ready; while :; do sleep 0.05; done`;
    const ready = (async () => {
      while (!existsSync(join(rig.workspace, 'ready'))) await new Promise((resolve) => setTimeout(resolve, 20));
    })();
    const signal = stopAfter(ready, { preempted: 'memory 97 %' });
    const result = await rig.run({ command: `${WAIT}${command}`, artifacts: ['out'] }, { input: { graceMs: 5_000, checkpoints: { directory } }, signal });
    expect(result).toMatchObject({ failure: { reason: 'preempted' }, checkpoints: [{ name: 'saved', files: 1 }] });
    expect((await run(`${SAY}cat out/a`, {}, { attempt: 2 })).tail).toBe('from=saved percent=none\nsaved\n');
  });
});

test('what is kept in the workspace itself is no artifact of anybody, and not kept again', async () => {
  directory = join(rig.workspace, 'plan/checkpoints');
  const result = await run('echo x > a; echo ::tasks checkpoint one::; wait_for one; echo ::tasks checkpoint two::; wait_for two', { artifacts: ['**/*'] });
  expect(result.checkpoints).toMatchObject([{ files: 1 }, { files: 1 }]);
  expect(result.artifacts?.map(({ path }) => path)).toEqual(['a']);
});

test('declared artifacts that an attempt leaves as they were are named, so that a change can be told later', async () => {
  await rig.write('out/a', 'same');
  const result = await run('echo same > out/a2; printf same > out/a', { artifacts: ['out/a', 'out/*'] });
  expect(result.artifacts?.map(({ path }) => path)).toEqual(['out/a2']);
  expect(result.unchanged?.map(({ path }) => path)).toEqual(['out/a']);
});
