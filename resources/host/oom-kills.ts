/** How often the kernel has ended something for want of memory in the worker's control groups. */
import { join } from 'node:path';
import { cgroupsOf } from './cgroup.ts';
import { fieldOf, readText } from './read-file.ts';

/** Since the group began; undefined where there are no control groups of version 2. Only its own counts: those above it hold others too. */
export const oomKills = async (places = { proc: '/proc', cgroups: '/sys/fs/cgroup' }): Promise<number | undefined> => {
  const [own] = await cgroupsOf(places);
  if (own === undefined) return undefined;
  const events = await readText(join(own, 'memory.events'));
  return events === undefined ? undefined : fieldOf(events, 'oom_kill');
};
