/** Packages that a build did not find, by what Node, TypeScript, Python and the usual bundlers print. */

/** Each with the specifier as its first group. */
const PATTERNS: readonly RegExp[] = [
  /cannot find (?:module|package) ['"]([^'"\n]{1,214})['"]/giu,
  /can(?:'|no)t resolve ['"]([^'"\n]{1,214})['"]/giu,
  /could not resolve ["']([^'"\n]{1,214})["']/giu,
  /failed to resolve import ["']([^'"\n]{1,214})["']/giu,
  /\bModuleNotFoundError: no module named ['"]([^'"\n]{1,214})['"]/giu,
];
const PYTHON = /ModuleNotFoundError/iu;
const NPM_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]{0,100}\/)?[a-z0-9~_][a-z0-9._~-]{0,200}$/u;
const PYTHON_NAME = /^[A-Za-z_]\w{0,100}$/u;

export interface MissingModule {
  readonly ecosystem: 'npm' | 'python';
  /** Of the package, not of a file in it. */
  readonly name: string;
}

/** The package of a specifier; undefined for paths, built-in modules and what cannot be a name. */
const packageOf = (specifier: string, ecosystem: MissingModule['ecosystem']): string | undefined => {
  if (ecosystem === 'python') {
    const [first = ''] = specifier.split('.');
    return PYTHON_NAME.test(first) ? first : undefined;
  }
  if (/^[./#~]|:/u.test(specifier)) return undefined;
  const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  return NPM_NAME.test(name) ? name : undefined;
};

/** Each once, in the order in which they were missed. The text is whatever a command printed. */
export const missingModules = (output: string): readonly MissingModule[] => {
  const found = new Map<string, MissingModule & { readonly at: number }>();
  for (const pattern of PATTERNS) {
    for (const match of output.matchAll(pattern)) {
      const ecosystem = PYTHON.test(match[0]) ? 'python' : 'npm';
      const name = packageOf(match[1] ?? '', ecosystem);
      const key = `${ecosystem} ${name}`;
      if (name !== undefined && !found.has(key)) found.set(key, { ecosystem, name, at: match.index });
    }
  }
  return [...found.values()].toSorted((a, b) => a.at - b.at).map(({ ecosystem, name }) => ({ ecosystem, name }));
};
