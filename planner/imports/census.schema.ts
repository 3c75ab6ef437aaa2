/** The form of a census that comes from a file or a pipe. Its paths and names are as hostile as the code was. */
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { CENSUS_SCHEMA, ECOSYSTEMS, IMPORT_KINDS } from './census.ts';
import { staysInside } from './project/paths.ts';

const path = z.string().min(1).refine(staysInside, 'must be a path below the root');
const yes = z.literal(true).optional();
const number = z.int().min(1);

const importSchema = z.object({
  file: path,
  line: number,
  column: number,
  specifier: z.string(),
  kind: z.enum(IMPORT_KINDS),
  package: z.string().min(1).optional(),
  dev: yes,
  optional: yes,
  unreached: yes,
});

export const censusSchema = z.object({
  schema: z.literal(CENSUS_SCHEMA),
  root: z.string().refine(isAbsolute, 'must be an absolute path'),
  packages: z.array(z.object({ ecosystem: z.enum(ECOSYSTEMS), name: z.string(), directory: path, files: z.int().min(0), imports: z.array(importSchema) })),
});
