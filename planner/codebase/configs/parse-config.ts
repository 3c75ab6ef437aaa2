/** YAML, TOML and JSON files of a code base as data. */
import { parse as parseJson, printParseErrorCode } from 'jsonc-parser';
import type { ParseError } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import { parseAllDocuments } from 'yaml';
import { Data, NO_DATA } from './data.ts';

export interface ParsedConfig {
  readonly data: Data;
  /** Why it could not be read as a whole. */
  readonly fault?: string;
}

/** Of a file with several documents, the first. What is no data format has none. */
export const parseConfig = (path: string, text: string): ParsedConfig => {
  try {
    if (path.endsWith('.json')) return json(text);
    if (path.endsWith('.toml') || path.endsWith('Pipfile')) return { data: new Data(parseToml(text)) };
    return /\.ya?ml$/.test(path) ? yaml(text) : { data: NO_DATA };
  } catch (error) {
    // Also a stack that overflows: how deep it nests is up to whoever wrote it.
    return { data: NO_DATA, fault: firstLine(error instanceof Error ? error.message : String(error)) };
  }
};

const json = (text: string): ParsedConfig => {
  const errors: ParseError[] = [];
  const value: unknown = parseJson(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  return { data: new Data(value), ...(error && { fault: `it is not valid JSON: ${printParseErrorCode(error.error)}` }) };
};

const yaml = (text: string): ParsedConfig => {
  // Templates of other programs are YAML only once they are filled in.
  const [document] = parseAllDocuments(text, { logLevel: 'silent', uniqueKeys: false });
  if (!document || !('toJS' in document)) return { data: NO_DATA };
  const [error] = document.errors;
  return { data: new Data(error ? undefined : document.toJS({ maxAliasCount: 100 })), ...(error && { fault: firstLine(error.message) }) };
};

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').slice(0, 200);
