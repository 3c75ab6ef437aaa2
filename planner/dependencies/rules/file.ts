/** Who reads a file waits for the task that makes it. */
import { isPlain, scopeKey } from '../../../resources/path-patterns.ts';
import { byInfrastructure, byRule } from '../cite.ts';
import type { Context, Step } from '../context.ts';
import type { Rule, RuleSet } from '../rule.ts';

const MADE: Rule = {
  id: 'file-made',
  type: 'infrastructure',
  confidence: 0.95,
  isHard: true,
  says: 'A task that reads a file that is not there yet waits for the first task that writes it',
  example: '`src/storage.ts` in `files_scope.reads` of one, in `writes` of another',
};
const CHANGED: Rule = {
  id: 'file-changed',
  type: 'sequential',
  confidence: 0.7,
  isHard: false,
  says: 'A task that reads a file that is there had better follow the last task before it in plan order that changes it',
  example: '`src/config.ts` exists, is changed by one and read by another',
};

/** By its path; patterns say where a task looks about, not what it needs. */
const writersOf = ({ steps }: Context): ReadonlyMap<string, readonly Step[]> => {
  const writers = new Map<string, Step[]>();
  for (const step of steps) {
    for (const path of new Set((step.task.files_scope?.writes ?? []).filter(isPlain).map(scopeKey))) {
      const list = writers.get(path);
      if (list) list.push(step);
      else writers.set(path, [step]);
    }
  }
  return writers;
};

/** The last of an ascending list that comes before an index. */
const lastBefore = (list: readonly Step[], index: number): Step | undefined => {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.index ?? 0) < index) low = middle + 1;
    else high = middle;
  }
  return list[low - 1];
};

export const fileRules: RuleSet = {
  rules: [MADE, CHANGED],
  *find(context) {
    const writers = writersOf(context);
    for (const to of context.steps) {
      const own = new Set((to.task.files_scope?.writes ?? []).map(scopeKey));
      for (const path of new Set((to.task.files_scope?.reads ?? []).map(scopeKey))) {
        const list = writers.get(path);
        if (!list || own.has(path)) continue;
        const isThere = context.files.has(path);
        const from = isThere ? lastBefore(list, to.index) : list[0];
        if (!from || from === to) continue;
        const rule = isThere ? CHANGED : MADE;
        const evidence = isThere ? byRule(rule, `${from.id} writes ${path}`) : byInfrastructure(`${path} is not there before ${from.id} writes it`, rule.confidence);
        yield { from: from.index, to: to.index, rule, reason: `${to.id} reads ${path}, which ${from.id} ${isThere ? 'changes' : 'makes'}`, evidence: [evidence] };
      }
    }
  },
};
