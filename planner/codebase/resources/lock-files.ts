/** Lock files of package managers: whoever adds a package writes all of one. */
import { directoryOf, joined } from '../../imports/project/paths.ts';
import type { Candidate, Survey } from './survey.ts';

/** File, package manager, its manifest. */
const LOCKS: readonly (readonly [string, string, string])[] = [
  ['package-lock.json', 'npm', 'package.json'],
  ['npm-shrinkwrap.json', 'npm', 'package.json'],
  ['yarn.lock', 'yarn', 'package.json'],
  ['pnpm-lock.yaml', 'pnpm', 'package.json'],
  ['bun.lock', 'bun', 'package.json'],
  ['bun.lockb', 'bun', 'package.json'],
  ['deno.lock', 'deno', 'deno.json'],
  ['poetry.lock', 'poetry', 'pyproject.toml'],
  ['uv.lock', 'uv', 'pyproject.toml'],
  ['pdm.lock', 'pdm', 'pyproject.toml'],
  ['Pipfile.lock', 'pipenv', 'Pipfile'],
  ['Cargo.lock', 'cargo', 'Cargo.toml'],
  ['go.sum', 'go', 'go.mod'],
  ['Gemfile.lock', 'bundler', 'Gemfile'],
  ['composer.lock', 'composer', 'composer.json'],
  ['gradle.lockfile', 'gradle', 'build.gradle'],
  ['packages.lock.json', 'nuget', 'packages.config'],
  ['mix.lock', 'mix', 'mix.exs'],
  ['Package.resolved', 'swift', 'Package.swift'],
  ['pubspec.lock', 'pub', 'pubspec.yaml'],
];
const BY_NAME = new Map(LOCKS.map((lock) => [lock[0], lock]));

export const findLockFiles = ({ files }: Survey): readonly Candidate[] => {
  const exists = new Set(files);
  return files.flatMap((file) => {
    const lock = BY_NAME.get(file.slice(file.lastIndexOf('/') + 1));
    if (!lock) return [];
    const [name, manager, manifestName] = lock;
    const manifest = joined(directoryOf(file), manifestName);
    return [
      {
        kind: `lock_file_${manager}`,
        home: directoryOf(file),
        resource: { type: 'exclusive', location: file, constraint: 'one_writer_at_a_time', reason: `${manager} writes all of ${name} anew when a package is added or changed, and two versions of it cannot be merged by hand` },
        paths: [file, ...(exists.has(manifest) ? [manifest] : [])],
        words: ['lock file', 'lockfile', name.toLowerCase(), manifestName.toLowerCase(), 'add dependency', 'new dependency', 'upgrade dependencies', `${manager} install`],
      },
    ];
  });
};
