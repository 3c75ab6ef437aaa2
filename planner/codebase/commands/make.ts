/** Targets of a Makefile. */
import type { ProjectCommands } from '../analysis.ts';
import type { Place } from './find-commands.ts';

type Kind = 'test' | 'lint' | 'typecheck' | 'build';

const TARGETS: readonly (readonly [Kind, readonly string[]])[] = [
  ['test', ['test', 'tests', 'check']],
  ['lint', ['lint']],
  ['typecheck', ['typecheck', 'type-check', 'types', 'mypy']],
  ['build', ['build', 'all']],
];

export const makeCommands = ({ configs, path, has }: Place): ProjectCommands => {
  const file = ['GNUmakefile', 'makefile', 'Makefile'].find(has);
  if (file === undefined) return {};
  const targets = new Set<string>();
  for (const line of configs.text(path(file)).split('\n')) {
    // A rule begins its line; `:=` assigns.
    const names = /^([\w.-][\w. -]{0,200}?)\s{0,20}:(?![:=])/.exec(line)?.[1];
    for (const name of names?.split(' ') ?? []) targets.add(name);
  }
  return Object.fromEntries(
    TARGETS.flatMap(([kind, names]) => {
      const name = names.find((one) => targets.has(one));
      return name === undefined ? [] : [[kind, `make ${name}`]];
    }),
  );
};
