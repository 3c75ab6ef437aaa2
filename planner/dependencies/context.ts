/** What the rules look things up in, made once: tasks by their place in the plan, by feature, by requirement, by word. */
import type { Feature } from '../artifacts/features.schema.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { CodebaseAnalysis, CodeSymbol } from '../codebase/analysis.ts';
import type { SpecDocument } from '../document/document.ts';
import type { Requirements, RequirementUnit } from '../requirements/unit.ts';
import { parseInterface, producersOf } from './producers.ts';
import type { Producers } from './producers.ts';
import type { Role } from './roles.ts';
import { roleOf } from './roles.ts';
import { wordsOf } from './words.ts';

export interface DependencyInput {
  /** In plan order. */
  readonly tasks: readonly PlannedTask[];
  readonly features: readonly Feature[];
  readonly requirements: Requirements;
  readonly document: SpecDocument;
  readonly codebase: CodebaseAnalysis;
}

/** A task and what is known of it. */
export interface Step {
  /** Its place in the plan's order. */
  readonly index: number;
  readonly id: string;
  readonly task: PlannedTask;
  readonly role: Role;
  readonly units: readonly RequirementUnit[];
  readonly unitIds: ReadonlySet<string>;
  readonly titleWords: readonly string[];
  /** Of its title and its requirements. */
  readonly words: ReadonlySet<string>;
  /** Base names of the interfaces it produces and consumes. */
  readonly interfaces: ReadonlySet<string>;
}

export interface Context extends DependencyInput {
  readonly steps: readonly Step[];
  /** Steps of each feature, in plan order; features in the order in which the plan comes to them. */
  readonly byFeature: ReadonlyMap<string, readonly Step[]>;
  /** Steps that cite a requirement, by its id. */
  readonly byUnit: ReadonlyMap<string, readonly Step[]>;
  readonly byWord: ReadonlyMap<string, readonly Step[]>;
  readonly producers: Producers;
  /** Symbols of the code base by {@link InterfaceName.key}: the first of each. */
  readonly symbols: ReadonlyMap<string, CodeSymbol>;
  readonly files: ReadonlySet<string>;
  /** Words that say something, of a requirement. */
  readonly wordsIn: (unit: RequirementUnit) => ReadonlySet<string>;
}

/** Of more requirements only the first count as words of a task. */
const MAX_UNITS = 20;

const addTo = <K, V>(map: Map<K, V[]>, key: K, value: V): void => {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
};

export const contextOf = (input: DependencyInput): Context => {
  const units = new Map(input.requirements.units.map((unit) => [unit.id, unit]));
  const wordsOfUnit = new Map<string, ReadonlySet<string>>();
  const wordsIn = (unit: RequirementUnit): ReadonlySet<string> => {
    const words = wordsOfUnit.get(unit.id) ?? new Set(wordsOf(unit.text));
    wordsOfUnit.set(unit.id, words);
    return words;
  };
  const steps = input.tasks.map((task, index): Step => {
    const mine = [...new Set(task.requirements)].flatMap((id) => units.get(id) ?? []);
    const titleWords = wordsOf(task.title);
    return {
      index,
      id: task.id,
      task,
      role: roleOf(task),
      units: mine,
      unitIds: new Set(mine.map(({ id }) => id)),
      titleWords,
      words: new Set([...titleWords, ...mine.slice(0, MAX_UNITS).flatMap((unit) => [...wordsIn(unit)])]),
      interfaces: new Set([...task.interfaces_produced, ...task.interfaces_consumed].map((text) => parseInterface(text).key)),
    };
  });
  const byFeature = new Map<string, Step[]>();
  const byUnit = new Map<string, Step[]>();
  const byWord = new Map<string, Step[]>();
  for (const step of steps) {
    addTo(byFeature, step.task.feature_id, step);
    for (const { id } of step.units) addTo(byUnit, id, step);
    for (const word of step.words) addTo(byWord, word, step);
  }
  const symbols = new Map<string, CodeSymbol>();
  for (const symbol of input.codebase.symbols) {
    const { key } = parseInterface(symbol.name);
    if (!symbols.has(key)) symbols.set(key, symbol);
  }
  return { ...input, steps, wordsIn, byFeature, byUnit, byWord, producers: producersOf(input.tasks), symbols, files: new Set(input.codebase.files) };
};

/** Whether two steps serve a requirement, or speak of an interface, in common. */
const meet = (one: ReadonlySet<string>, other: ReadonlySet<string>): boolean => {
  const [few, many] = one.size < other.size ? [one, other] : [other, one];
  for (const each of few) if (many.has(each)) return true;
  return false;
};

export const share = (one: Step, other: Step): boolean => meet(one.interfaces, other.interfaces) || meet(one.unitIds, other.unitIds);
