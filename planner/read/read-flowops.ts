/** FlowOps plans (spec/000): the tasks, and the configuration and the resources that may lie beside them. */
import type { Draft, Findings, PolicyChanges } from './draft.ts';
import { readEnvelope, top, without } from './envelope.ts';
import { joinDeclared, NOTHING_DECLARED, readDeclared, readResourcesFile } from '../resources/declared.ts';
import { flowopsConfigSchema, flowopsSchema } from './flowops.schema.ts';
import { combinePolicies, mapPolicies, readPolicies, warnDisagreement, warnPolicies } from './read-policies.ts';
import { isRecord, readTasks } from './read-task.ts';
import type { SourceDocument } from './source.ts';
import { inside } from './source.ts';

export interface FlowopsFiles {
  readonly main: SourceDocument;
  readonly config?: SourceDocument | undefined;
  readonly resources?: SourceDocument | undefined;
}

/** Of the plan and then of the file beside it: that one wins. */
const policiesOf = (files: FlowopsFiles, raw: { main: unknown; config: unknown }, findings: Findings): PolicyChanges => {
  const stated = (doc: SourceDocument | undefined, value: unknown) => {
    if (!doc || value === undefined) return undefined;
    const where = inside(top(doc), 'policies');
    const written = readPolicies(value, where, findings);
    if (written) warnPolicies(written, where, findings);
    return written && { written, where };
  };
  const plan = stated(files.main, raw.main);
  const beside = stated(files.config, raw.config);
  if (plan && beside) warnDisagreement({ winner: beside, loser: plan, findings });
  return combinePolicies(...[plan, beside].flatMap((one) => (one ? [mapPolicies(one.written)] : [])));
};

export const readFlowops = (files: FlowopsFiles, findings: Findings): Draft | undefined => {
  const { main, config, resources } = files;
  const bare = Array.isArray(main.value);
  const where = top(main);
  const envelope = bare
    ? { tasks: main.value as unknown[] }
    : readEnvelope({ schema: flowopsSchema, value: main.value, where, findings });
  const beside = config && readEnvelope({ schema: flowopsConfigSchema, value: config.value, where: top(config), findings });
  const declared = joinDeclared(
    isRecord(main.value) ? readDeclared(main.value, where, findings) : NOTHING_DECLARED,
    config && beside ? readDeclared(beside, top(config), findings) : NOTHING_DECLARED,
    readResourcesFile(resources, findings),
  );
  if (!envelope) return undefined;
  const { tasks, edges } = readTasks({ raw: envelope.tasks, where: bare ? where : inside(where, 'tasks'), findings });
  return {
    format: 'flowops',
    name: 'name' in envelope ? envelope.name : undefined,
    codebasePath: 'codebase_path' in envelope ? envelope.codebase_path : undefined,
    where,
    tasks,
    edges,
    policies: policiesOf(files, { main: 'policies' in envelope ? envelope.policies : undefined, config: beside?.policies }, findings),
    declared,
    fields: {
      ...without(main.value, 'tasks'),
      ...(config ? { [config.name]: config.value } : {}),
      ...(resources ? { [resources.name]: resources.value } : {}),
    },
  };
};
