/** Both documents have the headings of the examples in spec/001, in their order and depth, and are Markdown that says what it seems to. */
import type { Heading, Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { toString } from 'mdast-util-to-string';
import { gfm } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { EMPTY_ANALYSIS } from '../../../planner/codebase/analysis.ts';
import { decisionsMarkdown } from '../../../planner/prose/decisions-markdown.ts';
import { planMarkdown } from '../../../planner/prose/plan-markdown.ts';
import { complete } from './complete.ts';
import { evidence, proseInput, task } from './support.ts';

const parse = (markdown: string): Root => fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });
const headings = (markdown: string): readonly string[] => parse(markdown).children.flatMap((node) => (node.type === 'heading' ? [`${'#'.repeat((node satisfies Heading).depth)} ${toString(node)}`] : []));

const PLAN = [
  /^# Execution Plan: Orders and payments$/,
  /^## Execution Strategy Recommendation: Rolling Frontier$/,
  /^### Why Rolling Frontier\?$/,
  /^### System Resource Requirements$/,
  /^## Codebase Analysis Results$/,
  /^### Existing Components Leveraged \(\d+% of tasks build on existing code\)$/,
  /^### New Interfaces Required$/,
  /^### Architecture Patterns Identified$/,
  /^### Shared Resources Creating Constraints$/,
  /^## Execution Metrics$/,
  /^## Wave-Based Execution Plan$/,
  /^### Wave 1: Foundation \(P50: [\d.]+h, P80: [\d.]+h, P95: [\d.]+h\)$/,
  /^### Wave 2: /,
  /^### Total Wave-Based Timeline$/,
  /^## Rolling Frontier Execution Plan$/,
  /^### Initial Frontier \(Time 0h\)$/,
  /^### Execution Timeline Simulation$/,
  /^#### Time 0h: Start$/,
  /^#### Time [\d.]+h: Resource Contention$/,
  /^#### Time [\d.]+h: All Done$/,
  /^### Rolling Frontier Advantages$/,
  /^## Risk Analysis$/,
  /^### High-Risk Dependencies$/,
  /^### Low-Confidence Dependencies \(require validation\)$/,
  /^### Soft Dependencies \(parallelizable\)$/,
  /^## Resource Bottleneck Analysis$/,
  /^### [a-z_]+ \((?:Critical|Moderate|Low)\)$/,
  /^## Auto-Normalization Actions Taken$/,
  /^### Task Splits \(Exceeded 16h limit\)$/,
  /^### Task Merges \(Under 0.5h threshold\)$/,
  /^## Requirement Coverage$/,
  /^### Out of Scope$/,
  /^## Clarifications$/,
  /^## Success Metrics$/,
  /^## Tasks by Feature$/,
  /^### F001: Orders \(critical\)$/,
];

/** Whether all are met, one after the other, with others between them. */
const missing = (found: readonly string[], wanted: readonly RegExp[]): readonly RegExp[] => {
  let at = 0;
  return wanted.filter((pattern) => {
    const next = found.findIndex((heading, index) => index >= at && pattern.test(heading));
    if (next >= 0) at = next + 1;
    return next < 0;
  });
};

const plan = planMarkdown(complete());
const decisions = decisionsMarkdown(complete());

describe('headings of Plan.md', () => {
  it('are those of the specification, in its order', () => {
    expect(missing(headings(plan), PLAN)).toEqual([]);
  });

  it('name the model that was asked for, and say when the forecast favours the other', () => {
    const input = complete();
    const waves = planMarkdown({ ...input, options: { ...input.options, executionModel: 'wave_based' } });
    expect(headings(waves)).toContain('### Why Wave-Based?');
    expect(waves).toContain('although the forecast favours the rolling frontier, which would save 3h');
  });

  it('leave no section empty: each heading is followed by something', () => {
    for (const markdown of [plan, decisions]) {
      const { children } = parse(markdown);
      const bare = children.filter((node, index) => node.type === 'heading' && ((next) => next === undefined || (next.type === 'heading' && next.depth <= node.depth))(children[index + 1]));
      expect(bare.map((node) => toString(node))).toEqual([]);
    }
  });
});

describe('headings of Decisions.md', () => {
  const found = headings(decisions);

  it('number the decisions, and tell each in the four parts of the specification', () => {
    const decisions = found.filter((heading) => heading.startsWith('## Decision'));
    expect(decisions.map((heading) => Number(/^## Decision (\d+): \S/.exec(heading)?.[1]))).toEqual(decisions.map((_, index) => index + 1));
    for (const part of ['### Context', '### Options Considered', '### Rationale', '### Implementation Notes']) expect(found.filter((heading) => heading === part)).toHaveLength(decisions.length);
    expect(found[0]).toBe('# Design Decisions Log');
    expect(found.at(-1)).toBe('## Key Design Principles Applied');
  });

  it('offer two options or more each, of which one is selected', () => {
    const groups = found.join('\n').split(/^## /m).filter((part) => part.startsWith('Decision'));
    for (const group of groups) {
      const options = group.split('\n').filter((line) => line.startsWith('#### Option'));
      expect(options.length, group).toBeGreaterThanOrEqual(2);
      expect(options.filter((line) => line.endsWith('(SELECTED)')), group).toHaveLength(1);
      expect(options.map((line) => line.charAt('#### Option '.length)).join('')).toBe('ABCDEFGHIJ'.slice(0, options.length));
    }
  });

  it('has a decision on each subject that arises', () => {
    for (const subject of ['Execution Model Selection', 'Concurrency', 'Extension of BaseController', 'New Implementation for F002', 'Turns at database_migrations', 'Sharing test_db_pool', 'Shared Resource Handling', 'Split of P1.T004', 'Merge of P1.T009 and P1.T010', 'Confidence Threshold', 'Checkpoint Strategy', 'Worker Specialization', 'Alternatives the Document Considered', 'Scope Boundaries'])
      expect(found.some((heading) => heading.startsWith('## Decision') && heading.includes(subject)), subject).toBe(true);
  });

  it('leaves out what does not arise', () => {
    const plain = headings(decisionsMarkdown(proseInput({ title: 'Small', features: [{ id: 'F001', title: 'One', description: '', priority: 'high', source_evidence: [evidence('One')] }], tasks: [task({ id: 'A', title: 'Add one' })], dependencies: [], codebase: EMPTY_ANALYSIS, options: { maxConcurrent: 1 } })));
    expect(plain.filter((heading) => heading.startsWith('## Decision')).map((heading) => heading.replace(/^## Decision \d+: /, ''))).toEqual(['Execution Model Selection', 'Concurrency']);
  });
});
