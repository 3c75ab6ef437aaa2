/** What tasks have to take turns at, by the files that show it. */
import { describe, expect, test } from 'vitest';
import type { CodebaseAnalysis } from '../../../planner/codebase/analysis.ts';
import { analysis, resources } from './codebase-rig.ts';

const resource = ({ resources: found }: CodebaseAnalysis, name: string) => found.find((one) => one.name === name) ?? expect.fail(`no ${name} among ${found.map((one) => one.name).join(', ')}`);

const MIGRATIONS: readonly (readonly [string, Readonly<Record<string, string>>, string, readonly string[]])[] = [
  ['Prisma', { 'prisma/schema.prisma': '', 'prisma/migrations/20240101_init/migration.sql': '' }, 'prisma/migrations/', ['prisma/migrations/**', 'prisma/schema.prisma']],
  ['Alembic', { 'alembic.ini': '', 'alembic/env.py': '', 'alembic/versions/ab12_users.py': '' }, 'alembic/versions/', ['alembic.ini', 'alembic/versions/**']],
  ['Rails', { 'db/migrate/20240101120000_create_users.rb': '', 'db/schema.rb': '' }, 'db/migrate/', ['db/migrate/**', 'db/schema.rb']],
  ['Flyway', { 'src/main/resources/db/migration/V1__init.sql': '' }, 'src/main/resources/db/migration/', ['src/main/resources/db/migration/**']],
  ['Knex', { 'migrations/20240101120000_users.js': '' }, 'migrations/', ['migrations/**']],
  ['TypeORM', { 'src/migrations/1700000000000-Users.ts': '' }, 'src/migrations/', ['src/migrations/**']],
  ['goose and sqlx', { 'db/migrations/00001_users.sql': '' }, 'db/migrations/', ['db/migrations/**']],
  ['Django', { 'manage.py': '', 'shop/migrations/0001_initial.py': '', 'users/migrations/0001_initial.py': '' }, './', ['shop/migrations/**', 'users/migrations/**']],
  ['classes of Active Record', { 'engine/changes/users.rb': 'class AddUsers < ActiveRecord::Migration[7.1]\nend' }, 'engine/changes/', ['engine/changes/**']],
];

test.each(MIGRATIONS)('migrations: %s', async (_name, files, location, paths) => {
  const { resource: found, paths: own } = resource(await analysis(files), 'database_migrations');
  expect(found).toMatchObject({ type: 'exclusive', constraint: 'sequential_only', location });
  expect(own).toEqual(paths);
});

test('several of a kind are told apart by where they lie', async () => {
  const found = await analysis({ 'billing/migrations/0001_a.sql': '', 'users/migrations/0001_a.sql': '', 'package-lock.json': '{}', 'web/package-lock.json': '{}', 'examples/x/package-lock.json': '{}' });
  expect(resources(found)).toEqual([
    'database_migrations_billing_migrations exclusive billing/migrations/',
    'database_migrations_users_migrations exclusive users/migrations/',
    'lock_file_npm_root exclusive package-lock.json',
    'lock_file_npm_web exclusive web/package-lock.json',
  ]);
});

test('a directory of that name with anything else in it is none', async () => {
  expect(resources(await analysis({ 'src/migrations/index.ts': 'export const a = 1;', 'docs/migrations/0001_a.sql': '', 'versions/a.py': '' }))).toEqual([]);
});

describe('pipelines that deploy', () => {
  test('GitHub: jobs with an environment, or by their name; others are none', async () => {
    const found = await analysis({
      '.github/workflows/ci.yml': 'jobs:\n  test:\n    steps:\n      - run: npm test\n',
      '.github/workflows/release.yml': 'jobs:\n  build: {}\n  rollout:\n    environment: { name: staging }\n    steps: []\n  deploy-prod:\n    environment: production\n',
    });
    const pipeline = resource(found, 'deployment_pipeline');
    expect(pipeline).toMatchObject({ resource: { type: 'exclusive', constraint: 'one_at_a_time', location: '.github/workflows/release.yml' }, paths: ['.github/workflows/release.yml'] });
    expect(pipeline.resource.reason).toContain('rollout, deploy-prod of GitHub Actions, to production, staging');
    expect(pipeline.words).toEqual(expect.arrayContaining(['deploy', 'staging']));
  });

  test.each([
    ['GitLab', { '.gitlab-ci.yml': 'stages: [test, deploy]\nunit:\n  stage: test\nship:\n  stage: deploy\n  environment: live\n' }, '.gitlab-ci.yml'],
    ['CircleCI', { '.circleci/config.yml': 'jobs:\n  test: {}\n  deploy: {}\n' }, '.circleci/config.yml'],
    ['Jenkins', { Jenkinsfile: 'pipeline {}' }, 'Jenkinsfile'],
    ['programs', { 'ci/deploy/staging.sh': '', 'ci/deploy/live.sh': '' }, 'ci/deploy/'],
    ['a Procfile', { Procfile: 'web: node .' }, 'Procfile'],
    ['Fly', { 'fly.toml': '' }, 'fly.toml'],
    ['Vercel', { 'vercel.json': '{}' }, 'vercel.json'],
  ] as const)('%s', async (_name, files, location) => {
    expect(resource(await analysis(files), 'deployment_pipeline').resource.location).toBe(location);
  });

  test('a pipeline that only tests is none', async () => {
    expect(resources(await analysis({ '.gitlab-ci.yml': 'unit:\n  stage: test\n', '.circleci/config.yml': 'jobs:\n  test: {}\n' }))).toEqual([]);
  });

  test('state of Terraform, and manifests of a cluster', async () => {
    expect(resources(await analysis({ 'infra/main.tf': '', 'infra/net/main.tf': '', 'k8s/base/api.yaml': 'kind: Deployment' }))).toEqual(['kubernetes_manifests exclusive k8s/base/', 'terraform_state exclusive infra/']);
  });
});

test('files of the environment, and the modules that read it', async () => {
  const found = await analysis({
    '.env.example': 'PORT=1',
    'src/config.ts': 'export const port = process.env.PORT; export const dsn = process.env.DSN;',
    'src/other.ts': 'export const a = process.env.A;',
    'src/config/names.ts': 'export const a = 1;',
  });
  expect(resources(found)).toEqual(['configuration exclusive src/config.ts', 'environment_variables exclusive .env.example']);
  expect(resource(found, 'configuration').resource.reason).toContain('2 environment variables (PORT, DSN)');
});

test('generated files, by what they say and by their names, with what they are made of', async () => {
  const found = await analysis({
    'api/openapitools.json': '{}',
    'api/generated/client.ts': '/* @generated */\nexport const a = 1;',
    'api/generated/models.ts': 'export const b = 1;',
    'proto/shop_pb2.py': '# Generated by the protocol buffer compiler.  DO NOT EDIT!\n',
    'src/main.ts': 'export const c = 1;',
  });
  expect(resources(found)).toEqual(['generated_files_api_generated exclusive api/generated/', 'generated_files_proto exclusive proto/shop_pb2.py']);
  expect(resource(found, 'generated_files_api_generated').paths).toEqual(['api/generated/**', 'api/openapitools.json']);
});

test('lock files of every package manager, with the manifest beside them', async () => {
  const found = await analysis({ 'Cargo.lock': '', 'Cargo.toml': '', 'go.sum': '', 'poetry.lock': '', 'pnpm-lock.yaml': '', 'Gemfile.lock': '', 'yarn.lock': '' });
  expect(resources(found)).toEqual(['bundler Gemfile', 'cargo Cargo', 'go go.sum', 'pnpm pnpm-lock.yaml', 'poetry poetry', 'yarn yarn'].map((line) => {
    const [manager = '', file = ''] = line.split(' ');
    return `lock_file_${manager} exclusive ${file.includes('.') ? file : `${file}.lock`}`;
  }));
  expect(resource(found, 'lock_file_cargo').paths).toEqual(['Cargo.lock', 'Cargo.toml']);
});

describe('what tests share', () => {
  test('services for tests, with as many as are stated', async () => {
    const found = await analysis({
      'docker-compose.yml': 'services:\n  db:\n    image: postgres:16\n  test-db:\n    image: postgres:16\n    deploy:\n      replicas: 3\n  web:\n    image: nginx\n',
    });
    expect(resources(found)).toEqual(['test_db_pool shared_limited 3 docker-compose.yml#test-db']);
  });

  test('one instance is for one at a time', async () => {
    expect(resources(await analysis({ 'compose.yaml': 'services:\n  db:\n    image: mysql\n  cache:\n    image: redis:7\n' }))).toEqual(['test_db_pool_mysql exclusive compose.yaml#db', 'test_db_pool_redis exclusive compose.yaml#cache']);
  });

  test.each([
    ['Vitest', { 'vitest.config.ts': 'export default { test: { maxWorkers: 3 } }' }, 'test_worker_pool shared_limited 3 vitest.config.ts'],
    ['Jest in package.json', { 'package.json': { jest: { maxWorkers: 2 } } }, 'test_worker_pool shared_limited 2 package.json'],
    ['pytest-xdist in pyproject.toml', { 'pyproject.toml': '[tool.pytest.ini_options]\naddopts = "-ra -n 4"\n' }, 'test_worker_pool shared_limited 4 pyproject.toml'],
    ['pytest-xdist in pytest.ini', { 'pytest.ini': '[pytest]\naddopts = -ra\n  --numprocesses=6\n' }, 'test_worker_pool shared_limited 6 pytest.ini'],
    ['Knex', { 'knexfile.js': 'module.exports = { production: { pool: { max: 9 } }, test: { pool: { min: 1, max: 5 } } }' }, 'test_db_connections shared_limited 5 knexfile.js'],
    ['Rails', { 'config/database.yml': 'test:\n  pool: 5\n' }, 'test_db_connections shared_limited 5 config/database.yml'],
  ] as const)('%s', async (_name, files, expected) => {
    expect(resources(await analysis(files))).toEqual([expected]);
  });

  test('a size that is not stated is not made up', async () => {
    expect(resources(await analysis({ 'vitest.config.ts': 'export default { test: { pool: "forks" } }', 'pytest.ini': '[pytest]\naddopts = -n auto\n', 'src/pool.ts': 'export const a = { pool: { max: 5 } };' }))).toEqual([]);
  });
});
