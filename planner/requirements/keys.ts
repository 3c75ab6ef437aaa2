/** Ids that a document gives its own requirements, and where it speaks of them. */

const AT_START = /^[\s*_`[(#]{0,6}((?:FR|NFR|US|REQ|UC|AC|SC|BR|SR|TR|UR|IR|PR|QR|CON|DEP|TC|EPIC|STORY|FEAT|TASK)[-_ ]?\d{1,4}(?:\.\d{1,3}){0,3}[a-z]?|[A-Z][A-Z0-9]{0,7}(?:-[A-Z]{1,8}){0,2}-\d{1,4}(?:\.\d{1,3}){0,3}[a-z]?|[RTF]\d{1,4}[a-z]?)(?=$|[\s*_`\])]{0,6}(?:[:.)\]|–—-]|$|\s))/;
/** Shapes of a key that name something else. */
const NO_KEY = /^(?:UTF|SHA|ISO|IEC|IEEE|RFC|HTTP|AES|RSA|MD|TLS|SSL|ES|EC|CVE|CWE|WCAG|USB|IPV|OAUTH|GPT|COVID|ECMA|ANSI|BCP|PCI|SOC|X)-?\d/i;
const ANYWHERE = /(?<![\w/-])[A-Z][A-Z0-9]{0,7}(?:-[A-Z]{1,8}){0,2}[-_ ]?\d{1,4}(?:\.\d{1,3}){0,3}[a-z]?(?![\w/])/g;
const RANGE = /([A-Z][A-Z0-9]{0,7}(?:-[A-Z]{1,8}){0,2}[-_ ]?\d{1,4}[a-z]?)\s{0,2}(?:to|through|until|[-–—…]|\.\.\.?)\s{0,2}([A-Z][A-Z0-9]{0,7}(?:-[A-Z]{1,8}){0,2}[-_ ]?\d{1,4}[a-z]?)/g;

/** `US 1`, `us_1` and `US-1` are one. */
export const canonicalKey = (key: string): string => key.replace(/[-_ ](?=\d)/, '-').replace(/^([A-Za-z]+)(?=\d)/, '$1-').toUpperCase();

export const keyAtStart = (text: string): string | undefined => {
  const [, key] = AT_START.exec(text.slice(0, 80)) ?? [];
  return key === undefined || NO_KEY.test(key) ? undefined : key;
};

export const keysWithin = (text: string): readonly string[] => [...text.matchAll(ANYWHERE)].map(([key]) => key);

export const rangesWithin = (text: string): readonly (readonly [string, string])[] => [...text.matchAll(RANGE)].map(([, from = '', to = '']) => [from, to] as const);

const NUMBERS = /\b(?:depends? (?:up)?on|dependent on|requires?|needs|after|blocked by|builds? (?:up)?on|follows|prerequisites?:?|based on|see)\s{1,3}(?:(?:items?|steps?|tasks?|features?|points?|numbers?|nos?\.?)\s{1,2})?#?(\d{1,3}(?:\s{0,2}(?:,|&|and|\+|or|,\s?and)\s{0,2}#?\d{1,3}){0,20})(?=\s{0,2}(?:[).,;:\]]|$))/gi;

/** Numbers of items of the same list that an item names: "depends on 3 & 4". */
export const numbersWithin = (text: string): readonly number[] => [...text.matchAll(NUMBERS)].flatMap(([, list = '']) => [...list.matchAll(/\d{1,3}/g)].map(([digits]) => Number(digits)));

/** How a key reads as kind: NFR- and QR- are qualities. */
export const isQualityKey = (key: string): boolean => /^(?:NFR|QR|SC|PERF|SEC)/i.test(key);
export const isScenarioKey = (key: string): boolean => /^(?:AC|TC)[-_ ]?\d/i.test(key);
