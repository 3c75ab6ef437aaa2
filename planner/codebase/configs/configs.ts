/** Manifests, pipelines and settings of a code base: read once, and parsed when somebody asks. */
import { hash } from 'node:crypto';
import { basename, join } from 'node:path';
import { MAX_CONFIG_BYTES, MAX_CONFIGS } from '../limits.ts';
import { readBounded, utf8 } from '../read-bounded.ts';
import { isAside } from '../product.ts';
import { NO_DATA } from './data.ts';
import type { Data } from './data.ts';
import { parseConfig } from './parse-config.ts';

const NAMES = new Set(
  'package.json go.mod Cargo.toml pyproject.toml setup.cfg tox.ini pytest.ini mypy.ini Pipfile Gemfile pom.xml Makefile makefile GNUmakefile pnpm-workspace.yaml lerna.json .mocharc.json .mocharc.yml .mocharc.yaml jest.config.json .gitlab-ci.yml database.yml azure-pipelines.yml bitbucket-pipelines.yml clippy.toml'.split(' '),
);
const PATTERNS = [/(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/, /(?:^|\/)\.circleci\/config\.ya?ml$/, /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/, /(?:^|\/)[^/]*requirements[^/]*\.txt$/, /(?:^|\/)build\.gradle(?:\.kts)?$/];
export const isConfig = (path: string): boolean => NAMES.has(basename(path)) || PATTERNS.some((pattern) => pattern.test(path));

export interface Configs {
  /** Paths of those with this name, the nearest to the top first, without those of examples and fixtures. */
  named(name: string): readonly string[];
  matching(pattern: RegExp): readonly string[];
  /** Empty when there is no such file. */
  text(path: string): string;
  data(path: string): Data;
  readonly hashes: ReadonlyMap<string, string>;
  /** What could not be read or parsed, of what was asked for until now. */
  faults(): readonly { readonly file: string; readonly message: string }[];
}

/** The nearest to the top first. */
export const byDepth = (a: string, b: string): number => a.split('/').length - b.split('/').length || (a < b ? -1 : 1);

export const readConfigs = (root: string, files: readonly string[]): Configs => {
  const texts = new Map<string, string>();
  const hashes = new Map<string, string>();
  const faults = new Map<string, string>();
  const parsed = new Map<string, Data>();
  const wanted = files.filter((path) => isConfig(path)).sort(byDepth);
  for (const file of wanted.slice(0, MAX_CONFIGS)) {
    const read = readBounded(join(root, file), MAX_CONFIG_BYTES);
    if ('fault' in read) {
      faults.set(file, read.fault);
      continue;
    }
    hashes.set(file, hash('sha256', read.bytes));
    const text = utf8(read.bytes);
    if (text === undefined) faults.set(file, 'it is not UTF-8 text');
    else texts.set(file, text);
  }
  for (const file of wanted.slice(MAX_CONFIGS)) faults.set(file, `there are more than ${MAX_CONFIGS} manifests and settings`);
  const own = [...texts.keys()].filter((path) => !isAside(path));
  return {
    named: (name) => own.filter((path) => basename(path) === name),
    matching: (pattern) => own.filter((path) => pattern.test(path)),
    text: (path) => texts.get(path) ?? '',
    data: (path) => {
      const known = parsed.get(path);
      if (known) return known;
      const text = texts.get(path);
      const { data, fault } = text === undefined ? { data: NO_DATA, fault: undefined } : parseConfig(path, text);
      if (fault !== undefined) faults.set(path, fault);
      parsed.set(path, data);
      return data;
    },
    hashes,
    faults: () => [...faults].map(([file, message]) => ({ file, message })),
  };
};
