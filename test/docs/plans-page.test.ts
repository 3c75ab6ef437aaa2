/** docs/plans.md says what the schemas take: every key and every value that has a name, and no policy more. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { CHECK_TYPES, checkSchema } from '../../model/check.schema.ts';
import { REPORT_FORMATS } from '../../model/check.ts';
import { PRIORITY_NAMES } from '../../model/scalar.schema.ts';
import { resourceSchema } from '../../model/resources.schema.ts';
import { DURATION_UNITS, retrySchema, taskSchema } from '../../model/task.schema.ts';
import { MAX_DEPTH, MAX_FILES, MAX_JSON_BYTES, MAX_PROBLEMS, MAX_YAML_BYTES } from '../../planner/read/limits.ts';
import { KEPT_POLICIES, policiesSchema } from '../../planner/read/policies.schema.ts';
import { phaseTaskSchema } from '../../planner/read/phase.schema.ts';
import { MAX_FILE_ASKS } from '../../planner/resources/file-asks.ts';

const page = await readFile(new URL('../../docs/plans.md', import.meta.url), 'utf8');
const healing = await readFile(new URL('../../docs/healing.md', import.meta.url), 'utf8');
const section = (heading: string): string => {
  const [, text = ''] = page.split(`\n## ${heading}\n`);
  return text.split('\n## ')[0] ?? '';
};
/** The words of what stands in backticks. */
const wordsOf = (text: string): ReadonlySet<string> => new Set([...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => code.match(/[\w-]+/g) ?? []));
const untold = (text: string, names: Iterable<string>): readonly string[] => {
  const told = wordsOf(text);
  return [...names].filter((name) => !told.has(name));
};
/** Every key and every named value of a schema, however deep. */
const namesIn = (schema: z.ZodType): ReadonlySet<string> => {
  const names = new Set<string>();
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'properties') for (const name of Object.keys(value as object)) names.add(name);
      if (key === 'enum') for (const name of value as readonly unknown[]) names.add(String(name));
      if (key === 'const') names.add(String(value));
      walk(value);
    }
  };
  walk(z.toJSONSchema(schema, { unrepresentable: 'any' }));
  return names;
};

test('the keys of its tables of policies are those of the schema', () => {
  const told = [...section('Policies').matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = '']) => [...wordsOf(cell)]);
  expect(told.toSorted()).toEqual(Object.keys(policiesSchema.shape).toSorted());
});

test('policies that are kept stand after the words that say so, and the others before', () => {
  const [acting = '', kept = ''] = section('Policies').split('Checked and kept');
  expect(untold(kept, [...KEPT_POLICIES].map((key) => key.split('.').at(-1) ?? key))).toEqual([]);
  expect(untold(acting, Object.keys(policiesSchema.shape).filter((key) => !KEPT_POLICIES.has(key)))).toEqual([]);
});

test('every key and named value inside a policy is told', () => {
  // A breaker may bring a task, with all that a task has.
  expect(untold(`${page}${healing}`, namesIn(policiesSchema))).toEqual([]);
});

test('every field of a task, of its retries and of its checks is told', () => {
  const wanted = [...Object.keys(taskSchema.shape), ...namesIn(retrySchema), ...namesIn(checkSchema), ...CHECK_TYPES, ...REPORT_FORMATS, ...PRIORITY_NAMES, ...DURATION_UNITS];
  expect(untold(section('A task'), wanted.filter((name) => name !== 'id'))).toEqual([]);
  expect(untold(page, Object.keys(phaseTaskSchema.shape).filter((name) => name !== 'id'))).toEqual([]);
});

test('every key and named value of a resource is told', () => {
  expect(untold(section('Resources'), namesIn(resourceSchema))).toEqual([]);
  expect(section('Resources')).toContain(`${MAX_FILE_ASKS.toLocaleString('en')} asks`);
});

test('the limits of what is read are told', () => {
  const MIB = 1024 * 1024;
  const facts = [`${MAX_JSON_BYTES / MIB} MiB of a JSON`, `${MAX_YAML_BYTES / MIB} MiB of a YAML`, `${MAX_FILES.toLocaleString('en')} files`, `nested ${MAX_DEPTH} deep`, `ends at ${MAX_PROBLEMS}`];
  expect(facts.filter((fact) => !page.replaceAll('\n', ' ').includes(fact))).toEqual([]);
});
