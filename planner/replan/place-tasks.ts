/** Where new tasks stand: behind the last one of their feature; those of new features at the end, feature by feature. */

/** What is there keeps its order. `items` begin with that; `isNew` of the others. */
export const placeTasks = <T extends { readonly id: string; readonly old?: unknown }>(items: readonly T[], featureOf: (item: T) => string): readonly T[] => {
  const placed = items.filter(({ old }) => old !== undefined);
  const last = new Map<string, number>();
  for (const [at, item] of placed.entries()) last.set(featureOf(item), at);
  const behind = new Map<number, T[]>();
  const end: T[] = [];
  for (const item of items) {
    if (item.old !== undefined) continue;
    const at = last.get(featureOf(item));
    const own = at === undefined ? end : (behind.get(at) ?? []);
    own.push(item);
    if (at !== undefined) behind.set(at, own);
  }
  return [...placed.flatMap((item, at) => [item, ...(behind.get(at) ?? [])]), ...end];
};
