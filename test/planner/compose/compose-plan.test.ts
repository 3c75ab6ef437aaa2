/** Whole plans of real documents: valid, the same each time, and such as somebody could work by. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bundleFiles, fenced } from '../../../planner/artifacts/bundle.ts';
import type { PlanBundle } from '../../../planner/artifacts/bundle.ts';
import { EMPTY_ANALYSIS } from '../../../planner/codebase/analysis.ts';
import type { CodebaseAnalysis } from '../../../planner/codebase/analysis.ts';
import { composePlan } from '../../../planner/compose/compose-plan.ts';
import { DEFAULT_PLAN_OPTIONS } from '../../../planner/compose/options.ts';
import { describe as documentOf, readDocument } from '../../../planner/document/read-document.ts';
import { findRequirements } from '../../../planner/requirements/find-requirements.ts';
import { validatePlan } from '../../../planner/validate/validate-plan.ts';

const root = new URL('../../../', import.meta.url).pathname;
const DATA = join(process.env['TASKS_TEST_DATA'] ?? join(root, '..', 'shared', 'data'), 'documents');
const OWN = ['todo-cli.md', 'payments-service.md'].map((name) => join(root, 'examples', 'specs', name));
const OTHERS = ['sample-prd.md', 'flatmate-life-spec.md', 'loop-prd.md'].map((name) => join(DATA, name));

const compose = (name: string, bytes: Uint8Array, codebase: CodebaseAnalysis = EMPTY_ANALYSIS): PlanBundle => {
  const document = readDocument({ name, bytes });
  if (!document.ok) throw new Error(JSON.stringify(document.error));
  const composed = composePlan({ document: document.value, requirements: findRequirements(document.value), codebase, options: DEFAULT_PLAN_OPTIONS, version: '1.2.3' });
  if (!composed.ok) throw new Error(JSON.stringify(composed.error));
  return composed.value.bundle;
};
const bytesOf = (bundle: PlanBundle): string => fenced(bundleFiles(bundle));

describe.each([...OWN, ...OTHERS])('a plan of %s', (path) => {
  it.skipIf(!existsSync(path))('is valid, cites what is there, and is the same again', async () => {
    const bytes = await readFile(path);
    const text = bytes.toString('utf8');
    const bundle = compose(basename(path), bytes);
    const validation = await validatePlan({ source: { stdin: bytesOf(bundle) }, document: path });
    expect(validation.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(bytesOf(compose(basename(path), bytes))).toBe(bytesOf(bundle));
    const { tasks, features, dag, coverage } = bundle;
    for (const { source_evidence: evidence } of [...tasks.tasks, ...features.features]) {
      for (const { quote, loc } of evidence) expect(quote).toBe(text.slice(loc.start, loc.end));
    }
    expect(coverage.normative).toBe(1);
    expect(features.features.length).toBeGreaterThanOrEqual(4);
    expect(features.features.length).toBeLessThanOrEqual(25);
    const sized = tasks.tasks.filter(({ duration: { mostLikely } }) => mostLikely >= 2 && mostLikely <= 8).length / tasks.tasks.length;
    expect(sized).toBeGreaterThanOrEqual(0.8);
    expect(dag.metrics.verbFirstPct).toBeGreaterThanOrEqual(0.9);
    // Not everything one after the other.
    expect(dag.metrics.widthApprox).toBeGreaterThanOrEqual(Math.min(5, tasks.tasks.length / 4));
    expect(new Set(tasks.tasks.map(({ title }) => title)).size).toBe(tasks.tasks.length);
  });
});

it('tasks that extend the same file, and those that need the same resource, take turns', () => {
  const found = documentOf('# Shop\n\n## Orders\n\n- The OrderService must cancel an order.\n- The OrderService must refund an order.\n- The system must apply database migrations to orders.\n\n## Stock\n\n- The system must apply database migrations to stock.\n');
  if (!found.ok) throw new Error('no document');
  const codebase: CodebaseAnalysis = { ...EMPTY_ANALYSIS, languages: [{ language: 'typescript', files: 1 }], sourceRoots: ['src'], symbols: [{ name: 'OrderService', kind: 'class', file: 'src/order-service.ts', line: 3, isExported: true, bases: [] }] };
  const { tasks, waves } = compose('shop.md', new TextEncoder().encode(found.value.text), codebase);
  expect(tasks.tasks.filter(({ reuses_existing: reuse }) => reuse.extends.includes('OrderService')).map(({ files_scope: scope }) => scope?.writes[0])).toContain('src/order-service.ts');
  const migrating = tasks.tasks.filter(({ resource_requirements: { estimated } }) => estimated.exclusive_resources.includes('database_migrations')).map(({ id }) => id);
  expect(migrating).toHaveLength(2);
  expect(tasks.resource_conflicts['database_migrations']).toMatchObject({ tasks: expect.arrayContaining(migrating) as unknown, resolution: 'sequential_ordering' });
  expect(tasks.dependencies).toContainEqual(expect.objectContaining({ type: 'mutual_exclusion', shared_resource: 'database_migrations', confidence: 1 }));
  for (const { running } of Object.values(waves.execution_models.rolling_frontier.execution_simulation)) expect(running.filter((id) => migrating.includes(id)).length).toBeLessThanOrEqual(1);
});

it('a task of more than sixteen hours is split, and the record says so', () => {
  const items = Array.from({ length: 30 }, (_, at) => `- Given case ${at + 1}, when a payment arrives twice, then it is booked once.`).join('\n');
  const { tasks } = compose('x.md', new TextEncoder().encode(`# X\n\n## Functional requirements\n\n- The system must book payments.\n- The system must list payments.\n\n## Acceptance scenarios\n\n${items}\n`));
  expect(tasks.meta.autonormalization.split[0]).toMatch(/^(P1\.T\d+)->\1a,\1b.* \(>16h\)$/);
  expect(Math.max(...tasks.tasks.map(({ duration }) => duration.mostLikely))).toBeLessThanOrEqual(16);
  const [first, second] = tasks.tasks.filter(({ id }) => /[ab]$/.test(id)).map(({ id }) => id);
  expect(tasks.dependencies).toContainEqual(expect.objectContaining({ from: first, to: second, isHard: true }));
});
