/** Definitions from all parts of a plan to one catalogue: what two parts say of a resource must agree. */
import type { Catalogue, Profile } from '../../model/catalogue.ts';
import type { Resource } from '../../model/resource.ts';
import type { Declared, Definition, Findings, ProfileEntry } from '../read/draft.ts';
import { present } from '../read/optional.ts';
import type { Where } from '../read/source.ts';
import { placeOf, problemAt } from '../read/source.ts';
import { didYouMean, quote } from '../read/words.ts';

/** What may be stated, and what people call it. */
const STATED = { mode: 'mode', capacity: 'capacity', scope: 'scope', class: 'class', order: 'lock_order', domain: 'lock_domain', window: 'window' } as const;

const reportDifference = (what: string, where: Where, first: Where, findings: Findings): void => {
  findings.problems.push(
    problemAt({
      code: 'TASKS1212',
      message: `${what} is defined twice, and differently`,
      where,
      hint: 'Take one of them out, or make them agree.',
      related: [{ message: 'it is defined here as well', place: placeOf(first) }],
    }),
  );
};

/** What both state must be the same; what only one states counts. */
const merge = (first: Definition, second: Definition, findings: Findings): Definition => {
  const differing = (Object.keys(STATED) as (keyof typeof STATED)[]).filter(
    (key) => first[key] !== undefined && second[key] !== undefined && first[key] !== second[key],
  );
  if (differing.length > 0) {
    const keys = differing.map((key) => STATED[key]).join(', ');
    reportDifference(`the ${keys} of the resource ${quote(first.name)}`, second.where, first.where, findings);
  }
  return { ...present(second), ...present(first) };
};

const mergeAll = (definitions: readonly Definition[], findings: Findings): ReadonlyMap<string, Definition> => {
  const byName = new Map<string, Definition>();
  for (const definition of definitions) {
    const before = byName.get(definition.name);
    byName.set(definition.name, before ? merge(before, definition, findings) : definition);
  }
  return byName;
};

const complete = (definition: Definition, findings: Findings): Resource => {
  const { name, mode, class: kind, order, domain, window, where } = definition;
  const report = (message: string, hint: string): void => {
    findings.problems.push(problemAt({ code: 'TASKS1006', message: `the resource ${quote(name)} ${message}`, where, hint }));
  };
  if (mode === 'semaphore' && definition.capacity === undefined) report('is a semaphore without a capacity', 'State how many units there are: "capacity": 4.');
  const scope = definition.scope ?? (mode === 'exclusive' ? 'global' : 'execution');
  if (domain !== undefined && scope === 'execution') report('has a lock_domain, which only global resources have', 'Add "scope": "global", or take the lock_domain out.');
  return present({ name, mode, capacity: definition.capacity ?? 1, scope, domain, order, class: kind, window });
};

const makeProfiles = (declared: Declared, known: ReadonlyMap<string, Definition>, findings: Findings): readonly Profile[] => {
  const stated = new Map(declared.profiles.map((name) => [name, new Map<string, ProfileEntry>()]));
  for (const entry of declared.entries) {
    const entries = stated.get(entry.profile);
    const first = entries?.get(entry.resource);
    if (first && first.capacity !== entry.capacity) {
      reportDifference(`the capacity of ${quote(entry.resource)} in the profile ${quote(entry.profile)}`, entry.where, first.where, findings);
    }
    if (!known.has(entry.resource)) {
      const message = `the profile ${quote(entry.profile)} names ${quote(entry.resource)}, which is not declared`;
      findings.problems.push(problemAt({ code: 'TASKS1210', message, where: { ...entry.where, key: true }, hint: didYouMean(entry.resource, known.keys()) }));
    }
    entries?.set(entry.resource, entry);
  }
  return [...stated].map(([name, entries]) => ({
    name,
    capacities: Object.fromEntries([...entries].map(([resource, { capacity }]) => [resource, capacity])),
  }));
};

export interface MadeCatalogue extends Pick<Catalogue, 'resources' | 'profiles'> {
  /** By name, with the place of the first statement. */
  readonly definitions: ReadonlyMap<string, Definition>;
}

export const makeCatalogue = (declared: Declared, findings: Findings): MadeCatalogue => {
  const definitions = mergeAll(declared.definitions, findings);
  const resources = [...definitions.values()].map((definition) => complete(definition, findings));
  return { resources, profiles: makeProfiles(declared, definitions, findings), definitions };
};
