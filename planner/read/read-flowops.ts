/** FlowOps plans (spec/000): the tasks, and the configuration and the resources that may lie beside them. */
import type { Draft, Findings, PolicyChanges } from './draft.ts';
import { readEnvelope, top, without } from './envelope.ts';
import { joinDeclared, NOTHING_DECLARED, readDeclared, readResourcesFile } from '../resources/declared.ts';
import { flowopsConfigSchema, flowopsSchema } from './flowops.schema.ts';
import { combinePolicies, mapPolicies, readPolicies, warnDisagreement, warnPolicies } from './read-policies.ts';
import type { WrittenPolicies } from './policies.schema.ts';
import { isRecord, readTasks } from './read-task.ts';
import type { SourceDocument, Where } from './source.ts';
import { inside } from './source.ts';

export interface FlowopsFiles {
  readonly main: SourceDocument;
  readonly config?: SourceDocument | undefined;
  readonly resources?: SourceDocument | undefined;
}

/** Stand beside `policies` in spec/000, and mean the same in them. */
const TOP_POLICIES = ['circuit_breakers', 'playbooks', 'failure_rules', 'executors', 'error_policy', 'self_heal_policy', 'sentinels', 'canaries'] as const;

const topPolicies = (doc: SourceDocument, envelope: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined => {
  const stated = TOP_POLICIES.filter((key) => envelope[key] !== undefined && isRecord(doc.value));
  return stated.length > 0 ? Object.fromEntries(stated.map((key) => [key, envelope[key]])) : undefined;
};

interface Stated {
  readonly written: WrittenPolicies;
  readonly where: Where;
}

/** Of the plan and then of the file beside it: that one wins. */
const policiesOf = (parts: readonly { readonly doc: SourceDocument; readonly envelope: Readonly<Record<string, unknown>> }[], findings: Findings): PolicyChanges => {
  const stated = (value: unknown, where: Where): Stated | undefined => {
    const written = value === undefined ? undefined : readPolicies(value, where, findings);
    if (written) warnPolicies(written, where, findings);
    return written && { written, where };
  };
  const read = parts.map(({ doc, envelope }) => ({ beside: stated(topPolicies(doc, envelope), top(doc)), own: stated(envelope['policies'], inside(top(doc), 'policies')) }));
  const [plan, config] = read;
  if (plan?.own && config?.own) warnDisagreement({ winner: config.own, loser: plan.own, findings });
  return combinePolicies(...read.flatMap(({ beside, own }) => [beside, own].flatMap((one) => (one ? [mapPolicies(one.written, one.where)] : []))));
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
    policies: policiesOf([{ doc: main, envelope }, ...(config && beside ? [{ doc: config, envelope: beside }] : [])], findings),
    declared,
    fields: {
      ...without(main.value, 'tasks'),
      ...(config ? { [config.name]: config.value } : {}),
      ...(resources ? { [resources.name]: resources.value } : {}),
    },
  };
};
