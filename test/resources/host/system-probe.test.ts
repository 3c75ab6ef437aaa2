import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSystemProbe } from '../../../resources/host/system-probe.ts';
import type { SystemLibrary } from '../../../resources/host/system-probe.ts';
import { scriptedProbe } from '../../support/scripted-probe.ts';
import { conformance } from './conformance.ts';

const MB = 1_048_576;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tasks-probe-'));
});
afterAll(async () => {
  await rm(root, { recursive: true, force: true });
});

/** A library whose every answer is a machine's that has 1,000 MB, 300 of them free, and is a quarter busy. */
const library = (answers: { readonly total?: number; readonly available?: number; readonly load?: number } = {}): (() => Promise<SystemLibrary>) => {
  const { total = 1_000 * MB, available = 300 * MB, load = 25 } = answers;
  return () =>
    Promise.resolve({
      mem: () => Promise.resolve({ total, available }),
      currentLoad: () => Promise.resolve({ currentLoad: load }),
    });
};

const BLIND = library({ total: Number.NaN, available: Number.NaN, load: Number.NaN });

conformance('the probe of this machine', () => ({
  seeing: () => createSystemProbe(),
  blind: () => createSystemProbe({ proc: join(root, 'nothing'), cgroups: join(root, 'nothing'), library: BLIND }),
}));

conformance('the probe of a machine that is no Linux', () => ({
  seeing: () => createSystemProbe({ platform: 'darwin', library: library() }),
  blind: () => createSystemProbe({ platform: 'darwin', library: BLIND }),
}));

conformance('the scripted probe', () => ({ seeing: () => scriptedProbe({ cpu: 10, memory: 20, ioWait: 0 }), blind: () => scriptedProbe() }));

/** A made-up `/proc` and hierarchy of control groups. */
const machine = async (name: string, files: Readonly<Record<string, string>>) => {
  const at = join(root, name);
  const write = async (changed: Readonly<Record<string, string>>): Promise<void> => {
    for (const [path, text] of Object.entries(changed)) {
      await mkdir(dirname(join(at, path)), { recursive: true });
      await writeFile(join(at, path), text);
    }
  };
  await write(files);
  return { write, probe: createSystemProbe({ platform: 'linux', proc: join(at, 'proc'), cgroups: join(at, 'cgroup'), library: library() }) };
};

const mb = (n: number): string => `${String(n * MB)}\n`;
const stat = (used: number, idle: number, ioWait: number): string => `cpu  ${String(used)} 0 0 ${String(idle)} ${String(ioWait)} 0 0 0 99 99\ncpu0 1 1 1 1 1 1 1 1 1 1\n`;

describe('processors', () => {
  test('use and waiting for disks are those between two samples', async () => {
    const { probe, write } = await machine('cpu', { 'proc/stat': stat(1_000, 9_000, 500) });
    expect(await probe.sample()).toStrictEqual({ memory: 70 });
    await write({ 'proc/stat': stat(1_060, 9_030, 510) });
    expect(await probe.sample()).toStrictEqual({ cpu: 60, ioWait: 10, memory: 70 });
  });

  test('no time between two samples is not 0 %; a count that went back is', async () => {
    const { probe, write } = await machine('still', { 'proc/stat': stat(1_000, 9_000, 500) });
    await probe.sample();
    expect(await probe.sample()).toStrictEqual({ memory: 70 });
    await write({ 'proc/stat': stat(1_050, 9_060, 490) });
    expect(await probe.sample()).toMatchObject({ ioWait: 0 });
  });

  test('a line that is no line of numbers is left out, and the next sample has nothing to compare with', async () => {
    const { probe, write } = await machine('garbled', { 'proc/stat': 'cpu  1 2 three 4\n' });
    await probe.sample();
    await write({ 'proc/stat': stat(10, 90, 0) });
    expect(await probe.sample()).toStrictEqual({ memory: 70 });
    await write({ 'proc/stat': stat(20, 180, 0) });
    expect(await probe.sample()).toMatchObject({ cpu: 10 });
  });

  test('a quota counts, not the processors of the host', async () => {
    const cpu = (us: number): string => `usage_usec ${String(us)}\nuser_usec 1\n`;
    const { probe, write } = await machine('quota', {
      'proc/stat': stat(0, 0, 0),
      'proc/self/cgroup': '0::/\n',
      'cgroup/cpu.max': '1000 100000\n',
      'cgroup/cpu.stat': cpu(0),
    });
    await probe.sample();
    // A hundredth of a processor cannot have used an hour of one since: the host is idle, the container is not.
    await write({ 'proc/stat': stat(0, 1_000, 0), 'cgroup/cpu.stat': cpu(3_600_000_000) });
    expect(await probe.sample()).toMatchObject({ cpu: 100 });
    await write({ 'proc/stat': stat(0, 2_000, 0), 'cgroup/cpu.max': 'max 100000\n' });
    expect(await probe.sample()).toMatchObject({ cpu: 0 });
  });

  test("the library's first answer is left out: it is an average since the machine began", async () => {
    const probe = createSystemProbe({ platform: 'darwin', library: library() });
    expect(await probe.sample()).toStrictEqual({ memory: 70 });
    expect(await probe.sample()).toStrictEqual({ memory: 70, cpu: 25 });
  });
});

describe('memory', () => {
  const memory = async (name: string, files: Readonly<Record<string, string>>): Promise<number | undefined> => (await (await machine(name, files)).probe.sample()).memory;
  const group = (path: string, limit: string, current: string, stats = ''): Record<string, string> => ({
    [`cgroup/${path}memory.max`]: limit,
    [`cgroup/${path}memory.current`]: current,
    [`cgroup/${path}memory.stat`]: stats,
  });

  test("is the machine's where there is no limit", async () => {
    expect(await memory('no-groups', {})).toBe(70);
    expect(await memory('version-1', { 'proc/self/cgroup': '4:memory:/x\n', ...group('', mb(100), mb(90)) })).toBe(70);
    expect(await memory('unlimited', { 'proc/self/cgroup': '0::/\n', ...group('', 'max\n', mb(90)) })).toBe(70);
  });

  test("is the container's where it has one, without the files that are kept in memory", async () => {
    const stats = `anon 1\ninactive_file ${mb(20)}active_file ${mb(15)}slab_reclaimable ${mb(5)}`;
    expect(await memory('container', { 'proc/self/cgroup': '0::/\n', ...group('', mb(100), mb(90), stats) })).toBe(50);
    expect(await memory('all-files', { 'proc/self/cgroup': '0::/\n', ...group('', mb(100), mb(30), stats) })).toBe(0);
  });

  test('the fullest level counts, and a limit beyond the memory of the machine is none', async () => {
    const own = { 'proc/self/cgroup': '1:name=systemd:/\n0::/system.slice/tasks.service\n' };
    const levels = { ...own, ...group('system.slice/tasks.service/', mb(400), mb(100)), ...group('system.slice/', mb(500), mb(450)) };
    expect(await memory('levels', levels)).toBe(90);
    expect(await memory('beyond', { ...own, ...group('system.slice/tasks.service/', mb(2_000), mb(100)) })).toBe(70);
  });

  test('a path that leads out of what is mounted means the root of it', async () => {
    expect(await memory('outside', { 'proc/self/cgroup': '0::/../../other\n', ...group('', mb(100), mb(40)) })).toBe(40);
  });

  test("of a limit whose use is not told is not known: the machine's would be wrong", async () => {
    expect(await memory('untold', { 'proc/self/cgroup': '0::/\n', 'cgroup/memory.max': mb(100) })).toBeUndefined();
  });

  test.runIf(process.platform === 'linux')('of this machine is what the kernel says is not available', async () => {
    const text = await readFile('/proc/meminfo', 'utf8');
    const kb = (name: string): number => Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(text)?.[1]);
    const probe = createSystemProbe({ cgroups: join(root, 'nothing') });
    expect((await probe.sample()).memory).toBeCloseTo(100 * (1 - kb('MemAvailable') / kb('MemTotal')), -1);
  });
});

test('the library is loaded at the first sample, and not before', async () => {
  let loads = 0;
  const probe = createSystemProbe({
    library: () => {
      loads += 1;
      return library()();
    },
  });
  expect(loads).toBe(0);
  await probe.sample();
  expect(loads).toBeGreaterThan(0);
});
