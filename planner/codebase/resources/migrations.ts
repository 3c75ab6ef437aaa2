/** Migrations of databases: they are applied in order, so that two that are written at once meet. */
import { directoryOf, isInside, upwards } from '../../imports/project/paths.ts';
import { below, compare, filesMatching, slash } from './survey.ts';
import type { Candidate, Survey } from './survey.ts';

interface Tool {
  readonly name: string;
  /** Files of migrations, by their whole path. The first group is the directory that holds them. */
  readonly files: RegExp;
  /** What else it writes, or is told. */
  readonly also?: RegExp;
  /** Shows that it is this one. */
  readonly evidence?: RegExp;
  readonly reason: string;
}

const ORDERED = 'they are applied in the order of their names, so that two new ones at once take the same place or meet in one schema';

/** The first that fits a file has it. */
const TOOLS: readonly Tool[] = [
  { name: 'Prisma', files: /^((?:.*\/)?prisma\/migrations)\/[^/]+\/migration\.sql$/, also: /(?:^|\/)(?:schema\.prisma|prisma\/schema\/.*\.prisma)$/, reason: 'Prisma compares the migrations with one schema and one database' },
  { name: 'Alembic', files: /^((?:.*\/)?[^/]+\/versions)\/[^/]+\.py$/, evidence: /(?:^|\/)(?:alembic\.ini|env\.py)$/, also: /(?:^|\/)alembic\.ini$/, reason: 'each Alembic revision names the one before it, and two of them on one make two heads' },
  { name: 'Rails', files: /^((?:.*\/)?db\/migrate)\/\d{3,17}_\w+\.rb$/, also: /(?:^|\/)db\/(?:schema\.rb|structure\.sql)$/, reason: 'Active Record writes all of them into one schema file' },
  { name: 'Flyway', files: /^((?:.*\/)?(?:migrations?|migrate|db))(?:\/[^/]+){0,2}\/[VUR][\d._]*__[^/]+\.(?:sql|java)$/, reason: 'Flyway refuses versions that come out of order' },
  { name: 'Drizzle', files: /^((?:.*\/)?(?:drizzle|migrations?))\/\d{4}_[^/]+\.sql$/, evidence: /(?:^|\/)(?:drizzle\.config\.[cm]?[jt]s|_journal\.json)$/, also: /(?:^|\/)(?:drizzle\.config\.[cm]?[jt]s|_journal\.json)$/, reason: 'Drizzle numbers them in one journal' },
  { name: 'Django', files: /^((?:.*\/)?migrations)\/\d{4}_\w+\.py$/, reason: 'each Django migration names the one before it, and two on one make two leaves' },
  { name: 'Liquibase', files: /^((?:.*\/)?(?:db|database|liquibase|resources)\/(?:changelogs?|changesets?))\/[^/]+\.(?:xml|sql|ya?ml|json)$/, reason: 'Liquibase takes one lock of the database for all change sets' },
  { name: '', files: /^((?:.*\/)?(?:migrations?|migrate|schema_migrations))\/(?:\d{3,17}[-_.][^/]*|[^/]*\d{13,17}[^/]*)\.(?:sql|rb|[cm]?[jt]s|py|go|php|exs|cs|kt|edn|rs)$/i, reason: ORDERED },
  { name: 'Diesel', files: /^((?:.*\/)?migrations)\/\d[\d-]{8,20}_[^/]+\/up\.sql$/, also: /(?:^|\/)diesel\.toml$/, reason: 'Diesel writes all of them into one schema' },
];
const ACTIVE_RECORD = /^Migration$/;
const WORDS = ['migration', 'migrations', 'migrate', 'database schema', 'schema change', 'alter table', 'create table'];

export const findMigrations = (survey: Survey): readonly Candidate[] => {
  const found = new Map<string, { readonly tool: Tool; count: number }>();
  const add = (directory: string, tool: Tool): void => {
    const known = found.get(directory);
    if (known) known.count += 1;
    else found.set(directory, { tool, count: 1 });
  };
  const shown = new Map(TOOLS.map((tool) => [tool, tool.evidence ? filesMatching(survey, tool.evidence) : []]));
  for (const file of survey.files) {
    for (const tool of TOOLS) {
      const directory = tool.files.exec(file)?.[1];
      if (directory === undefined || (tool.evidence && !shown.get(tool)?.some((path) => isInside(directory, directoryOf(path)) || isInside(path, directory)))) continue;
      add(directory, tool);
      break;
    }
  }
  for (const directory of migrationClasses(survey, new Set(found.keys()))) add(directory, TOOLS.find(({ name }) => name === 'Rails') as Tool);
  return together(survey, found);
};

/** Classes of Active Record that lie anywhere else. */
const migrationClasses = ({ facts }: Survey, known: ReadonlySet<string>): readonly string[] => {
  const directories: string[] = [];
  for (const [file, { symbols }] of facts) {
    const directory = directoryOf(file);
    if (file.endsWith('.rb') && !known.has(directory) && symbols.some(({ bases }) => bases.some((base) => ACTIVE_RECORD.test(base)))) directories.push(directory);
  }
  return directories;
};

/** Applications of one Django project share its database. */
const together = (survey: Survey, found: ReadonlyMap<string, { readonly tool: Tool; readonly count: number }>): readonly Candidate[] => {
  const projects = filesMatching(survey, /(?:^|\/)manage\.py$/).map(directoryOf);
  const groups = new Map<string, { readonly tool: Tool; readonly home: string; readonly directories: string[]; count: number }>();
  for (const [directory, { tool, count }] of [...found].sort(([a], [b]) => compare(a, b))) {
    const project = tool.name === 'Django' ? [...upwards(directory)].find((above) => projects.includes(above)) : undefined;
    const home = project ?? directory;
    const group = groups.get(home);
    if (group) {
      group.directories.push(directory);
      group.count += count;
    } else groups.set(home, { tool, home, directories: [directory], count });
  }
  return [...groups.values()].map(({ tool, home, directories, count }) => {
    const top = [...upwards(directories[0] ?? '.')].slice(0, 4);
    const also = tool.also ? filesMatching(survey, tool.also).filter((path) => top.some((above) => above !== '.' && isInside(path, above)) || directoryOf(path) === '.') : [];
    const [only] = directories;
    return {
      kind: 'database_migrations',
      home,
      resource: {
        type: 'exclusive',
        location: directories.length === 1 && only !== undefined ? slash(only) : slash(home),
        constraint: 'sequential_only',
        reason: `${String(count)} ${tool.name === '' ? 'ordered' : tool.name} migration${count === 1 ? '' : 's'}: ${tool.reason}`,
      },
      paths: [...directories.map(below), ...also],
      words: WORDS,
    };
  });
};
