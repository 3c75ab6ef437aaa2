/** The search attributes that executions carry: whether this namespace knows them, and if not, whether we may say so. */
import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { setTimeout as delay } from 'node:timers/promises';
import { SEARCH_ATTRIBUTE } from '../model/message.ts';

const NAMES: readonly string[] = Object.values(SEARCH_ATTRIBUTE);
/** A server notices a new attribute at the next refresh of its namespaces. */
const LIMIT_MS = 15_000;
const POLL_MS = 100;

/**
 * Registers `TasksPlan`, `TasksExecution`, `TasksTask` and `TasksState` where they are missing and we are allowed to.
 * Answers whether they can be used: a start with an attribute that the server does not know is refused. Never throws.
 */
export const ensureSearchAttributes = async (connection: Connection, namespace: string): Promise<boolean> => {
  if (await areUsable(connection, namespace)) return true;
  if (!(await register(connection, namespace))) return false;
  for (const until = Date.now() + LIMIT_MS; Date.now() < until; await delay(POLL_MS)) {
    if (await areUsable(connection, namespace)) return true;
  }
  return false;
};

/** By a search that uses them: needs no more than the right to list, and passes the same caches as a start. */
const areUsable = async (connection: Connection, namespace: string): Promise<boolean> => {
  const query = NAMES.map((name) => `${name} = 'x'`).join(' AND ');
  try {
    await connection.withDeadline(Date.now() + 5_000, () => connection.workflowService.listWorkflowExecutions({ namespace, query, pageSize: 1 }));
    return true;
  } catch {
    return false;
  }
};

const register = async (connection: Connection, namespace: string): Promise<boolean> => {
  try {
    await connection.withDeadline(Date.now() + 5_000, async () => {
      const known = await connection.operatorService.listSearchAttributes({ namespace });
      const missing = NAMES.filter((name) => !Object.hasOwn(known.customAttributes ?? {}, name));
      const type = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
      const searchAttributes = Object.fromEntries(missing.map((name) => [name, type]));
      if (missing.length > 0) await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    });
    return true;
  } catch {
    return false;
  }
};
