/** Labelled sentences of real specifications (PURE), and how well something tells requirements among them. */
import { readFileSync } from 'node:fs';

export interface LabelledSentence {
  readonly text: string;
  readonly document: string;
  readonly isRequirement: boolean;
}

export interface Score {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** Fields of a CSV file, quoted or not; line ends within quotes belong to the field. */
const recordsOf = (csv: string): readonly (readonly string[])[] => {
  const records: string[][] = [[]];
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    records.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '') break;
    if (end !== ',') records.push([]);
  }
  return records;
};

export const readSentences = (file: string): readonly LabelledSentence[] =>
  recordsOf(readFileSync(file, 'utf8'))
    .slice(1)
    .flatMap(([, text, document, label]) => (text === undefined || document === undefined || label === undefined ? [] : [{ text, document, isRequirement: label === 'Req' }]));

/** Of a judge against the labels. Without any requirement, or any found, what cannot be said is 0. */
export const scoreOf = (sentences: readonly LabelledSentence[], judge: (text: string) => boolean): Score => {
  let right = 0;
  let wrong = 0;
  let missed = 0;
  for (const { text, isRequirement } of sentences) {
    const found = judge(text);
    if (found && isRequirement) right += 1;
    else if (found) wrong += 1;
    else if (isRequirement) missed += 1;
  }
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return { precision: share(right, right + wrong), recall: share(right, right + missed), f1: share(2 * right, 2 * right + wrong + missed) };
};

/** Half of the documents, every second by name: rules were written and weighed with these before one's eyes, and with no other. */
export const isTunedOn = (documents: readonly string[]): ((document: string) => boolean) => {
  const sorted = [...new Set(documents)].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return (document) => sorted.indexOf(document) % 2 === 0;
};
