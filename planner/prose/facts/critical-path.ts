/** The longest chain of tasks: no execution ends sooner, however many workers there are. */

/** Hours by task: those alone are looked at. @returns undefined when the edges close a cycle. */
export const criticalHours = (hours: ReadonlyMap<string, number>, edges: readonly { readonly from: string; readonly to: string }[]): number | undefined => {
  const after = new Map<string, string[]>();
  const open = new Map([...hours.keys()].map((id) => [id, 0]));
  for (const { from, to } of edges) {
    if (!hours.has(from) || !hours.has(to)) continue;
    const list = after.get(from);
    if (list) list.push(to);
    else after.set(from, [to]);
    open.set(to, (open.get(to) ?? 0) + 1);
  }
  const starts = new Map<string, number>();
  const ready = [...open].filter(([, count]) => count === 0).map(([id]) => id);
  let longest = 0;
  let done = 0;
  for (const id of ready) {
    done += 1;
    const end = (starts.get(id) ?? 0) + (hours.get(id) ?? 0);
    longest = Math.max(longest, end);
    for (const next of after.get(id) ?? []) {
      starts.set(next, Math.max(starts.get(next) ?? 0, end));
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      if (left === 0) ready.push(next);
    }
  }
  return done === hours.size ? longest : undefined;
};
