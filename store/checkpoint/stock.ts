/** What is there of an execution's checkpoints, for who asks. */
import { readdir, stat } from 'node:fs/promises';
import type { ExecutionId, TaskId } from '../../model/ids.ts';
import { hasBlob } from './blobs.ts';
import { executionDirectory, taskOfManifest } from './layout.ts';
import { entriesOf } from './manifests.ts';

export interface StockItem {
  readonly task: TaskId;
  readonly attempt: number;
  readonly n: number;
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  /** A content is missing or cut short, or nothing was kept. Whether all of them are what they were is only known once they are read. */
  readonly isWhole: boolean;
}

export interface Stock {
  /** The directory is on this machine. */
  readonly isHere: boolean;
  readonly items: readonly StockItem[];
  /** Lines of manifests that cannot be read any more. */
  readonly damaged: readonly { readonly task: TaskId; readonly name: string; readonly reason: string }[];
}

export const stockOf = async (directory: string, execution: ExecutionId): Promise<Stock> => {
  const isHere = await stat(directory).then((found) => found.isDirectory(), () => false);
  const names = await readdir(executionDirectory(directory, execution)).catch(() => []);
  const items: StockItem[] = [];
  const damaged: { readonly task: TaskId; readonly name: string; readonly reason: string }[] = [];
  for (const file of names) {
    const task = taskOfManifest(file);
    if (task === undefined) continue;
    for (const entry of await entriesOf({ directory, execution, task })) {
      if (!entry.ok) {
        damaged.push({ task, name: entry.name, reason: entry.reason });
        continue;
      }
      const { attempt, n, name, artifacts, refused } = entry.checkpoint;
      let isWhole = refused === undefined;
      for (const artifact of artifacts) isWhole &&= await hasBlob(directory, artifact);
      items.push({ task, attempt, n, name, files: artifacts.length, bytes: artifacts.reduce((sum, { bytes }) => sum + bytes, 0), isWhole });
    }
  }
  return { isHere, items, damaged };
};
