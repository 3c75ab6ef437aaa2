/** The resources that executions share, as their mutexes see them, and what an operator can do to them. */
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { isLockDomain, mutexWorkflowId, parseMutexWorkflowId } from '../model/ids.ts';
import { MUTEX_QUERY, MUTEX_UPDATE, OPEN_MUTEXES } from '../model/mutex.ts';
import type { ModifyResourceRequest, MutexView, ReleaseHolderRequest, ResourceView } from '../model/mutex.ts';
import { TasksError } from '../model/problem.ts';
import { DEFAULT_DOMAIN } from '../model/resource.ts';
import { isServerGone, requestProblems } from './failures.ts';

const ANSWER_MS = 10_000;

export interface ResourceOperations {
  /** Every lock domain that is in use, by name; of one domain only when it is named. */
  list(domain?: string): Promise<readonly MutexView[]>;
  /** Frees what a holder has, although it may still use it. Recorded with who and why. */
  release(request: ReleaseHolderRequest & { readonly domain?: string }): Promise<ResourceView>;
  /** Changes a capacity for all executions, until it is changed again. */
  modify(request: ModifyResourceRequest & { readonly domain?: string }): Promise<ResourceView>;
}

/** @throws TasksError TASKS3013 for what is not there, TASKS2007 when no worker answers, TASKS2001 without a server. */
export const resourceOperations = (client: Client): ResourceOperations => {
  const bounded = async <T>(domain: string, ask: () => Promise<T>): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + ANSWER_MS, ask);
    } catch (error) {
      throw translated(error, domain);
    }
  };
  const view = (domain: string): Promise<MutexView> => bounded(domain, () => client.workflow.getHandle(mutexWorkflowId(domain)).query<MutexView>(MUTEX_QUERY.state));
  const update = (name: string, { domain = DEFAULT_DOMAIN, ...request }: { readonly domain?: string }): Promise<ResourceView> =>
    bounded(known(domain), () => client.workflow.getHandle(mutexWorkflowId(domain)).executeUpdate<ResourceView, [unknown]>(name, { args: [request] }));
  return {
    list: async (domain) => {
      if (domain !== undefined) return [await view(known(domain))];
      const domains = new Set<string>();
      for await (const { workflowId } of client.workflow.list({ query: OPEN_MUTEXES })) {
        const name = parseMutexWorkflowId(workflowId);
        if (name !== undefined) domains.add(name);
      }
      return Promise.all([...domains].sort().map(view));
    },
    release: (request) => update(MUTEX_UPDATE.releaseHolder, request),
    modify: (request) => update(MUTEX_UPDATE.modifyResource, request),
  };
};

const known = (domain: string): string => {
  if (!isLockDomain(domain)) throw new TasksError({ code: 'TASKS3013', message: `${JSON.stringify(domain)} cannot be the name of a lock domain` });
  return domain;
};

const translated = (error: unknown, domain: string): unknown => {
  if (error instanceof WorkflowNotFoundError) {
    return new TasksError({ code: 'TASKS3013', message: `nobody has asked for a resource of the lock domain ${domain}`, hint: '`tasks resources` shows the domains there are.' }, { cause: error });
  }
  const problems = requestProblems(error);
  if (problems) return new TasksError(problems, { cause: error });
  if (isServerGone(error)) return new TasksError({ code: 'TASKS2007', message: `no worker answers for the lock domain ${domain}`, hint: '`tasks worker` starts one.' }, { cause: error });
  return error;
};
