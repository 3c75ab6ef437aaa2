/**
 * What interfaces are called, so that whoever produces one and whoever consumes it call it the same:
 *
 * - an endpoint is the API of its resource: the last part of its path that is no parameter, version or `api`, in the singular, then `API`.
 *   `POST /api/shorten` is `ShortenAPI:v1`, and so is `GET /v2/shorten/:id` with `v2`;
 * - an endpoint whose path has parameters alone is named by the first of them: `GET /:shortCode` is `ShortCodeAPI:v1`;
 * - an entity is its words in the singular, then `Model`: `Grocery Items` is `GroceryItemModel:v1`;
 * - what the code base has keeps its name: the class `AuthService` is `AuthService:v1`.
 *
 * The version is the one that the name itself states (`/v2/`, `V2`, `:v2`), else 1.
 */
import type { CodeSymbol } from '../codebase/analysis.ts';
import type { RequirementUnit } from '../requirements/unit.ts';
import { allWords, singular } from './words.ts';

const MAX_TEXT = 4_000;
const MAX_WORDS = 6;
const ENDPOINT = /\b(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+(\/[\w\-./:{}<>$[\]*]{0,200})/gu;
const VERSION_PART = /^v(\d{1,4})$/iu;
const VERSION_END = /(?<=[a-z])V(\d{1,4})$|:v(\d{1,4})$/u;
const PARAMETER = /^[:{<[$*]/u;
const PLUMBING: ReadonlySet<string> = new Set(['api', 'rest', 'rpc', 'graphql', 'internal', 'public']);
/** `AUTH`, `JWT` and `URL` stay as they are; other words get one capital. */
const IS_ACRONYM = /^[A-Z\d]{2,5}$/u;

const capitalized = (word: string): string => (IS_ACRONYM.test(word) ? word : word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());

/** Words of a name, the last one in the singular. */
const pascal = (text: string): string => {
  const words = (text.replaceAll(/(?<=[a-z\d])(?=[A-Z])/gu, ' ').match(/[\p{L}\p{N}]+/gu) ?? []).slice(0, MAX_WORDS);
  return words.map((word, at) => capitalized(at === words.length - 1 && !IS_ACRONYM.test(word) ? singular(word) : word)).join('');
};

const versioned = (base: string, version = '1'): string => `${base}:v${version}`;

/** Of a path as `POST /api/shorten` has it; undefined for the root, and where nothing names it. */
export const endpointInterface = (path: string): string | undefined => {
  const parts = path.slice(0, MAX_TEXT).split('/').filter((part) => part !== '');
  const version = parts.map((part) => VERSION_PART.exec(part)?.[1]).find((found) => found !== undefined);
  const said = parts.filter((part) => !VERSION_PART.test(part) && !PLUMBING.has(part.toLowerCase()));
  const resource = said.findLast((part) => !PARAMETER.test(part)) ?? said[0];
  const name = pascal(resource ?? '').replace(/API$/iu, '');
  return name === '' ? undefined : versioned(`${name}API`, version);
};

/** Of a thing that is stored, as a document calls it; undefined for what has no name. */
export const entityInterface = (entity: string): string | undefined => {
  const name = pascal(entity.slice(0, MAX_TEXT)).replace(/(?:Data)?Model$|Entity$/u, '');
  return name === '' ? undefined : versioned(`${name}Model`);
};

/** Of what the code base has. */
export const symbolInterface = ({ name }: Pick<CodeSymbol, 'name'>): string => {
  const match = VERSION_END.exec(name);
  return versioned(name.replace(VERSION_END, ''), match?.[1] ?? match?.[2]);
};

/** `Expense: Represents …`, `Entity Expense: stores …`, `Grocery Item - holds …`. */
const ENTITY = /^(?:(?:[Tt]he\s+)?(?:[Ee]ntity|[Mm]odel|[Tt]able)\s*:?\s+)?(\p{Lu}[\p{L}\p{N}]*(?:\s\p{Lu}[\p{L}\p{N}]*){0,3})\s*(?::|–|—|-)\s*(?:[Rr]epresents?|[Ss]tores?|[Hh]olds?|[Dd]escribes?)\b/u;

/** Endpoints that a requirement names, then the entity that it defines; each once, in the order of the text. */
export const interfacesDefinedBy = ({ text }: Pick<RequirementUnit, 'text'>): readonly string[] => {
  const read = text.slice(0, MAX_TEXT);
  const endpoints = [...read.matchAll(ENDPOINT)].flatMap(([, path]) => endpointInterface(path ?? '') ?? []);
  const entity = ENTITY.exec(read)?.[1];
  const model = entity === undefined ? undefined : entityInterface(entity);
  return [...new Set([...endpoints, ...(model === undefined ? [] : [model])])];
};

/** By the words that a text has to have, all of them, to speak of it. */
export interface InterfaceIndex {
  readonly byFirstWord: ReadonlyMap<string, readonly { readonly name: string; readonly words: readonly string[] }[]>;
}

const KIND = /(?:API|Model)$/u;

/** Of interfaces in use; a later one of the same words is left out. */
export const interfaceIndex = (names: readonly string[]): InterfaceIndex => {
  const byFirstWord = new Map<string, { readonly name: string; readonly words: readonly string[] }[]>();
  const seen = new Set<string>();
  for (const name of names) {
    const base = name.replace(/:v\d[\w.]*$/u, '');
    const words = allWords(base.replace(KIND, '') || base);
    const [first] = words;
    const key = `${words.join(' ')} ${KIND.exec(base)?.[0] ?? ''}`;
    if (first === undefined || seen.has(key)) continue;
    seen.add(key);
    const list = byFirstWord.get(first);
    if (list) list.push({ name, words });
    else byFirstWord.set(first, [{ name, words }]);
  }
  return { byFirstWord };
};

/** Interfaces whose words a text has in a row, in the order of the text: `records expenses` speaks of `ExpenseModel:v1`. */
export const interfacesNamedIn = (text: string, { byFirstWord }: InterfaceIndex): readonly string[] => {
  const words = allWords(text);
  const found = new Set<string>();
  for (const [at, word] of words.entries()) {
    for (const each of byFirstWord.get(word) ?? []) if (each.words.every((wanted, offset) => words[at + offset] === wanted)) found.add(each.name);
  }
  return [...found];
};
