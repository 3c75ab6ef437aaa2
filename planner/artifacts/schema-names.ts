/** Names that the schemas of artifacts are published under: `schemas/<name>.schema.json`. */
export const SCHEMA_NAMES = ['features', 'tasks', 'dag', 'waves', 'coordinator', 'coverage', 'meta'] as const;
export type SchemaName = (typeof SCHEMA_NAMES)[number];
