/** What must be known of a hot update before it can be parsed. */
import { isObject } from './shape.ts';

/** The tasks that it would change, as it came, from anybody: their present parts go into the patch. Each once. */
export const tasksToUpdate = (payload: unknown): readonly string[] => {
  const items: readonly unknown[] = Array.isArray(payload) ? payload : [payload];
  const ids = items.flatMap((item) => (isObject(item) && item['op'] === 'update_task' && typeof item['task'] === 'string' ? [item['task']] : []));
  return [...new Set(ids)];
};
