/** TASKS1314: nodes that may run beside each other do not write the same files. */
import type { Graph, Ask } from '../../../model/graph.ts';
import type { Resource } from '../../../model/resource.ts';
import { beforeOf } from '../../../scheduler/graph/ancestors.ts';
import type { Preds } from '../../../scheduler/graph/order.ts';
import { fileScopes, ScopeIndex } from '../../resources/file-scopes.ts';
import type { FileScope } from '../../resources/file-scopes.ts';
import { MAX_STEPS } from '../../resources/file-asks.ts';
import { placeOf } from '../../read/source.ts';
import type { Where } from '../../read/source.ts';
import { quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import { findingAt } from '../finding.ts';

const CODE = 'TASKS1314';
const MAX_FINDINGS = 100;
/** Pairs of writers that are looked at: some seconds at most. */
const MAX_PAIRS = 20_000_000;

export interface Writer {
  readonly id: string;
  /** Its place in the graph. */
  readonly index: number;
  readonly writes: readonly string[];
  readonly where: Where;
  /** What it asks for besides those files. */
  readonly asks: readonly Ask[];
  /** Conflicts of its that the plan says how to resolve. */
  readonly resolved?: readonly string[];
}

/** Whether they cannot both have what they ask for at once: a conflict group, a phase that one has to itself, a lock, a mutual exclusion. */
const areApart = (one: Writer, other: Writer, resources: ReadonlyMap<string, Resource>): boolean =>
  one.resolved?.some((name) => other.resolved?.includes(name)) ||
  one.asks.some((mine) => {
    const theirs = other.asks.find(({ resource }) => resource === mine.resource);
    const resource = theirs && resources.get(mine.resource);
    if (!resource) return false;
    return resource.mode === 'exclusive' ? mine.access === 'write' || theirs.access === 'write' : mine.units + theirs.units > resource.capacity;
  });

/** Pairs of patterns that can match one path, each once; a pattern that several write meets itself. */
function* meetings(scopes: readonly FileScope[]): Generator<readonly [FileScope, FileScope]> {
  const index = new ScopeIndex(scopes);
  let steps = 0;
  for (const scope of scopes) {
    yield [scope, scope];
    for (const other of index.meeting(scope, (more) => (steps += more))) if (other.index > scope.index) yield [scope, other];
    if (steps > MAX_STEPS) return;
  }
}

const overlap = (one: Writer, other: Writer, [mine, theirs]: readonly [FileScope, FileScope]): Finding => {
  const files = mine === theirs ? quote(mine.name) : `${quote(mine.name)} and ${quote(theirs.name)}`;
  return findingAt({
    code: CODE,
    message: `${quote(one.id)} and ${quote(other.id)} may run beside each other, and both write ${files}`,
    where: one.where,
    hint: 'Let one depend on the other, give both one conflict_group, or let them write other files.',
    related: [{ message: `${quote(other.id)} writes there, too`, place: placeOf(other.where) }],
  });
};

/** Hard and soft dependencies alike are waited for. One finding for each two nodes. */
export const overlappingWrites = (writers: readonly Writer[], graph: Graph): readonly Finding[] => {
  const preds: Preds = graph.tasks.map(({ deps = [], soft = [] }) => [...deps, ...soft]);
  const resources = new Map((graph.resources ?? []).map((resource) => [resource.name, resource]));
  const isBefore = beforeOf(preds, writers.map(({ index }) => index));
  const found: Finding[] = [];
  const said = new Set<string>();
  let pairs = 0;
  for (const meeting of meetings(fileScopes(writers.map(({ writes }) => ({ exclusions: { writes } }))))) {
    for (const first of meeting[0].writers) {
      for (const second of meeting[1].writers) {
        pairs += 1;
        const [one, other] = [writers[Math.min(first, second)], writers[Math.max(first, second)]];
        if (pairs > MAX_PAIRS || found.length >= MAX_FINDINGS) return found;
        if (!one || !other || one === other || said.has(`${one.index} ${other.index}`)) continue;
        if (areApart(one, other, resources) || isBefore(one.index, other.index) || isBefore(other.index, one.index)) continue;
        said.add(`${one.index} ${other.index}`);
        found.push(overlap(one, other, meeting));
      }
    }
  }
  return found;
};
