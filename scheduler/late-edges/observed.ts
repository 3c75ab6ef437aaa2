/** What an attempt was seen to change, held against what other tasks state. */
import type { AttemptResult } from '../../model/attempt.ts';
import type { Budget } from './budget.ts';
import type { FileIndex } from './file-index.ts';
import { Pattern } from './pattern.ts';
import type { Candidate } from './relations.ts';
import { compareCandidates } from './relations.ts';

/** Of one attempt. */
const MAX_SEEN = 200;

export const seenOf = ({ artifacts = [], touched = [] }: Pick<AttemptResult, 'artifacts' | 'touched'>): readonly string[] =>
  [...new Set([...artifacts.slice(0, MAX_SEEN).map(({ path }) => path), ...touched.slice(0, MAX_SEEN)])].slice(0, MAX_SEEN);

/**
 * Each pair once: who produces what the task has changed comes before it; who only reads it, after. What the task itself says that it
 * produces tells nothing new of the others that do.
 */
export const seenCandidates = (files: FileIndex, task: number, paths: readonly string[], budget: Budget): readonly Candidate[] => {
  const found = new Map<number, Candidate>();
  const patterns = paths.map((path) => Pattern.exactly(path));
  for (const pattern of patterns) {
    const products = [...files.products.above(pattern, budget)];
    if (products.some(({ tasks }) => tasks.has(task))) continue;
    for (const { pattern: product, tasks } of products) {
      for (const from of tasks) {
        if (budget.isOver) break;
        budget.pairs -= 1;
        if (from !== task && !found.has(from)) found.set(from, { from, to: task, because: { produces: product.text, touches: pattern.text }, isTie: false });
      }
    }
  }
  for (const pattern of patterns) {
    for (const { pattern: touch, tasks } of files.touches.above(pattern, budget)) {
      for (const to of tasks) {
        if (budget.isOver) break;
        budget.pairs -= 1;
        if (to !== task && !found.has(to)) found.set(to, { from: task, to, because: { produces: pattern.text, touches: touch.text }, isTie: false });
      }
    }
  }
  return [...found.values()].sort(compareCandidates);
};
