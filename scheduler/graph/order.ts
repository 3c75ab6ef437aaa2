/** Orders of a graph given as predecessor lists: `preds[i]` holds the indices that come before `i`. */
export type Preds = readonly (readonly number[])[];

export interface Order {
  /** Every index that can be ordered, predecessors first; equal ones in the order of their index. */
  readonly order: readonly number[];
  /** Level of each index: 0 without predecessors, else one more than the highest of them; -1 on or behind a cycle. */
  readonly level: readonly number[];
  readonly acyclic: boolean;
}

export const successorsOf = (preds: Preds): readonly (readonly number[])[] => {
  const successors: number[][] = preds.map(() => []);
  for (const [to, list] of preds.entries()) for (const from of list) successors[from]?.push(to);
  return successors;
};

/** Kahn's algorithm, layer by layer: O(tasks + dependencies), no recursion. */
export const orderOf = (preds: Preds): Order => {
  const successors = successorsOf(preds);
  const missing = preds.map((list) => list.length);
  const level = preds.map(() => -1);
  const order: number[] = [];
  let layer = [...missing.keys()].filter((index) => missing[index] === 0);
  for (let depth = 0; layer.length > 0; depth += 1) {
    const next: number[] = [];
    for (const index of layer) {
      order.push(index);
      level[index] = depth;
      for (const successor of successors[index] ?? []) {
        const left = (missing[successor] ?? 0) - 1;
        missing[successor] = left;
        if (left === 0) next.push(successor);
      }
    }
    layer = next.sort((a, b) => a - b);
  }
  return { order, level, acyclic: order.length === preds.length };
};
