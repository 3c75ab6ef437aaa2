/**
 * Grammars that are no part of ast-grep. Languages can be registered once in a process, so all of them are when the
 * first is needed. Each is a library of the machine's own kind: where there is none for it, the others do.
 */
import { registerDynamicLanguage } from '@ast-grep/napi';

const GRAMMARS = {
  python: () => import('@ast-grep/lang-python'),
  go: () => import('@ast-grep/lang-go'),
  java: () => import('@ast-grep/lang-java'),
  rust: () => import('@ast-grep/lang-rust'),
  ruby: () => import('@ast-grep/lang-ruby'),
};

let registering: Promise<ReadonlySet<string>> | undefined;

const register = async (): Promise<ReadonlySet<string>> => {
  const found = await Promise.all(
    Object.entries(GRAMMARS).map(async ([name, load]) => {
      try {
        const { default: grammar } = await load();
        // Reading it looks for the library.
        return grammar.libraryPath === '' ? [] : [[name, grammar] as const];
      } catch {
        return [];
      }
    }),
  );
  const grammars = Object.fromEntries(found.flat());
  registerDynamicLanguage(grammars);
  return new Set(Object.keys(grammars));
};

/** @throws Error when there is no parser for this machine. */
export const registered = async (language: string): Promise<string> => {
  if (!(await (registering ??= register())).has(language)) throw new Error(`there is no parser of ${language} for this machine`);
  return language;
};
