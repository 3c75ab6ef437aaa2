/** What tests share: databases, of which there are so many, and the processes that one run of them takes. */
import { basename } from 'node:path';
import { directoryOf } from '../../imports/project/paths.ts';
import type { Data } from '../configs/data.ts';
import type { Candidate, Survey } from './survey.ts';

/** Image and what it is. */
const DATABASES: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)(?:postgres|postgis|timescaledb|pgvector|cockroach)/, 'PostgreSQL'],
  [/(?:^|\/)mysql/, 'MySQL'],
  [/(?:^|\/)(?:mariadb)/, 'MariaDB'],
  [/(?:^|\/)(?:mssql|azure-sql-edge)/, 'SQL Server'],
  [/(?:^|\/)mongo(?!-express)/, 'MongoDB'],
  [/(?:^|\/)(?:redis|valkey|keydb)/, 'Redis'],
  [/(?:^|\/)(?:elasticsearch|opensearch)(?!-dashboards)/, 'Elasticsearch'],
  [/(?:^|\/)(?:cassandra|scylla)/, 'Cassandra'],
  [/(?:^|\/)clickhouse/, 'ClickHouse'],
  [/(?:^|\/)(?:oracle|neo4j|couchdb|dynamodb-local|influxdb|surrealdb)/, 'a database'],
];
const IS_TEST = /(?:^|[^a-z])(?:test|tests|testing|ci|e2e|integration)(?:$|[^a-z])/i;
const WORDS = ['test database', 'test databases', 'integration test', 'integration tests', 'database test', 'end-to-end test', 'e2e'];

export const findTestPools = (survey: Survey): readonly Candidate[] => [...databases(survey), ...connections(survey), ...workers(survey)];

interface Service {
  readonly file: string;
  readonly name: string;
  readonly database: string;
  readonly instances: number;
  readonly isForTests: boolean;
}

/** One pool for each directory of compose files: services for tests where there are any, else all of them. */
const databases = ({ configs }: Survey): readonly Candidate[] => {
  const services = configs.matching(/(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/).flatMap((file) =>
    configs.data(file).at('services').entries().flatMap(([name, service]) => serviceOf(file, name, service)),
  );
  const homes = new Map<string, Service[]>();
  for (const service of services) homes.set(directoryOf(service.file), [...(homes.get(directoryOf(service.file)) ?? []), service]);
  return [...homes].flatMap(([home, all]) => {
    const own = all.some(({ isForTests }) => isForTests) ? all.filter(({ isForTests }) => isForTests) : firstFile(all);
    const kinds = [...new Set(own.map(({ database }) => database))];
    return kinds.map((kind): Candidate => {
      const same = own.filter(({ database }) => database === kind);
      return poolOf({ home, kind, isOnly: kinds.length === 1, services: same });
    });
  });
};

/** Other compose files say the same once more, for other surroundings. */
const firstFile = (services: readonly Service[]): readonly Service[] => services.filter(({ file }) => file === services[0]?.file);

const serviceOf = (file: string, name: string, service: Data): readonly Service[] => {
  const image = service.text('image')?.toLowerCase().replace(/[:@].*$/, '') ?? '';
  const database = DATABASES.find(([pattern]) => pattern.test(image))?.[1];
  if (database === undefined) return [];
  const instances = service.count('deploy', 'replicas') ?? service.count('scale') ?? 1;
  return [{ file, name, database, instances, isForTests: IS_TEST.test(name) || IS_TEST.test(basename(file)) || service.at('profiles').texts().some((profile) => IS_TEST.test(profile)) }];
};

interface Pool {
  readonly home: string;
  readonly kind: string;
  readonly isOnly: boolean;
  readonly services: readonly Service[];
}

const poolOf = ({ home, kind, isOnly, services }: Pool): Candidate => {
  const capacity = services.reduce((sum, { instances }) => sum + instances, 0);
  const files = [...new Set(services.map(({ file }) => file))];
  const names = services.map(({ name }) => name.slice(0, 40)).join(', ');
  const location = `${files[0] ?? home}#${services[0]?.name.slice(0, 40) ?? ''}`;
  const slug = kind === 'a database' ? 'other' : kind.toLowerCase().replaceAll(' ', '_');
  return {
    kind: isOnly ? 'test_db_pool' : `test_db_pool_${slug}`,
    home,
    resource:
      capacity > 1
        ? { type: 'shared_limited', capacity, location, reason: `there are ${String(capacity)} instances of ${kind} for tests (${names})` }
        : { type: 'exclusive', location, constraint: 'one_at_a_time', reason: `there is one instance of ${kind} (${names}): tests that write to it at the same time see each other's rows` },
    paths: files,
    words: [...WORDS, ...(kind === 'a database' ? [] : [kind.toLowerCase()])],
  };
};

/** Modules that set databases up. */
const SETTINGS = /(?:^|\/)(?:knexfile|ormconfig|[\w.-]*(?:database|datasource|data-source|sequelize|db|config|setup))\.[cm]?[jt]s$/i;

/** `pool: { max: 5 }` of a test's configuration, and of Rails' `database.yml`. */
const connections = ({ facts, configs }: Survey): readonly Candidate[] => {
  const scripts = [...facts].flatMap(([file, { settings }]): readonly Candidate[] => {
    if (!SETTINGS.test(file)) return [];
    const isForTests = IS_TEST.test(file);
    const sizes = settings.filter(({ path }) => path.at(-1) === 'max' && path.includes('pool') && (isForTests || path.some((key) => IS_TEST.test(key))));
    return sizes.length === 0 ? [] : [connectionPool(file, Math.min(...sizes.map(({ value }) => value)))];
  });
  const rails = configs.named('database.yml').flatMap((file) => {
    const size = configs.data(file).count('test', 'pool');
    return size === undefined ? [] : [connectionPool(file, size)];
  });
  return [...scripts, ...rails];
};

const connectionPool = (file: string, capacity: number): Candidate => ({
  kind: 'test_db_connections',
  home: directoryOf(file),
  resource: { type: 'shared_limited', capacity, location: file, reason: `the pool of tests has ${String(capacity)} connection${capacity === 1 ? '' : 's'}` },
  paths: [file],
  words: WORDS,
});

const RUNNERS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)(?:vitest|vite)\.(?:config|workspace)\.[cm]?[jt]s$/, 'Vitest'],
  [/(?:^|\/)jest\.config\.[cm]?[jt]s$/, 'Jest'],
  [/(?:^|\/)playwright\.config\.[cm]?[jt]s$/, 'Playwright'],
  [/(?:^|\/)(?:wdio|cypress)\.conf(?:ig)?\.[cm]?[jt]s$/, 'the browser tests'],
];
const SIZES = new Set(['maxWorkers', 'maxForks', 'maxThreads', 'workers']);

/** Processes of one run of tests, where a number is stated. */
const workers = ({ facts, configs }: Survey): readonly Candidate[] => [
  ...[...facts].flatMap(([file, { settings }]) => {
    const runner = RUNNERS.find(([pattern]) => pattern.test(file))?.[1];
    const size = settings.find(({ path }) => SIZES.has(path.at(-1) ?? ''))?.value;
    return runner === undefined || size === undefined ? [] : [workerPool(file, runner, size)];
  }),
  ...configs.named('package.json').flatMap((file) => {
    const size = configs.data(file).count('jest', 'maxWorkers');
    return size === undefined ? [] : [workerPool(file, 'Jest', size)];
  }),
  ...configs.named('jest.config.json').flatMap((file) => {
    const size = configs.data(file).count('maxWorkers');
    return size === undefined ? [] : [workerPool(file, 'Jest', size)];
  }),
  ...configs.named('pyproject.toml').flatMap((file) => {
    const options = configs.data(file).at('tool', 'pytest', 'ini_options', 'addopts');
    return xdist(file, options.text() ?? options.texts().join(' '));
  }),
  ...['pytest.ini', 'tox.ini', 'setup.cfg'].flatMap((name) => configs.named(name)).flatMap((file) => xdist(file, /^[ \t]*addopts[ \t]*=(.*(?:\n[ \t]+.*)*)/m.exec(configs.text(file))?.[1] ?? '')),
];

/** `-n 4` of pytest-xdist. */
const xdist = (file: string, options: string): readonly Candidate[] => {
  const size = /(?:^|\s)(?:-n[ =]?|--numprocesses[ =])(\d{1,4})(?:\s|$)/.exec(options)?.[1];
  return size === undefined || Number(size) === 0 ? [] : [workerPool(file, 'pytest', Number(size))];
};

const workerPool = (file: string, runner: string, capacity: number): Candidate => ({
  kind: 'test_worker_pool',
  home: directoryOf(file),
  resource: { type: 'shared_limited', capacity, location: file, reason: `${runner} runs ${String(capacity)} process${capacity === 1 ? '' : 'es'} at a time` },
  paths: [file],
  words: ['test suite', 'test workers', 'parallel tests'],
});
