/**
 * Finds and ends what a lost attempt left running. A process is only touched when it is certainly the one
 * meant: it carries the attempt's token in its environment, or it is the leader of the group with the recorded
 * start time. A recycled process id passes neither. Where there is no `/proc` nothing is found.
 */
import { hasVariable, listPids, readStat } from './proc.ts';
import { endGroup } from './process-group.ts';

/** The variable that marks every process of one attempt. */
export const RUN_VARIABLE = 'TASKS_ATTEMPT_RUN';

export interface StraysRequest {
  readonly token: string;
  /** Unknown when the launcher died before it could tell. */
  readonly group?: number | undefined;
  readonly startTime?: string | undefined;
  readonly graceMs: number;
}

const findStrays = ({ token, group, startTime }: StraysRequest): { readonly groups: readonly number[]; readonly pids: readonly number[] } => {
  const groups = new Set<number>();
  const pids: number[] = [];
  for (const pid of listPids()) {
    const stat = readStat(pid);
    if (!stat || stat.state === 'Z' || pid === process.pid) continue;
    const isLeader = pid === group && startTime !== undefined && stat.startTime === startTime;
    const isMarked = hasVariable({ pid, name: RUN_VARIABLE, value: token }) === true;
    if (!isLeader && !isMarked) continue;
    // A marked leader's group is the attempt's own; of any other group only the marked process is.
    if (stat.group === group || stat.group === pid) groups.add(stat.group);
    else pids.push(pid);
  }
  return { groups: [...groups], pids };
};

export const endStrays = async (request: StraysRequest): Promise<void> => {
  const { groups, pids } = findStrays(request);
  await Promise.all(groups.map((group) => endGroup({ group, graceMs: request.graceMs })));
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended meanwhile.
    }
  }
};
