/** A code base in few words: its shape, and those of its symbols that the document may be about. */
import type { CodebaseAnalysis, CodeSymbol } from '../codebase/analysis.ts';
import { counted } from '../read/words.ts';
import { contentWords } from '../wording/content-words.ts';

export const MAX_SYMBOLS = 400;
const MAX_NAMES = 100;
const MAX_RESOURCES = 40;
const MAX_TEXT = 200;

export interface DescribedCodebase {
  readonly languages: readonly string[];
  readonly sourceRoots: readonly string[];
  readonly testRoots: readonly string[];
  /** What its own manifests say; nothing else may be a command check. */
  readonly commands: Readonly<Record<string, string>>;
  /** `name (kind, file:line)` */
  readonly symbols: readonly string[];
  readonly extensionPoints: readonly string[];
  readonly components: readonly string[];
  /** Things that tasks take turns at: found by the planner, for information. */
  readonly resources: readonly string[];
}

export interface DescribeCodebaseOptions {
  readonly codebase: CodebaseAnalysis;
  /** Texts that say which symbols matter. */
  readonly about: readonly string[];
  readonly clean: (text: string) => string;
}

export const describeCodebase = ({ codebase, about, clean }: DescribeCodebaseOptions): { readonly codebase: DescribedCodebase; readonly cut: readonly string[] } => {
  const short = (text: string): string => clean(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);
  const names = (list: readonly string[]): readonly string[] => list.slice(0, MAX_NAMES).map(short);
  const symbols = likeliest(codebase, about);
  const all = codebase.symbols.filter(({ isExported }) => isExported).length;
  return {
    codebase: {
      languages: codebase.languages.map(({ language, files }) => `${language}: ${counted(files, 'file')}`),
      sourceRoots: names(codebase.sourceRoots),
      testRoots: names(codebase.testRoots),
      commands: Object.fromEntries(Object.entries(codebase.commands).flatMap(([name, command]) => (command === undefined ? [] : [[name, short(command)]]))),
      symbols: symbols.map(({ name, kind, file, line }) => short(`${name} (${kind}, ${file}:${line})`)),
      extensionPoints: names(codebase.extensionPoints),
      components: names(codebase.components),
      resources: codebase.resources.slice(0, MAX_RESOURCES).map(({ name, resource }) => short(`${name}: ${resource.type}, ${resource.location}`)),
    },
    cut: [
      ...(all > symbols.length ? [`${counted(all - symbols.length, 'exported symbol')} of ${all} left out: those whose names the document speaks of least`] : []),
      ...(codebase.resources.length > MAX_RESOURCES ? [`${counted(codebase.resources.length - MAX_RESOURCES, 'shared resource')} left out`] : []),
    ],
  };
};

/** By how many words of their names are words of the texts, then by how much the code base itself uses them; sorted by place. */
const likeliest = ({ symbols, existingApis, extensionPoints, components }: CodebaseAnalysis, about: readonly string[]): readonly CodeSymbol[] => {
  const exported = symbols.filter(({ isExported }) => isExported);
  if (exported.length <= MAX_SYMBOLS) return exported;
  const words = new Set(about.flatMap(contentWords));
  const known = new Set([...extensionPoints, ...components]);
  const use = new Map(existingApis.map((name, at) => [name, at]));
  const rated = exported.map((symbol, at) => ({
    symbol,
    at,
    score: contentWords(symbol.name).filter((word) => words.has(word)).length * 2 + (known.has(symbol.name) ? 1 : 0),
    use: use.get(symbol.name) ?? existingApis.length,
  }));
  return rated
    .sort((a, b) => b.score - a.score || a.use - b.use || a.at - b.at)
    .slice(0, MAX_SYMBOLS)
    .sort((a, b) => a.at - b.at)
    .map(({ symbol }) => symbol);
};
