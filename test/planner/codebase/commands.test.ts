/** How a project is tested and built: what its manifests show, and nothing else. */
import { expect, test } from 'vitest';
import type { ProjectCommands } from '../../../planner/codebase/analysis.ts';
import { findCommands } from '../../../planner/codebase/commands/find-commands.ts';
import { readConfigs } from '../../../planner/codebase/configs/configs.ts';
import { project } from '../imports/project-rig.ts';
import type { Files } from '../imports/project-rig.ts';

const commands = async (files: Files): Promise<ProjectCommands> => {
  await using directory = await project(files);
  const paths = Object.keys(files).sort();
  return findCommands(readConfigs(directory.root, paths), paths);
};

const CASES: readonly (readonly [string, Files, ProjectCommands])[] = [
  [
    'scripts of npm, and the runner that they call',
    { 'package.json': { scripts: { test: 'vitest run', lint: 'eslint .', 'type-check': 'tsc', build: 'tsc -b' } } },
    { test: 'npm test', lint: 'npm run lint', typecheck: 'npm run type-check', build: 'npm run build', testOnly: 'npx vitest run {}' },
  ],
  ['pnpm and Jest', { 'package.json': { scripts: { test: 'jest' } }, 'pnpm-lock.yaml': '' }, { test: 'pnpm test', testOnly: 'pnpm exec jest {}' }],
  ['Yarn, by what package.json says', { 'package.json': { packageManager: 'yarn@4.0.0', scripts: { test: 'mocha' } } }, { test: 'yarn test', testOnly: 'yarn mocha {}' }],
  ["Node's own runner, with its flags", { 'package.json': { scripts: { test: 'node --import tsx --test' } } }, { test: 'npm test', testOnly: 'node --test {}' }],
  ['a script that tests nothing', { 'package.json': { scripts: { test: 'echo "Error: no test specified" && exit 1' } } }, {}],
  ['a runner that is declared, and called by another program', { 'package.json': { scripts: { test: 'turbo test' }, devDependencies: { vitest: '1' } } }, { test: 'npm test', testOnly: 'npx vitest run {}' }],
  ['pytest, ruff and mypy with uv', { 'pyproject.toml': '[tool.pytest.ini_options]\n[tool.ruff]\n[tool.mypy]\n', 'uv.lock': '' }, { test: 'uv run pytest', lint: 'uv run ruff check .', typecheck: 'uv run mypy .', testOnly: 'uv run pytest {}' }],
  ['pytest among the requirements', { 'requirements-dev.txt': 'pytest>=8\nflake8\n' }, { test: 'pytest', lint: 'flake8', testOnly: 'pytest {}' }],
  ['Django without pytest', { 'manage.py': '', 'requirements.txt': 'django\n' }, { test: 'python manage.py test', testOnly: 'python manage.py test {}' }],
  ['Go', { 'go.mod': 'module a', '.golangci.yml': '' }, { test: 'go test ./...', lint: 'golangci-lint run', build: 'go build ./...', testOnly: 'go test ./... -run {}' }],
  ['a workspace of Rust', { 'Cargo.toml': '[workspace]\nmembers = []\n[workspace.lints.clippy]\nall = "warn"\n' }, { test: 'cargo test --workspace', lint: 'cargo clippy --workspace -- -D warnings', typecheck: 'cargo check --workspace', build: 'cargo build --workspace', testOnly: 'cargo test --workspace {}' }],
  ['Maven with its wrapper', { 'pom.xml': '<project/>', mvnw: '' }, { test: './mvnw test', typecheck: './mvnw compile', build: './mvnw package', testOnly: './mvnw test -Dtest={}' }],
  ['Gradle', { 'build.gradle.kts': '' }, { test: 'gradle test', build: 'gradle build', testOnly: 'gradle test --tests {}' }],
  ['RSpec and RuboCop', { Gemfile: "gem 'rspec'\ngem 'rubocop'\n" }, { test: 'bundle exec rspec', lint: 'bundle exec rubocop', testOnly: 'bundle exec rspec {}' }],
  ['a Makefile comes before what a language does by itself', { Makefile: 'VAR := x\n.PHONY: test\ntest: deps\n\tgo test\nbuild:\n', 'go.mod': 'module a' }, { test: 'make test', build: 'make build', testOnly: 'go test ./... -run {}' }],
  ['the only directory with a manifest', { 'api/go.mod': 'module a', 'api/main.go': '' }, { test: 'cd api && go test ./...', build: 'cd api && go build ./...', testOnly: 'cd api && go test ./... -run {}' }],
  ['two directories with manifests: neither is the project', { 'api/go.mod': 'module a', 'web/package.json': { scripts: { test: 'x' } } }, {}],
  ['a directory that a shell would misread', { 'a b;c/go.mod': 'module a' }, {}],
  ['broken manifests', { 'package.json': '{"scripts": {"test": 3}, "packageManager": [],', 'pyproject.toml': '[[[' }, {}],
  ['nothing', {}, {}],
];

test.each(CASES)('%s', async (_name, files, expected) => {
  expect(await commands(files)).toEqual(expected);
});
