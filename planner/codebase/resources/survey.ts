/** What the search for shared resources goes by. */
import type { SharedResource } from '../../artifacts/tasks.schema.ts';
import type { FoundResource } from '../analysis.ts';
import { byDepth } from '../configs/configs.ts';
import type { Configs } from '../configs/configs.ts';
import { MAX_PATHS } from '../limits.ts';
import { isAside } from '../product.ts';
import type { IsProduct } from '../product.ts';
import type { SourceFacts } from '../source/source-facts.ts';

export interface Survey {
  /** All files, sorted, without those of examples and fixtures. */
  readonly files: readonly string[];
  readonly configs: Configs;
  readonly isProduct: IsProduct;
  /** By path, sorted. */
  readonly facts: ReadonlyMap<string, SourceFacts>;
}

/** One of a kind, before it has a name of its own. */
export interface Candidate {
  /** Name of the kind, such as `database_migrations`. */
  readonly kind: string;
  /** The directory that tells it from others of its kind. */
  readonly home: string;
  readonly resource: SharedResource;
  readonly paths: readonly string[];
  readonly words: readonly string[];
}

export const surveyOf = ({ files, configs, isProduct, facts }: Survey): Survey => ({ files: files.filter((path) => !isAside(path)), configs, isProduct, facts: new Map([...facts].filter(([path]) => !isAside(path))) });

/** Files whose path from the root fits, the nearest to the top first. */
export const filesMatching = ({ files }: Survey, pattern: RegExp): readonly string[] => files.filter((path) => pattern.test(path)).sort(byDepth);

/** Everything below a directory. */
export const below = (directory: string): string => (directory === '.' ? '**' : `${directory}/**`);

/** A directory as a location. */
export const slash = (directory: string): string => (directory === '.' ? './' : `${directory}/`);

const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '').slice(0, 60);

/** The only one of a kind is called by it; several are told apart by where they lie. */
export const namedResources = (candidates: readonly Candidate[]): readonly FoundResource[] => {
  const kinds = new Map<string, number>();
  for (const { kind } of candidates) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  const taken = new Map<string, number>();
  const ordered = candidates.map((candidate, at) => ({ candidate, at })).sort((a, b) => compare(a.candidate.kind, b.candidate.kind) || compare(a.candidate.home, b.candidate.home) || compare(a.candidate.resource.location, b.candidate.resource.location) || a.at - b.at);
  return ordered
    .map(({ candidate: { kind, home, resource, paths, words } }) => {
      const place = slug(home);
      const wanted = (kinds.get(kind) ?? 0) > 1 ? `${kind}_${place === '' ? 'root' : place}` : kind;
      const times = (taken.get(wanted) ?? 0) + 1;
      taken.set(wanted, times);
      return { name: times === 1 ? wanted : `${wanted}_${String(times)}`, resource, paths: [...new Set(paths)].sort().slice(0, MAX_PATHS), words };
    })
    .sort((a, b) => compare(a.name, b.name));
};

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
