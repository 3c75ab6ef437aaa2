/** What the ledger says of the artifacts that tasks have left: who wrote each, and what the last of them left. */
import type { ContentHash, TaskId } from '../model/ids.ts';
import { isAttemptLine } from '../model/ledger.ts';
import type { LedgerLine } from '../model/ledger.ts';

export interface RecordedArtifact {
  /** Relative to the workspace, with `/`. */
  readonly path: string;
  /** Undefined when the last to write it took it away. */
  readonly hash?: ContentHash;
  /** All that have written it, or had declared it and left it as it was. */
  readonly writers: ReadonlySet<TaskId>;
}

/** `lines` in the order of time, of one execution or of several that resume one another, the oldest first. */
export const recordedArtifacts = (lines: readonly LedgerLine[]): readonly RecordedArtifact[] => {
  const recorded = new Map<string, RecordedArtifact>();
  for (const line of lines) {
    if (!isAttemptLine(line)) continue;
    for (const { path, hash } of [...line.artifacts_changed, ...(line.artifacts_unchanged ?? [])]) {
      const writers = new Set([...(recorded.get(path)?.writers ?? []), line.task_id]);
      recorded.set(path, { path, ...(hash && { hash }), writers });
    }
  }
  return [...recorded.values()];
};
