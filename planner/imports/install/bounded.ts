/** Asks many things at once, but not all of them. Answers in the order of the questions. */
export const bounded = async <T, R>(items: readonly T[], width: number, ask: (item: T) => Promise<R>): Promise<readonly R[]> => {
  const answers = new Map<number, R>();
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [at, item] of queue) answers.set(at, await ask(item));
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
  return [...answers].sort(([a], [b]) => a - b).map(([, answer]) => answer);
};
