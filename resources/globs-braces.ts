/** `{a,b}` spelled out: a glob becomes globs without braces. */

/** Beyond so many a group of braces stands for anything. */
const MAX_ALTERNATIVES = 64;

interface Group {
  readonly at: number;
  readonly end: number;
  readonly commas: readonly number[];
}

/** The group that opens at `at`; undefined when it is never closed. */
const groupAt = (glob: string, at: number): Group | undefined => {
  const commas: number[] = [];
  let depth = 0;
  for (let i = at; i < glob.length; i += 1) {
    const char = glob[i];
    if (char === '\\') i += 1;
    else if (char === '{') depth += 1;
    else if (char === ',' && depth === 1) commas.push(i);
    else if (char === '}') {
      depth -= 1;
      if (depth === 0) return { at, end: i, commas };
    }
  }
  return undefined;
};

/** What stands for a group that is not spelled out: anything, across directories if the group has any. */
const anything = (inner: string): readonly string[] => (inner.includes('/') ? ['*', '*/**/*'] : ['*']);

const alternativesOf = (glob: string, { at, end, commas }: Group): readonly string[] => {
  if (commas.length === 0) return anything(glob.slice(at + 1, end));
  const edges = [at, ...commas, end];
  return edges.slice(1).flatMap((edge, index) => expandBraces(glob.slice((edges[index] ?? at) + 1, edge)));
};

/**
 * At most {@link MAX_ALTERNATIVES}: a range (`{1..9}`) and a longer list match too much rather than too little.
 * As with picomatch, `{a}` and a brace without a partner are plain characters.
 */
export const expandBraces = (glob: string): readonly string[] => {
  for (let at = glob.indexOf('{'); at >= 0; at = glob.indexOf('{', at + 1)) {
    const group = glob[at - 1] === '\\' ? undefined : groupAt(glob, at);
    if (!group) continue;
    const inner = glob.slice(at + 1, group.end);
    if (group.commas.length === 0 && !inner.includes('..')) continue;
    const head = glob.slice(0, at);
    const tails = expandBraces(glob.slice(group.end + 1));
    const exact = alternativesOf(glob, group);
    const middles = exact.length * tails.length <= MAX_ALTERNATIVES ? exact : anything(inner);
    if (middles.length * tails.length > MAX_ALTERNATIVES) return ['**'];
    return middles.flatMap((middle) => tails.map((tail) => head + middle + tail));
  }
  return [glob];
};
