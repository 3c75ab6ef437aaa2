/** Sentinels: checks of the whole tree at the end of a level of the graph. */
import type { Findings } from '../read/draft.ts';
import { inside, problemAt } from '../read/source.ts';
import { hold, place, templateOf, worksOf } from './growing.ts';
import type { Growing } from './growing.ts';
import { levelsOf } from './levels.ts';
import type { Levels } from './levels.ts';
import type { SentinelChanges } from './map-sentinels.ts';

/** Levels that have sentinels, in order. */
const watched = (levels: readonly number[], at: NonNullable<SentinelChanges['at']>): readonly number[] =>
  'levels' in at ? levels.filter((level) => at.levels.includes(level)) : levels.filter((_, position) => (position + 1) % at.every === 0);

const warnUnwatched = (levels: readonly number[], chosen: readonly number[], { at, where }: SentinelChanges, findings: Findings): void => {
  const missing = at && 'levels' in at ? at.levels.filter((level) => !levels.includes(level)) : [];
  if (missing.length === 0 && chosen.length > 0) return;
  const message = missing.length > 0 ? `sentinels: the plan has no level ${missing.join(', ')}` : 'sentinels: the plan has fewer levels than are passed over, and gets none';
  findings.warnings.push(problemAt({ code: 'TASKS1007', message, where: inside(where, 'at'), hint: `Its levels are ${levels[0] ?? 0} to ${levels.at(-1) ?? 0}.` }));
};

/** Of the tasks on these levels those that no other of them waits for: when they are done, all of them are. */
const lastOf = (members: ReadonlySet<number>, hard: Growing['hard']): readonly number[] => {
  const passed = new Set([...members].flatMap((index) => hard[index] ?? []));
  return [...members].filter((index) => !passed.has(index));
};

const levelsIn = (graph: Growing, works: readonly number[], byWave: boolean): { readonly levels: Levels; readonly levelOf: ReadonlyMap<number, number> } => {
  const at = new Map(works.map((index, position) => [index, position]));
  const among = (list: readonly number[] = []): readonly number[] => list.flatMap((pred) => at.get(pred) ?? []);
  const preds = works.map((index) => [...among(graph.hard[index]), ...among(graph.soft[index])]);
  const waves = works.flatMap((index) => graph.tasks[index]?.node.wave ?? []);
  const levels = levelsOf(preds, byWave && waves.length === works.length ? waves : undefined);
  return { levels, levelOf: new Map(works.map((index, position) => [index, levels.of[position] ?? 0])) };
};

/** The plan's work in parts, each in order: up to the end of the first chosen level, from there to the next one, and what is behind the last. */
const between = (chosen: readonly number[], all: readonly number[], levelOf: ReadonlyMap<number, number>): readonly (readonly number[])[] => {
  const partOf = new Map<number, number>();
  let part = 0;
  for (const level of all) {
    while (level > (chosen[part] ?? Infinity)) part += 1;
    partOf.set(level, part);
  }
  const parts: number[][] = Array.from({ length: chosen.length + 1 }, () => []);
  for (const [index, level] of levelOf) parts[partOf.get(level) ?? 0]?.push(index);
  return parts;
};

/**
 * A sentinel runs when all of its level and of the levels since the sentinel before it have succeeded. One that
 * blocks has everything deeper wait for it; of those that do not, each comes after the one before it, however that
 * ended. After the last level there is nothing to hold.
 */
export const insertSentinels = (graph: Growing, changes: SentinelChanges, options: { readonly byWave: boolean; readonly findings: Findings }): void => {
  const { looks = [], at = { every: 1 }, blocking = true } = changes;
  const { byWave, findings } = options;
  const templates = looks.flatMap((look) => {
    const template = templateOf(look, 'sentinel', findings);
    return template ? [{ name: look.name, template, last: undefined as number | undefined }] : [];
  });
  const works = worksOf(graph);
  const { levels, levelOf } = levelsIn(graph, works, byWave);
  const all = [...new Set(levels.of)].sort((a, b) => a - b);
  const chosen = watched(all, at);
  warnUnwatched(all, chosen, changes, findings);
  const parts = between(chosen, all, levelOf);
  for (const [position, level] of chosen.entries()) {
    const last = lastOf(new Set(parts[position]), graph.hard);
    // Where another one follows, it is that one which holds what lies behind it.
    const behind = new Set(parts[position + 1]);
    const word = levels.kind === 'D' ? 'depth' : 'wave';
    for (const each of templates) {
      const softlyAfter = blocking || each.last === undefined ? [] : [each.last];
      const index = place(graph, each.template, { id: `SENTINEL.${levels.kind}${level}.${each.name}`, title: `${each.name} after ${word} ${level}`, after: last, softlyAfter }, findings);
      each.last = index ?? each.last;
      if (blocking && index !== undefined) hold(graph, behind, index);
    }
  }
};
