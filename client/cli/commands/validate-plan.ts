/** `tasks validate-plan`: whether a plan is what it has to be. */
import { join, resolve, dirname } from 'node:path';
import { stat } from 'node:fs/promises';
import { EXIT, PROBLEMS } from '../../../model/problem.ts';
import { SCHEMA_NAMES } from '../../../planner/artifacts/schema-names.ts';
import { replaceFile } from '../../plans/replace-file.ts';
import type { CommandSpec } from '../command-spec.ts';
import type { Context } from '../context.ts';
import { reportWarnings, usageError } from '../errors.ts';
import { choosePlan, PLAN_OR_STDIN } from '../plan-choice.ts';
import { counted } from '../view/counts-text.ts';
import { validationText } from '../view/validation-text.ts';
import { sayWaitingForPlan } from '../waiting.ts';

export const validatePlanCommand: CommandSpec = {
  name: 'validate-plan',
  group: 'Plan',
  summary: 'Say whether a plan is what it has to be, and how to mend what is not',
  description: [
    'Any plan is held to its structure. A T.A.S.K.S. v3 directory (one with features.json, dag.json or .tasks-meta.json) is held to all of spec/001 as well, whoever wrote or edited it: the eight hard fails, the schemas of its files, hashes, references between them, quotes against the document, resource conflicts, and, as warnings, the quality metrics. Phase plans and FlowOps plans are held to the guardrails of spec/003. docs/validation.md has every rule.',
    'Quotes are compared with --document; without it with the document of the name and hash in .tasks-meta.json, if it lies beside the plan, one directory above, or in the code base.',
    'Exit codes: 0 valid, 5 not valid (or, with --strict, warnings).',
  ],
  arguments: [{ ...PLAN_OR_STDIN, optional: true }],
  options: [
    { name: 'document', value: 'FILE', env: false, description: 'The specification that the plan was made of' },
    { name: 'strict', description: 'Warnings count like errors' },
    { name: 'write-hashes', env: false, description: 'Make hashes anew after an edit, then validate' },
    { name: 'schema', value: 'NAME', env: false, choices: SCHEMA_NAMES, description: 'Print the JSON Schema of a file of a plan, and do nothing' },
  ],
  examples: [
    { says: 'Everything that is wrong, and how to mend it', command: 'tasks validate-plan ./tasks_output' },
    { says: 'Quotes against the specification; warnings count', command: 'tasks validate-plan ./tasks_output --document spec.md --strict' },
    { says: 'After an edit', command: 'tasks validate-plan @latest --write-hashes' },
    { says: 'For a program that mends a plan', command: 'tasks validate-plan ./tasks_output -o json' },
    { says: 'What an editor checks tasks.json with', command: 'tasks validate-plan --schema tasks > tasks.schema.json' },
  ],
  run: async (context) => {
    const { args, values, out, services, cwd } = context;
    const name = SCHEMA_NAMES.find((each) => each === values.text('schema'));
    if (name !== undefined) {
      const { artifactJsonSchema } = await import('../../../planner/artifacts/schemas.ts');
      const schema = artifactJsonSchema(name);
      out.answer(schema, () => JSON.stringify(schema, undefined, 2));
      return EXIT.ok;
    }
    if (args[0] === undefined) throw usageError("missing required argument 'plan'", 'see `tasks validate-plan --help`');
    const reference = await choosePlan(context, args[0]);
    if (values.flag('write-hashes')) await writeHashes(context, reference);
    const document = values.text('document');
    const validation = await sayWaitingForPlan(context, reference, services.validatePlan({ reference, cwd, ...(document !== undefined && { document }) }));
    const { findings, warnings, isDirectory } = validation;
    const errors = findings.filter(({ severity }) => severity === 'error').length;
    const isFine = values.flag('strict') ? findings.length === 0 : validation.isValid;
    out.answer({ ...validation, errors, warnings: findings.length - errors, findings: findings.map((finding) => ({ ...finding, reason: PROBLEMS[finding.code].reason })), notes: warnings }, () => validationText(validation));
    reportWarnings(out, warnings);
    if (isDirectory && validation.document === undefined) out.hint('Quotes were not compared with the document: name it with --document');
    return isFine ? EXIT.ok : EXIT.plan;
  },
};

const writeHashes = async ({ services, cwd, out }: Context, reference: string): Promise<void> => {
  if (reference === '-') throw usageError('--write-hashes writes into the plan, and standard input cannot be written', 'name its directory');
  const path = resolve(cwd, reference);
  const files = await services.newHashes({ reference, cwd });
  const directory = (await stat(path)).isDirectory() ? path : dirname(path);
  for (const { name, text } of files) await replaceFile(join(directory, name), text);
  out.progress(files.length === 0 ? 'Every hash is what it should be: nothing was written' : `Hashes made anew in ${counted(files.length, 'file', 'files')}: ${files.map(({ name }) => name).join(', ')}`);
};
