/** The schemas of the artifacts, by the names that they are published under. */
import { z } from 'zod';
import { COVERAGE_NAME, META_NAME } from './bundle.ts';
import { coordinatorArtifactSchema } from './coordinator.schema.ts';
import { coverageSchema } from './coverage.schema.ts';
import { dagSchema } from './dag.schema.ts';
import { featuresSchema } from './features.schema.ts';
import { metaSchema } from './meta.schema.ts';
import type { SchemaName } from './schema-names.ts';
import { tasksSchema } from './tasks.schema.ts';
import { wavesSchema } from './waves.schema.ts';

interface Published {
  /** Of the file that it describes. */
  readonly file: string;
  readonly title: string;
  readonly schema: z.ZodType;
}

export const ARTIFACT_SCHEMAS = {
  features: { file: 'features.json', title: 'Features of a plan', schema: featuresSchema },
  tasks: { file: 'tasks.json', title: 'Tasks and dependencies of a plan', schema: tasksSchema },
  dag: { file: 'dag.json', title: 'The graph of a plan', schema: dagSchema },
  waves: { file: 'waves.json', title: 'Both ways to execute a plan', schema: wavesSchema },
  coordinator: { file: 'coordinator.json', title: 'How a plan is coordinated', schema: coordinatorArtifactSchema },
  coverage: { file: COVERAGE_NAME, title: 'Requirements and the tasks that cover them', schema: coverageSchema },
  meta: { file: META_NAME, title: 'Of what, and by what, a plan was made', schema: metaSchema },
} as const satisfies Record<SchemaName, Published>;

/** For editors: what a file may hold. Unknown keys are allowed, as they are kept. */
export const artifactJsonSchema = (name: SchemaName): Record<string, unknown> => {
  const { title, schema } = ARTIFACT_SCHEMAS[name];
  return { title, ...z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input', reused: 'ref' }) };
};
