/** The shape of `temporal-dev.yml`. Strict everywhere: a misspelt setting would otherwise be without effect. */
import { z } from 'zod';

const portSchema = z.union([z.int().min(1).max(65_535), z.literal('auto')], {
  error: 'expected a port from 1 to 65535, or auto',
});

const SEARCH_ATTRIBUTE_TYPES = ['Text', 'Keyword', 'Int', 'Double', 'Bool', 'Datetime', 'KeywordList'] as const;

const pragmaName = z.string().regex(/^[a-z][a-z_]*$/, { error: 'expected the name of a SQLite pragma' });
const dynamicKey = z.string().regex(/^[A-Za-z][\w.-]*$/, { error: 'expected the name of a dynamic setting' });
const attributeName = z.string().regex(/^[A-Za-z]\w*$/, { error: 'expected a name of letters, digits and _' });

export const devConfigSchema = z.strictObject({
  ip: z.union([z.ipv4(), z.ipv6()], { error: 'expected an IP address, such as 127.0.0.1' }),
  ports: z.strictObject({ grpc: portSchema, ui: portSchema }),
  namespace: z.string().regex(/^[A-Za-z0-9][\w.-]{0,254}$/, { error: 'expected a name of letters, digits, ., _ and -' }),
  retentionDays: z.int().min(1).max(3_650),
  database: z.strictObject({
    file: z.string().min(1),
    pragmas: z.record(pragmaName, z.union([z.string().regex(/^[\w-]+$/), z.int()])).default({}),
  }),
  dynamicConfig: z.record(dynamicKey, z.json()).default({}),
  searchAttributes: z.record(attributeName, z.enum(SEARCH_ATTRIBUTE_TYPES)).default({}),
});

/** As written, defaults filled in. */
export type WrittenDevConfig = z.infer<typeof devConfigSchema>;
export type Port = z.infer<typeof portSchema>;
