/** What the parts of a plan say of failures and their repair, as one: merged by name, references checked. */
import { DEFAULT_BREAKERS } from '../../model/breaker.ts';
import type { Breaker } from '../../model/breaker.ts';
import type { FailureRule, Healing, Playbook } from '../../model/healing.ts';
import { ERROR_POLICY } from '../../model/self-heal.ts';
import type { Findings } from '../read/draft.ts';
import { present } from '../read/optional.ts';
import type { Where } from '../read/source.ts';
import { inside, problemAt } from '../read/source.ts';
import { didYouMean, quote } from '../read/words.ts';
import { PLAIN_ACTIONS } from './breakers.schema.ts';
import type { WrittenBreaker, WrittenBreakers } from './breakers.schema.ts';
import { BUILT_IN_PLAYBOOKS } from './built-in.ts';
import type { WrittenFailureRules } from './failure-rules.schema.ts';
import { mapBreaker, triggerType } from './map-breaker.ts';
import { mapPlaybook } from './map-playbook.ts';
import type { WrittenPlaybook } from './playbooks.schema.ts';

export interface BreakerEntry {
  readonly name: string;
  readonly written: WrittenBreaker;
  readonly where: Where;
}

/** What one part of a plan says; of several the later ones win, by name, and of a breaker member by member. */
export interface HealingDraft {
  readonly breakers: readonly BreakerEntry[];
  readonly playbooks: readonly Playbook[];
  readonly rules: readonly FailureRule[];
}

export const breakerEntries = (written: WrittenBreakers, where: Where): readonly BreakerEntry[] =>
  Array.isArray(written)
    ? written.map(({ name, ...rest }, at) => ({ name, written: rest, where: inside(where, at) }))
    : Object.entries(written).map(([name, one]) => ({ name, written: one, where: inside(where, name) }));

export const playbooksOf = (written: Readonly<Record<string, WrittenPlaybook>>): readonly Playbook[] => Object.entries(written).map(([name, one]) => mapPlaybook(name, one));

export const rulesOf = (written: WrittenFailureRules): readonly FailureRule[] =>
  written.map(({ name, match, class: is, kind }, at) => ({
    name: name ?? `plan-${at + 1}`,
    class: is,
    ...present({
      reasons: match.reason === undefined ? undefined : [match.reason].flat(),
      exitCodes: match.exit_code === undefined ? undefined : [match.exit_code].flat(),
      signals: match.signal === undefined ? undefined : [match.signal].flat(),
      pattern: match.message_regex,
      kind,
    }),
  }));

/** One breaker, as all parts of a plan have it. */
interface MergedEntry extends BreakerEntry {
  /** Where a member is stated. */
  readonly at: (member: string) => Where;
}

const mergedEntries = (entries: readonly BreakerEntry[]): ReadonlyMap<string, MergedEntry> => {
  const merged = new Map<string, MergedEntry>();
  for (const entry of entries) {
    const { name, written, where } = entry;
    const earlier = merged.get(name);
    const at = (member: string): Where => (earlier && !Object.hasOwn(written, member) ? earlier.at(member) : inside(where, member));
    merged.set(name, { name, where, at, written: { ...earlier?.written, ...written } });
  }
  return merged;
};

/** Members that only one kind of trigger or action takes: elsewhere they would be read and ignored. */
const misplaced = (entry: BreakerEntry, breaker: Breaker): readonly string[] => {
  const { written } = entry;
  const type = triggerType(entry.name, written);
  const counts = type === 'match' || type === 'similar_errors';
  const allowed: Readonly<Record<string, boolean>> = {
    match: counts,
    threshold: counts,
    window: counts || type === 'error_rate',
    similarity: type === 'similar_errors',
    factor: type === 'time_overrun',
    failure_threshold: type === 'error_rate',
    reduce_concurrency_at: type === 'error_rate',
    minimum: type === 'error_rate',
    scope: type !== 'error_rate',
    task: breaker.action.type === 'inject_task',
    command: breaker.action.type === 'replan',
    pause: breaker.action.type === 'throttle',
    every: breaker.action.type === 'throttle' && type !== 'error_rate',
  };
  return Object.keys(written).filter((key) => allowed[key] === false);
};

const checkBreaker = (entry: MergedEntry, breaker: Breaker, options: { readonly playbooks: ReadonlySet<string>; readonly findings: Findings }): void => {
  const { playbooks, findings } = options;
  const { name, written, where, at } = entry;
  const report = (message: string, place: Where, hint?: string): void => {
    findings.problems.push(problemAt({ code: 'TASKS1217', message: `the breaker ${quote(name)} ${message}`, where: place, hint }));
  };
  const { action, on } = breaker;
  if (name === ERROR_POLICY) report('has a name that is taken', where, 'Error policies are told under it: choose another one.');
  if (action.type === 'playbook' && !playbooks.has(action.playbook)) {
    const known = [...playbooks, ...PLAIN_ACTIONS];
    report(`has an action that is no playbook: ${quote(action.playbook)}`, at('action'), didYouMean(action.playbook, known) ?? `There are: ${known.join(', ')}.`);
  }
  if (action.type === 'inject_task' && written.task === undefined) report('injects a task and does not say which', where, 'Give it a "task".');
  if (action.type === 'replan' && written.command === undefined) report('asks for another plan and does not say whom', where, 'Give it a "command" that writes a hot update to the file $TASKS_PATCH_FILE.');
  if (on.type === 'match' && on.pattern === name && written.match?.message_regex === undefined) report('does not say what it matches', where, 'Give it match.message_regex or match.pattern.');
  if (on.type === 'error_rate' && action.type !== 'throttle') report(`cannot ${action.type}: too many failures hold back starts`, at('action'), 'Leave the action out.');
  if (on.type === 'time_overrun' && !['diagnose', 'report', 'pause', 'escalate'].includes(action.type)) report(`cannot ${action.type} a task that runs`, at('action'), 'Choose diagnose, report, pause or escalate.');
  if (action.type === 'diagnose' && on.type !== 'time_overrun' && on.type !== 'similar_errors' && on.type !== 'match') report('has nothing to diagnose', at('action'));
  for (const key of misplaced(entry, breaker)) report(`has a ${quote(key)} that means nothing for it`, at(key), `It is a breaker of the kind ${on.type} with the action ${action.type}.`);
};

export interface CompiledHealing {
  readonly breakers: readonly Breaker[];
  /** For the stored plan; undefined where the plan says nothing. */
  readonly healing: Healing | undefined;
  /** Workers must read it to judge failures. */
  readonly hasFailureRules: boolean;
}

const byName = <T extends { readonly name: string }>(...lists: readonly (readonly T[])[]): ReadonlyMap<string, T> => new Map(lists.flat().map((one) => [one.name, one]));

const nonEmpty = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined);

export const compileHealing = (draft: HealingDraft | undefined, findings: Findings): CompiledHealing => {
  if (!draft) return { breakers: DEFAULT_BREAKERS, healing: undefined, hasFailureRules: false };
  const own = byName(draft.playbooks);
  const playbooks = new Set([...BUILT_IN_PLAYBOOKS.map(({ name }) => name), ...own.keys()]);
  const entries = mergedEntries(draft.breakers);
  const breakers = byName(DEFAULT_BREAKERS) as Map<string, Breaker>;
  for (const entry of entries.values()) {
    const breaker = mapBreaker(entry.name, entry.written, playbooks);
    checkBreaker(entry, breaker, { playbooks, findings });
    if (entry.written.enabled === false) breakers.delete(entry.name);
    else breakers.set(entry.name, breaker);
  }
  const live = [...entries.values()].filter(({ name }) => breakers.has(name));
  const patterns = live.flatMap(({ name, written }) => (written.match?.message_regex === undefined ? [] : [{ name, pattern: written.match.message_regex }]));
  const tasks = live.flatMap(({ name, written }) => {
    if (written.task) return [{ breaker: name, task: written.task }];
    return written.command === undefined ? [] : [{ breaker: name, task: { cmd: written.command } }];
  });
  const healing = present({ rules: nonEmpty(draft.rules), patterns: nonEmpty(patterns), playbooks: nonEmpty([...own.values()]), tasks: nonEmpty(tasks) });
  return {
    breakers: [...breakers.values()],
    healing: Object.keys(healing).length > 0 ? healing : undefined,
    hasFailureRules: draft.rules.length > 0 || patterns.length > 0,
  };
};
