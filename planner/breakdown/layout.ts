/** Where the files of tasks lie: where the code base has such files, else in the usual places. Patterns relative to the code base. */
import type { CodebaseAnalysis, Language } from '../codebase/analysis.ts';
import { slug } from '../wording/slug.ts';

const EXTENSIONS: Readonly<Record<Language, string>> = { typescript: 'ts', tsx: 'tsx', javascript: 'js', python: 'py', go: 'go', java: 'java', rust: 'rs', ruby: 'rb', html: 'html', css: 'css' };

/** Paths that a text names: with a slash and, at the end, an extension or a slash. */
const MENTIONED = /(?<![\w./:@-])((?:[\w.-]+\/)+(?:[\w.-]+\.[A-Za-z]\w{0,7}|(?=[\s`'")\],;]|$)))/g;
const MAX_MENTIONED = 10;

export class Layout {
  readonly #source: string;
  readonly #test: string;
  readonly #extension: string;
  readonly #isSnake: boolean;

  constructor({ sourceRoots, testRoots, languages }: Pick<CodebaseAnalysis, 'sourceRoots' | 'testRoots' | 'languages'>) {
    const language = languages.find(({ language: each }) => each !== 'html' && each !== 'css')?.language;
    this.#source = sourceRoots[0] ?? 'src';
    this.#test = testRoots[0] ?? 'test';
    this.#extension = language === undefined ? '*' : EXTENSIONS[language];
    this.#isSnake = language === 'python' || language === 'ruby' || language === 'go' || language === 'rust';
  }

  source(feature: string, name: string): string {
    return `${this.#inside(this.#source)}${this.#name(feature)}/${this.#name(slug(name, 'part'))}.${this.#extension}`;
  }

  tests(feature: string, name: string): string {
    return `${this.#inside(this.#test)}${this.#name(feature)}/${this.#name(slug(name, 'part'))}*`;
  }

  docs(feature: string): string {
    return `docs/${feature}.md`;
  }

  #inside(root: string): string {
    return root === '.' || root === '' ? '' : `${root}/`;
  }

  #name(text: string): string {
    return this.#isSnake ? text.replaceAll('-', '_') : text;
  }
}

/** Directories as patterns for what is in them. Never out of the code base. */
export const mentionedPaths = (text: string): readonly string[] => {
  const found: string[] = [];
  for (const [, path = ''] of text.matchAll(MENTIONED)) {
    const isInside = !path.split('/').includes('..') && !path.startsWith('/') && !/^(?:https?|and|or|\d+)\//i.test(path);
    const pattern = path.endsWith('/') ? `${path}**` : path;
    if (isInside && /[A-Za-z]/.test(path) && !found.includes(pattern)) found.push(pattern);
    if (found.length === MAX_MENTIONED) break;
  }
  return found;
};
