/** What the parts of a plan declare: the catalogue of spec/000, and the locks and quotas of spec/002. */
import { z } from 'zod';
import { profilesPartSchema, resourceNameSchema, resourcesPartSchema } from '../../model/resources.schema.ts';
import type { WrittenResource } from '../../model/resources.schema.ts';
import type { Declared, Definition, Findings } from '../read/draft.ts';
import { top } from '../read/envelope.ts';
import { isRecord } from '../read/read-task.ts';
import { schemaProblems } from '../read/schema-problems.ts';
import type { SourceDocument, Where } from '../read/source.ts';
import { inside } from '../read/source.ts';
import { calendarsPartSchema } from './calendar.schema.ts';
import type { WrittenCalendar } from './calendar.schema.ts';
import { quotaOf } from './quantities.ts';

export const NOTHING_DECLARED: Declared = { definitions: [], profiles: [], entries: [], calendars: [] };

export const joinDeclared = (...parts: readonly Declared[]): Declared => ({
  definitions: parts.flatMap((part) => part.definitions),
  profiles: [...new Set(parts.flatMap((part) => part.profiles))],
  entries: parts.flatMap((part) => part.entries),
  calendars: parts.flatMap((part) => part.calendars),
});

/** Undefined when it does not pass; what is wrong is in `findings`. */
const checked = <T>(schema: z.ZodType<T>, value: unknown, where: Where, findings: Findings): T | undefined => {
  if (value === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  findings.problems.push(...schemaProblems({ schema, issues: parsed.error.issues, value, where }));
  return undefined;
};

const definitionsOf = (written: Readonly<Record<string, WrittenResource>>, where: Where): readonly Definition[] =>
  Object.entries(written).map(([name, { lock_order: order, lock_domain: domain, ...rest }]) => ({ name, ...rest, order, domain, where: inside(where, name) }));

const profilesOf = (written: Readonly<Record<string, Readonly<Record<string, number>>>>, where: Where): Pick<Declared, 'profiles' | 'entries'> => ({
  profiles: Object.keys(written),
  entries: Object.entries(written).flatMap(([profile, capacities]) =>
    Object.entries(capacities).map(([resource, capacity]) => ({ profile, resource, capacity, where: inside(where, profile, resource) })),
  ),
});

const calendarsOf = (value: unknown, where: Where, findings: Findings): Declared['calendars'] => {
  const written: Readonly<Record<string, WrittenCalendar>> | undefined = checked(calendarsPartSchema, value, where, findings);
  const names = isRecord(value) ? Object.keys(value) : [];
  return names.map((name) => ({ name, where: inside(where, name), ...(written?.[name] && { written: written[name] }) }));
};

/** The parts of a plan that declare something. */
export interface Parts {
  readonly resources?: unknown;
  readonly profiles?: unknown;
  readonly calendars?: unknown;
}

/** Those of the object at `where`. */
export const readDeclared = (value: Parts, where: Where, findings: Findings): Declared => {
  const resources = checked(resourcesPartSchema, value.resources, inside(where, 'resources'), findings);
  const profiles = checked(profilesPartSchema, value.profiles, inside(where, 'profiles'), findings);
  return {
    definitions: definitionsOf(resources ?? {}, inside(where, 'resources')),
    ...profilesOf(profiles ?? {}, inside(where, 'profiles')),
    calendars: calendarsOf(value.calendars, inside(where, 'calendars'), findings),
  };
};

/** `resources.json`. What its parts hold is checked one by one. */
const resourcesFileSchema = z.strictObject({ resources: z.unknown().optional(), profiles: z.unknown().optional(), calendars: z.unknown().optional() });

/** `resources.json`: strict, its own keys too. */
export const readResourcesFile = (doc: SourceDocument | undefined, findings: Findings): Declared => {
  if (!doc) return NOTHING_DECLARED;
  const where = top(doc);
  const written = checked(resourcesFileSchema, doc.value, where, findings);
  return written ? readDeclared(written, where, findings) : NOTHING_DECLARED;
};

const locksSchema = z.array(resourceNameSchema);
const quotasSchema = z.record(resourceNameSchema, z.number().min(0));

/** Of `coordinator.json`: among the resources spec/002's `locks` (a list) and `quotas` (amounts by name) may stand. */
export const readCoordinatorDeclared = (value: Parts, where: Where, findings: Findings): Declared => {
  const { resources } = value;
  if (!isRecord(resources)) return readDeclared(value, where, findings);
  const { locks, quotas, ...rest } = resources;
  const isResource = isRecord(quotas) && Object.hasOwn(quotas, 'mode');
  const at = inside(where, 'resources');
  const lockNames = checked(locksSchema, locks, inside(at, 'locks'), findings) ?? [];
  const amounts = isResource ? {} : (checked(quotasSchema, quotas, inside(at, 'quotas'), findings) ?? {});
  const more: readonly Definition[] = [
    ...lockNames.map((name, index): Definition => ({ name, mode: 'exclusive', where: inside(at, 'locks', index) })),
    ...Object.entries(amounts).map(([name, amount]): Definition => ({ ...quotaOf(name, amount), mode: 'semaphore', where: inside(at, 'quotas', name) })),
  ];
  const own = readDeclared({ ...value, resources: isResource ? { ...rest, quotas } : rest }, where, findings);
  return joinDeclared({ ...NOTHING_DECLARED, definitions: more }, own);
};
