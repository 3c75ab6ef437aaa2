/** TASKS1309: every artifact is there, and is what its schema says. What a hard fail says already is not said again. */
import type { z } from 'zod';
import { ARTIFACT_NAMES, META_NAME } from '../../artifacts/bundle.ts';
import { ARTIFACT_SCHEMAS } from '../../artifacts/schemas.ts';
import { findings } from '../../read/schema-problems.ts';
import { pathText, quote } from '../../read/words.ts';
import type { Finding } from '../finding.ts';
import { fileFinding, findingAt } from '../finding.ts';
import type { Rule } from '../rule.ts';
import type { V3View } from '../view.ts';

const CODE = 'TASKS1309';
/** Of one file; the rest is counted. */
const MAX_FINDINGS = 200;

const shownName = ({ directory }: V3View, name: string): string => (directory === undefined ? name : `${directory}/${name}`);

const missing = (view: V3View): readonly Finding[] => {
  // What comes from a pipe has the seven files of the specification, and no meta.
  const wanted = [...ARTIFACT_NAMES, ...(view.directory === undefined ? [] : [META_NAME])];
  return wanted
    .filter((name) => !view.documents.has(name) && !view.texts.has(name))
    .map((name) => fileFinding({ code: CODE, message: `${name} is missing`, file: name, shown: shownName(view, name), hint: 'Plan again, or take the file from where the plan was made.' }));
};

const blank = (view: V3View): readonly Finding[] =>
  [...view.texts].filter(([, text]) => !/\S/.test(text)).map(([name]) => fileFinding({ code: CODE, message: `${name} says nothing`, file: name, shown: shownName(view, name) }));

const schemaFindings = (view: V3View, file: string, schema: z.ZodType): readonly Finding[] => {
  const doc = view.documents.get(file);
  if (!doc) return [];
  const parsed = schema.safeParse(doc.value);
  if (parsed.success) return [];
  const found = findings(parsed.error.issues, doc.value).map(({ path, message, key, hint }) =>
    findingAt({ code: CODE, message: `${pathText(path) || file}: ${message}`, where: { doc, path, key: key ?? false }, hint: hint ?? `tasks validate-plan --schema ${nameOf(file)} says what may stand here.` }),
  );
  const rest = found.length - MAX_FINDINGS;
  const more = rest > 0 ? [fileFinding({ code: CODE, message: `${quote(file)}: ${rest} more places are not what the schema says`, file, shown: doc.file })] : [];
  return [...found.slice(0, MAX_FINDINGS), ...more];
};

const nameOf = (file: string): string => Object.entries(ARTIFACT_SCHEMAS).find(([, each]) => each.file === file)?.[0] ?? 'tasks';

export const artifacts: Rule = {
  code: CODE,
  check: (view) => [...missing(view), ...blank(view), ...Object.values(ARTIFACT_SCHEMAS).flatMap(({ file, schema }) => schemaFindings(view, file, schema))],
};
