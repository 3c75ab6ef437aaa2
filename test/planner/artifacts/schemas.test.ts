import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { bundleFiles } from '../../../planner/artifacts/bundle.ts';
import { SCHEMA_NAMES } from '../../../planner/artifacts/schema-names.ts';
import { ARTIFACT_SCHEMAS, artifactJsonSchema } from '../../../planner/artifacts/schemas.ts';
import { makeBundle } from '../support/bundle.ts';

test.each(SCHEMA_NAMES)('schemas/%s.schema.json is what the code says: `tasks validate-plan --schema NAME > schemas/NAME.schema.json`', async (name) => {
  const published: unknown = JSON.parse(await readFile(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), 'utf8'));
  expect(published).toEqual(JSON.parse(JSON.stringify(artifactJsonSchema(name))));
});

test('every JSON file of a plan has a schema, and a valid plan passes it', () => {
  const files = bundleFiles(makeBundle([{ id: 'A' }])).filter(({ name }) => name.endsWith('.json'));
  expect(Object.values(ARTIFACT_SCHEMAS).map(({ file }) => file).toSorted()).toEqual(files.map(({ name }) => name).toSorted());
  for (const { file, schema } of Object.values(ARTIFACT_SCHEMAS)) expect(schema.safeParse(JSON.parse(files.find(({ name }) => name === file)?.text ?? '')).error).toBeUndefined();
});
