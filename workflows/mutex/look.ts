/** Looks on the server whether those who hold and those who wait are still there. */
import { control, LOOKING } from '../control.ts';
import type { Grant, LockDomain } from '../../resources/domain.ts';


/** Look-ups in one check, of holders and of waiters; more of them take turns. */
const MAX_CHECKED = 500;
/** More than a release is on its way when its execution has already asked anew. */
const FORGOTTEN_MS = 60_000;

/** Ids of requests that nobody will give back. */
export const lookForGone = (domain: LockDomain, check: number): Promise<readonly string[]> => {
  const asking = new Set(domain.waiters().map(taskOf));
  const isForgotten = ({ request, grantedAt }: Grant): boolean => Date.now() - grantedAt >= FORGOTTEN_MS && asking.has(taskOf(request));
  const holders = turnOf(domain.holders(), check).map((grant) => holderOf(grant, isForgotten(grant)));
  const waiters = turnOf(domain.waiters(), check).map(({ id, execution }) => ({ id, execution }));
  return control(LOOKING).goneRequests({ holders, waiters });
};

/** Nothing is done about them: what grants whole or not at all, and lets the younger give way, builds none. */
export const lookForDeadlocks = (): Promise<readonly (readonly string[])[]> => control(LOOKING).findDeadlocks();

/** The same of one grant. */
export const lookForHolder = (grant: Grant): Promise<readonly string[]> => control(LOOKING).goneRequests({ holders: [holderOf(grant, false)], waiters: [] });

const holderOf = ({ request: { id, holder, execution, graceMs } }: Grant, forgotten: boolean) => ({ id, holder, execution, graceMs, ...(forgotten && { forgotten }) });

const taskOf = ({ execution, task }: Grant['request']): string => `${execution}/${task}`;

const turnOf = <T>(all: readonly T[], check: number): readonly T[] => {
  const turns = Math.max(1, Math.ceil(all.length / MAX_CHECKED));
  const from = (check % turns) * MAX_CHECKED;
  return all.slice(from, from + MAX_CHECKED);
};
