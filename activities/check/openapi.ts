/**
 * Whether a text is an OpenAPI description (3.x, or Swagger 2.0), JSON or YAML. A structural check: version,
 * info, paths, operations with responses, and that references within the document lead somewhere. Not checked:
 * the schemas' own content, and references to other files.
 */
import { z } from 'zod';
import { parseDocument } from './document.ts';

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'] as const;
const MAX_NODES = 500_000;

const responses = z.record(z.string().regex(/^(?:default|[1-5](?:\d\d|XX)|x-.*|\$ref)$/), z.unknown());
const operation = z.looseObject({ responses: responses.optional(), parameters: z.array(z.looseObject({})).optional() });
const operations = Object.fromEntries(METHODS.map((method) => [method, operation.optional()]));
const paths = z.record(z.string().regex(/^(?:\/|x-)/, 'a path must start with "/"'), z.looseObject(operations));
const info = z.looseObject({ title: z.string(), version: z.string() });

const document = z.union([
  z.looseObject({ openapi: z.string().regex(/^3\.0\.\d+/), info, paths }),
  z
    .looseObject({ openapi: z.string().regex(/^3\.[1-9]\.\d+/), info, paths: paths.optional() })
    .refine((it) => it.paths ?? it['components'] ?? it['webhooks'], 'needs paths, components or webhooks'),
  z.looseObject({ swagger: z.literal('2.0'), info, paths }),
]);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const leadsSomewhere = (root: unknown, reference: string): boolean => {
  let at: unknown = root;
  for (const part of reference.slice(2).split('/')) {
    let key: string;
    try {
      key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    } catch {
      return false;
    }
    if (!isObject(at) || !Object.hasOwn(at, key)) return false;
    at = at[key];
  }
  return true;
};

/** Iterative and bounded: a document may be nested deeply, and by aliases refer to itself. */
const danglingReference = (root: unknown): string | undefined => {
  const open: unknown[] = [root];
  const seen = new Set<unknown>();
  for (let value = open.pop(); value !== undefined || open.length > 0; value = open.pop()) {
    if (!isObject(value) || seen.has(value)) continue;
    if (seen.size >= MAX_NODES) return undefined;
    seen.add(value);
    const reference = value['$ref'];
    if (typeof reference === 'string' && reference.startsWith('#/') && !leadsSomewhere(root, reference)) return reference;
    open.push(...Object.values(value));
  }
  return undefined;
};

const wantedVersion = (value: unknown): boolean =>
  isObject(value) && (value['swagger'] === '2.0' || (typeof value['openapi'] === 'string' && value['openapi'].startsWith('3.')));

export const openApiProblem = (text: string): string | undefined => {
  const parsed = parseDocument(text);
  if (!parsed.ok) return parsed.error;
  if (!wantedVersion(parsed.value)) return 'is no OpenAPI description: it states neither "openapi: 3.x" nor "swagger: 2.0"';
  const checked = document.safeParse(parsed.value);
  if (!checked.success) {
    const issue = checked.error.issues.flatMap((it) => (it.code === 'invalid_union' ? it.errors.flat() : [it])).find((it) => !['openapi', 'swagger'].includes(String(it.path[0])));
    return `is not a valid OpenAPI description: ${issue ? `${issue.path.map(String).join('.')}: ${issue.message}` : 'its structure is wrong'}`;
  }
  const dangling = danglingReference(parsed.value);
  return dangling === undefined ? undefined : `is not a valid OpenAPI description: ${JSON.stringify(dangling)} leads nowhere`;
};
