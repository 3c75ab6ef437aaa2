/** Tasks that are in a later wave than their dependencies ask for, and what keeps them there. */
import type { PlannedWave } from '../../artifacts/waves.schema.ts';
import type { Dependency } from '../../artifacts/tasks.schema.ts';
import type { Shared } from './shared.ts';

export interface Deferral {
  readonly task: string;
  readonly wave: number;
  /** The first wave that its dependencies leave it. */
  readonly earliest: number;
  readonly because:
    | { readonly kind: 'resource'; readonly resource: string; readonly holders: readonly string[] }
    | { readonly kind: 'apart'; readonly from: readonly string[] }
    | { readonly kind: 'full' };
}

export interface Waved {
  readonly waves: readonly PlannedWave[];
  readonly maxWaveSize: number;
  /** Those that gate. */
  readonly gates: readonly Dependency[];
  readonly shared: readonly Shared[];
  /** Tasks that one must not run beside. */
  readonly apartOf: (task: string) => readonly string[];
}

/** What the wave has no room for, if the task came into it. */
const heldIn = (wave: PlannedWave, task: string, shared: readonly Shared[]): Deferral['because'] | undefined => {
  for (const { name, units, capacity } of shared) {
    const mine = units.get(task);
    if (mine === undefined) continue;
    const holders = wave.tasks.filter((id) => units.has(id));
    const used = holders.reduce((total, id) => total + (units.get(id) ?? 0), 0);
    if (used + mine > capacity) return { kind: 'resource', resource: name, holders };
  }
  return undefined;
};

const reason = (wave: PlannedWave, task: string, { shared, maxWaveSize, apartOf }: Waved): Deferral['because'] | undefined => {
  const held = heldIn(wave, task, shared);
  if (held) return held;
  const from = apartOf(task).filter((id) => wave.tasks.includes(id));
  if (from.length > 0) return { kind: 'apart', from };
  return wave.tasks.length >= maxWaveSize ? { kind: 'full' } : undefined;
};

/** In the order of waves. Those alone whose reason is known. */
export const deferrals = (waved: Waved): readonly Deferral[] => {
  const waveOf = new Map(waved.waves.flatMap(({ waveNumber, tasks }) => tasks.map((id) => [id, waveNumber] as const)));
  const byNumber = new Map(waved.waves.map((wave) => [wave.waveNumber, wave]));
  const earliest = new Map<string, number>();
  for (const { from, to } of waved.gates) earliest.set(to, Math.max(earliest.get(to) ?? 1, (waveOf.get(from) ?? 0) + 1));
  return waved.waves.flatMap(({ waveNumber, tasks }) =>
    tasks.flatMap((task): readonly Deferral[] => {
      const first = earliest.get(task) ?? 1;
      if (first >= waveNumber) return [];
      // The wave just before is the last that could not take it.
      const before = byNumber.get(waveNumber - 1);
      const because = before && reason(before, task, waved);
      return because ? [{ task, wave: waveNumber, earliest: first, because }] : [];
    }),
  );
};
