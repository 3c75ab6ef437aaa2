/** What a plan that goes on (`tasks replan`) has from documents before this one: it stands as it was done, and is not held to the new one. */
import { META_NAME } from '../artifacts/bundle.ts';
import { at, member, textOf, texts } from './item.ts';
import type { V3View } from './view.ts';

export interface FinishedBefore {
  readonly tasks: ReadonlySet<string>;
  /** Features of which every task is such a one. */
  readonly features: ReadonlySet<string>;
}

export const finishedBefore = (view: V3View): FinishedBefore => {
  const tasks = new Set(texts(at(view.file(META_NAME), 'replan', 'finished')).map(({ text }) => text));
  const features = new Set<string>();
  const open = new Set<string>();
  if (tasks.size > 0) {
    for (const task of view.tasks) (tasks.has(textOf(member(task, 'id')) ?? '') ? features : open).add(textOf(member(task, 'feature_id')) ?? '');
  }
  return { tasks, features: new Set([...features].filter((id) => !open.has(id))) };
};
