/**
 * One checkpoint as it is written: a line that begins with the hash of all that follows. A line that was cut off or
 * changed is told by that, and is nobody's state any more; the lines around it are.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { isCheckpointName } from '../../model/checkpoint.ts';
import { isContentHash, isExecutionId, isTaskId } from '../../model/ids.ts';
import type { ContentHash, ExecutionId, TaskId } from '../../model/ids.ts';

const percent = z.number().min(0).max(100);

const storedCheckpointSchema = z.object({
  schema: z.literal(1),
  execution: z.custom<ExecutionId>((value) => typeof value === 'string' && isExecutionId(value)),
  task: z.custom<TaskId>((value) => typeof value === 'string' && isTaskId(value)),
  attempt: z.int().min(1),
  n: z.int().min(1),
  name: z.string().refine(isCheckpointName),
  percent: percent.exactOptional(),
  at: z.number().min(0),
  rollbackCapable: z.literal(false).exactOptional(),
  /** Made when the attempt had succeeded. */
  final: z.literal(true).exactOptional(),
  /** Why nothing was kept of it. Written only where no way leads back to before it. */
  refused: z.string().exactOptional(),
  artifacts: z.array(
    z.object({
      /** Relative to the workspace, with `/`. */
      path: z.string().min(1),
      hash: z.custom<ContentHash>((value) => typeof value === 'string' && isContentHash(value)),
      bytes: z.int().min(0),
      /** Permission bits. */
      mode: z.int().min(0).max(0o777),
    }),
  ),
});

export type StoredCheckpoint = z.infer<typeof storedCheckpointSchema>;
export type StoredArtifact = StoredCheckpoint['artifacts'][number];

/** A line of a manifest: a checkpoint, or what is left of one. `name` is only to speak of it. */
export type ManifestEntry = { readonly ok: true; readonly checkpoint: StoredCheckpoint } | { readonly ok: false; readonly name: string; readonly reason: string };

const hashOf = (json: string): string => createHash('sha256').update(json).digest('hex');

export const manifestLine = (checkpoint: StoredCheckpoint): string => {
  const json = JSON.stringify(checkpoint);
  return `${hashOf(json)} ${json}\n`;
};

const NAME = /"name":"([A-Za-z0-9][A-Za-z0-9._-]{0,63})"/;

const readLine = (line: string): ManifestEntry => {
  const [hash = '', ...rest] = line.split(' ');
  const json = rest.join(' ');
  const bad = (reason: string): ManifestEntry => ({ ok: false, name: NAME.exec(json)?.[1] ?? '(unreadable)', reason });
  if (hash !== hashOf(json)) return bad('its line in the manifest is cut off or was changed');
  try {
    return { ok: true, checkpoint: storedCheckpointSchema.parse(JSON.parse(json)) };
  } catch {
    return bad('another version wrote it');
  }
};

/** In the order of the file: oldest first. */
export const readManifest = (text: string): readonly ManifestEntry[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map(readLine);
