/** Whether a text is JSON or YAML, and its content where that is wanted. */
import { parseAllDocuments } from 'yaml';
import { fail, ok, type Result } from '../../model/problem.ts';

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '';

const parseJson = (text: string): Result<unknown, string> => {
  try {
    return ok(JSON.parse(text.replace(/^\ufeff/, '')));
  } catch (error) {
    return fail(`is not valid JSON: ${firstLine(error)}`);
  }
};

/** Content of the first document. YAML's aliases are bounded by the library (a hundred expansions). */
const parseYaml = (text: string): Result<unknown, string> => {
  try {
    const documents = parseAllDocuments(text, { logLevel: 'silent' });
    if (documents.length === 0) return fail('is not valid YAML: it is empty');
    for (const { errors } of documents) if (errors[0]) return fail(`is not valid YAML: ${firstLine(errors[0])}`);
    return ok(documents[0]?.toJS());
  } catch (error) {
    return fail(`is not valid YAML: ${firstLine(error)}`);
  }
};

const problemOf = (result: Result<unknown, string>): string | undefined => (result.ok ? undefined : result.error);

export const jsonProblem = (text: string): string | undefined => problemOf(parseJson(text));
export const yamlProblem = (text: string): string | undefined => problemOf(parseYaml(text));

/** JSON where the text looks like it, otherwise YAML. */
export const parseDocument = (text: string): Result<unknown, string> => (/^\s*[{[]/.test(text) ? parseJson(text) : parseYaml(text));
