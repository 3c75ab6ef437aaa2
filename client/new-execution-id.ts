/** Ids of executions that nobody has named. */
import { randomBytes } from 'node:crypto';
import { isExecutionId } from '../model/ids.ts';
import type { ExecutionId } from '../model/ids.ts';

/** `<plan name>-<UTC time>-<random>`: sorts by time, and two starts in one second do not meet. */
export const newExecutionId = (name: string): ExecutionId => {
  const plain = name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '').slice(0, 60) || 'execution';
  const time = new Date().toISOString().replace(/[-:]/g, '').replace(/\..*$/, '').replace('T', '-');
  const id = `${plain}-${time}-${randomBytes(3).toString('hex')}`;
  if (!isExecutionId(id)) throw new Error(`made an execution id that is none: ${id}`);
  return id;
};
