/** TASKS1311: the waves of `waves.json` hold every task once, none before what it depends on; its frontier is that of the graph. */
import { META_NAME } from '../../artifacts/bundle.ts';
import { quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import type { Item } from '../item.ts';
import { at, elements, entries, member, numberOf, textOf, texts } from '../item.ts';
import type { Rule } from '../rule.ts';
import type { V3View } from '../view.ts';
import { CODE, leftOut, reference, twice, unknownNames } from './unknown-names.ts';

const PLACE = 'waves.json';

const waveFindings = (view: V3View, based: Item): readonly Finding[] => {
  const { graph } = view;
  const waves = elements(member(based, 'waves'));
  const names = waves.flatMap((wave) => texts(member(wave, 'tasks')));
  const waveOf = new Map(waves.flatMap((wave, place) => texts(member(wave, 'tasks')).map(({ text }) => [text, place] as const)));
  const early = graph.edges.filter(({ gates, from, to }) => {
    const [first, second] = [waveOf.get(graph.ids[from] ?? ''), waveOf.get(graph.ids[to] ?? '')];
    return gates && first !== undefined && second !== undefined && first >= second;
  });
  const [worst] = early;
  const most = numberOf(at(based, 'config', 'maxWaveSize')) ?? Infinity;
  const total = member(based, 'total_waves');
  return [
    ...unknownNames({ names, known: graph.index, kind: 'task', place: 'a wave' }),
    ...twice({ names, place: 'the list of waves' }),
    ...leftOut({ ids: graph.ids, listed: new Set(waveOf.keys()), place: 'the list of waves', where: member(based, 'waves').where }),
    ...(worst
      ? [reference(`${quote(graph.ids[worst.to] ?? '')} is in wave ${(waveOf.get(graph.ids[worst.to] ?? '') ?? 0) + 1}, no later than ${quote(graph.ids[worst.from] ?? '')}, on which it depends${early.length > 1 ? `; ${early.length - 1} more` : ''}`, member(based, 'waves').where)]
      : []),
    ...waves.filter((wave) => elements(member(wave, 'tasks')).length > most).map((wave) => reference(`a wave has ${elements(member(wave, 'tasks')).length} tasks, more than maxWaveSize`, member(wave, 'tasks').where)),
    ...waves.filter((wave, place) => numberOf(member(wave, 'waveNumber')) !== place + 1).map((wave) => reference('waves are numbered from 1 on, in order', member(wave, 'waveNumber').where)),
    ...(numberOf(total) !== undefined && numberOf(total) !== waves.length ? [reference(`total_waves is ${numberOf(total)}, and there are ${waves.length}`, total.where)] : []),
  ];
};

const frontierFindings = (view: V3View, rolling: Item): readonly Finding[] => {
  const { graph } = view;
  const frontier = texts(member(rolling, 'initial_frontier'));
  const snapshots = entries(member(rolling, 'execution_simulation')).flatMap(([, moment]) => ['running', 'ready', 'blocked', 'completed'].flatMap((key) => texts(member(moment, key))));
  const waiting = frontier.filter(({ text }) => (graph.hard[graph.index.get(text) ?? -1] ?? []).length > 0);
  return [
    ...unknownNames({ names: [...frontier, ...snapshots], known: graph.index, kind: 'task', place: PLACE }),
    ...waiting.map(({ text, where }) => reference(`${quote(text)} is in the initial frontier, and waits for others`, where)),
  ];
};

export const waveReferences: Rule = {
  code: CODE,
  check: (view) => {
    if (!view.documents.has(PLACE)) return [];
    const models = at(view.file(PLACE), 'execution_models');
    const [id, other] = [at(view.file(PLACE), 'planId'), at(view.file(META_NAME), 'planId')];
    const isAnother = textOf(id) !== undefined && textOf(other) !== undefined && textOf(id) !== textOf(other);
    return [
      ...waveFindings(view, member(models, 'wave_based')),
      ...frontierFindings(view, member(models, 'rolling_frontier')),
      ...(isAnother ? [reference(`the waves are those of ${quote(textOf(id) ?? '')}, and this plan is ${quote(textOf(other) ?? '')}`, id.where)] : []),
    ];
  },
};
