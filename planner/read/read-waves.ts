/** `waves.json`: the wave of each task, and the policies of waves. */
import type { DraftTask, Findings, PolicyChanges } from './draft.ts';
import { readEnvelope, top } from './envelope.ts';
import { present } from './optional.ts';
import { mapWave } from './read-policies.ts';
import type { SourceDocument } from './source.ts';
import { inside, problemAt } from './source.ts';
import { wavesSchema } from './waves.schema.ts';
import { counted, quote } from './words.ts';

export interface ReadWaves {
  readonly changes: PolicyChanges;
  readonly waveOf: ReadonlyMap<string, number>;
}

/** Waves say nothing of tasks that do not exist: one warning names how many they list all the same. */
const warnUnknown = (doc: SourceDocument, unknown: readonly string[], findings: Findings): void => {
  const [first] = unknown;
  if (first === undefined) return;
  const others = unknown.length > 1 ? ` and ${counted(unknown.length - 1, 'other')}` : '';
  findings.warnings.push(
    problemAt({
      code: 'TASKS1203',
      message: `the waves list ${quote(first)}${others}, which the plan does not have`,
      where: inside(top(doc), 'execution_models', 'wave_based', 'waves'),
    }),
  );
};

export const readWaves = (doc: SourceDocument, ids: ReadonlySet<string>, findings: Findings): ReadWaves | undefined => {
  const written = readEnvelope({ schema: wavesSchema, value: doc.value, where: top(doc), findings });
  if (!written) return undefined;
  const based = written.execution_models?.wave_based;
  const waves = based?.waves ?? [];
  const waveOf = new Map(waves.flatMap((wave) => wave.tasks.map((id) => [id, wave.waveNumber] as const)));
  warnUnknown(doc, [...waveOf.keys()].filter((id) => !ids.has(id)), findings);
  // The policy is one for all waves; where only the waves themselves state it, the first that does.
  const barrier = { ...waves.find((wave) => wave.barrier)?.barrier, ...based?.config?.barrier };
  const wave = mapWave({ ...barrier, max_wave_size: based?.config?.maxWaveSize });
  return {
    waveOf,
    changes: present({
      concurrencyMax: written.execution_models?.rolling_frontier?.config?.max_concurrent_tasks,
      wave: Object.keys(wave).length > 0 ? wave : undefined,
    }),
  };
};

export const withWaves = (tasks: readonly DraftTask[], waveOf: ReadWaves['waveOf']): readonly DraftTask[] =>
  tasks.map((task) => {
    const wave = waveOf.get(task.id);
    return wave === undefined ? task : { ...task, node: { ...task.node, wave } };
  });
