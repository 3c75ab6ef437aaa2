/** What code imports and no manifest declares. */
import type { Ecosystem, ImportUse } from './census.ts';
import { MAX_PLACES } from './limits.ts';

/**
 * `optional`: the program goes on without it. `unreached`: it stands in files that nothing imports. `types`: its
 * types are declared, and the import may be of them alone. `sibling`: another package of the project, which is linked
 * or on the path in any case. `guessed`: the distribution's name is not certain.
 */
export type Doubt = 'optional' | 'unreached' | 'types' | 'sibling' | 'guessed';

export interface ImportPlace {
  /** Relative to the root of the census. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Finding {
  readonly ecosystem: Ecosystem;
  /** Directory of the package that imports it, relative to the root. */
  readonly workspace: string;
  readonly package: string;
  /** What another package of the project declares for it. */
  readonly range?: string;
  readonly certainty: 'certain' | 'likely';
  /** Why it is only likely. */
  readonly doubt?: Doubt;
  /** Only tests, tools and types need it. */
  readonly dev: boolean;
  /** Nothing of it is needed when the code runs. */
  readonly typesOnly?: true;
  /** Imports of it that nothing declares. */
  readonly uses: number;
  /** The first few. */
  readonly places: readonly ImportPlace[];
}

export interface UndeclaredUse {
  readonly use: ImportUse;
  readonly package: string;
  readonly doubt?: Doubt | undefined;
}

/** One finding for each package: as certain as its most certain import. */
export const findingsOf = (ecosystem: Ecosystem, workspace: string, undeclared: readonly UndeclaredUse[], rangeOf: (name: string) => string | undefined): readonly Finding[] => {
  const byPackage = new Map<string, UndeclaredUse[]>();
  for (const one of undeclared) {
    const list = byPackage.get(one.package);
    if (list) list.push(one);
    else byPackage.set(one.package, [one]);
  }
  return [...byPackage]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, all]): Finding => {
      const certain = all.filter(({ doubt }) => doubt === undefined);
      const counting = certain.length > 0 ? certain : all;
      const doubt = certain.length > 0 ? undefined : all[0]?.doubt;
      const range = rangeOf(name);
      return {
        ecosystem,
        workspace,
        package: name,
        ...(range !== undefined && { range }),
        certainty: doubt === undefined ? 'certain' : 'likely',
        ...(doubt !== undefined && { doubt }),
        dev: counting.every(({ use }) => use.dev === true || use.kind === 'type'),
        ...(counting.every(({ use }) => use.kind === 'type') && { typesOnly: true }),
        uses: all.length,
        places: counting.slice(0, MAX_PLACES).map(({ use: { file, line, column } }) => ({ file, line, column })),
      };
    });
};

/** What the surroundings of an import make doubtful. */
export const doubtOf = ({ optional, unreached }: ImportUse): Doubt | undefined => {
  if (optional) return 'optional';
  return unreached ? 'unreached' : undefined;
};
