/** What the document says of order is cited, and gates. */
import { describe, expect, test } from 'vitest';
import { found, foundIn, inputOf } from '../planned.ts';
import type { Sketch } from '../planned.ts';

const each = (ids: string, feature?: string): readonly Sketch[] =>
  ids.split(' ').map((id) => ({ id, title: `Build part ${id}`, requirements: [id.replace('T', 'R')], ...(feature !== undefined && { feature }) }));

const CHAIN = `# Logical Dependency Chain
1.  Storage module. [R1]
2.  Short code logic. [R2]
3.  Implement \`POST /api/shorten\` (depends on 1 & 2). [R3]
4.  Implement \`GET /:code\` (depends on 1). [R4]
5.  Frontend (depends on 3-4). [R5]
`;

describe('what the document states', () => {
  test('numbers of a list are its items: the words are cited, with their line', () => {
    const { edges, of } = found({ tasks: each('T1 T2 T3 T4 T5'), text: CHAIN });
    expect(edges.filter((edge) => edge.includes('>'))).toEqual(['T1>T3', 'T1>T4', 'T2>T3', 'T3>T5', 'T4>T5']);
    const dependency = of('T1', 'T3');
    expect(dependency).toMatchObject({ type: 'technical', confidence: 0.98, isHard: true });
    expect(dependency?.evidence[0]).toEqual({ type: 'doc', reason: 'Line 4: "depends on 1 & 2"', confidence: 0.98 });
  });

  test('items that are no requirements are found by what tasks are called', () => {
    const text = CHAIN.replaceAll(/ \[R\d\]/gu, '');
    const titles = ['Create the storage module', 'Implement short code logic', 'Implement the `POST /api/shorten` endpoint', 'Implement `GET /:code` redirects', 'Build the frontend'];
    const { edges } = found({ tasks: titles.map((title, index) => ({ id: `T${index + 1}`, title })), text });
    expect(edges.filter((edge) => edge.includes('>'))).toEqual(['T1>T3', 'T1>T4', 'T2>T3', 'T3>T5', 'T4>T5']);
  });

  test.each([
    ['It depends on FR-001.', 'T1>T2', 'technical'],
    ['It requires FR-001.', 'T1>T2', 'technical'],
    ['Blocked by: FR-001', 'T1>T2', 'technical'],
    ['It builds upon **FR-001**.', 'T1>T2', 'technical'],
    ['It comes after FR-001.', 'T1>T2', 'sequential'],
    ['It starts once FR-001 is done.', 'T1>T2', 'sequential'],
    ['It must ship before FR-001.', 'T2>T1', 'sequential'],
    ['It is a prerequisite for FR-001.', 'T2>T1', 'technical'],
    ['FR-001 depends on FR-002.', 'T2>T1', 'technical'],
  ])('%s', (sentence, edge, type) => {
    const { edges, dependencies } = found({ tasks: each('T1 T2'), text: `# Spec\n\n- First thing. [R1 FR-001]\n- Second thing. [R2 FR-002] ${sentence}\n` });
    expect(edges).toEqual([edge]);
    expect(dependencies[0]).toMatchObject({ type, isHard: true });
    expect(dependencies[0]?.evidence[0]?.type).toBe('doc');
  });

  test.each([
    'It does not depend on FR-001.',
    'It works without requiring FR-001.',
    'It requires 3 approvals.',
    'It retries after 1 failed attempt.',
    'Reminders are sent 1 day before the due date.',
    'Debts are settled before removal.',
    'After first thing, the second is shown.',
  ])('does not take for an order: %s', (sentence) => {
    const { edges } = found({ tasks: each('T1 T2'), features: [['F001', 'First thing']], text: `# Spec\n\n1. First thing. [R1 FR-001]\n2. Second thing. [R2 FR-002] ${sentence}\n` });
    expect(edges.filter((edge) => edge.includes('>'))).toEqual([]);
  });

  test('features, sections and interfaces are called by name', () => {
    const tasks = [
      { id: 'T1', title: 'Build households', feature: 'F001', requirements: ['R1'] },
      { id: 'T2', title: 'Build reminders', feature: 'F002', requirements: ['R2'] },
      { id: 'T3', title: 'Build the board', feature: 'F003', requirements: ['R3'], produces: ['BoardAPI:v1'] },
      { id: 'T4', title: 'Build the view', feature: 'F004', requirements: ['R4'] },
    ];
    const features = [['F001', 'Household Management'], ['F002', 'Reminders'], ['F003', 'Board'], ['F004', 'View']] as const;
    const text = '# A\n\nA home. [R1]\n\n# B\n\nReminders depend on the household management feature. [R2]\n\n# C\n\nA board. [R3]\n\n# D\n\nA view is built once the BoardAPI is ready. [R4]\n';
    const { edges, of } = found({ tasks, features, text });
    expect(edges.filter((edge) => edge.includes('>'))).toEqual(['T1>T2', 'T3>T4']);
    expect(of('T1', 'T2')?.confidence).toBe(0.9);
    expect(of('T3', 'T4')?.confidence).toBe(0.8);
  });

  test('numbered headings stand for what is asked for below them', () => {
    const text = '# Phase 1: Base\n\nA base. [R1]\n\n# Phase 2: House\n\nPhase 2 depends on Phase 1 completion.\n\nA house. [R2]\n';
    expect(found({ tasks: each('T1 T2'), text }).edges).toEqual(['T1>T2']);
  });

  test('nothing is taken from code, or from what the document does not want', () => {
    const text = '# Spec\n\nOne. [R1 FR-001]\n\nTwo. [R2 FR-002]\n\n```\nFR-002 depends on FR-001\n```\n\n# Non-goals\n\nFR-002 depends on FR-001.\n';
    expect(found({ tasks: each('T1 T2'), text }).edges).toEqual([]);
  });

  test('a requirement that only names another one is a hint', () => {
    const { edges, of } = found({ tasks: each('T1 T2'), text: 'One. [R1 FR-001]\n\nTwo, as in FR-001. [R2 FR-002 > R1]\n' });
    expect(edges).toEqual(['T1-T2']);
    expect(of('T1', 'T2')).toMatchObject({ type: 'sequential', confidence: 0.7 });
  });

  test('a statement orders what is built, and whoever serves both sides waits for nobody by it', () => {
    const tasks = [
      { id: 'T1', title: 'Build one', requirements: ['R1'] },
      { id: 'T2', title: 'Test one', requirements: ['R1'] },
      { id: 'T3', title: 'Build both', requirements: ['R1', 'R2'] },
      { id: 'T4', title: 'Build two', requirements: ['R2'] },
    ];
    const { edges } = found({ tasks, text: 'One. [R1 FR-001]\n\nTwo depends on FR-001. [R2 FR-002]\n' });
    expect(edges.filter((edge) => edge.includes('>T4'))).toEqual(['T1>T4']);
    expect(edges.filter((edge) => edge.includes('>T3'))).toEqual([]);
  });

  test('quotes hold nothing but the words of order and what they name', () => {
    const { dependencies } = found({ tasks: each('T1 T2'), text: 'One. [R1 FR-001]\n\nThe key sk-live-1234567890abcdef depends on FR-001, not on password=hunter22. [R2 FR-002]\n' });
    expect(JSON.stringify(dependencies[0]?.evidence)).toContain('depends on FR-001');
    expect(JSON.stringify(dependencies)).not.toMatch(/sk-live|hunter22/u);
  });

  test.each([
    ['words of order alone', 'after before requires depends on until once '],
    ['references', 'FR-001 depends on FR-001, FR-001 and FR-001 after FR-001 '],
    ['numbers', '1. depends on 1-9999, 2, 3 & 4\n'],
    ['brackets', '1. ((((((((((((((((((((((((((((((((((((((( depends on (((((((((( 3\n'],
    ['marks', '***```***\n'],
    ['headings', '# Phase 1 depends on Phase 2\n'],
  ])('a hundred kilobytes of %s take no long time', (_, piece) => {
    const text = `One. [R1 FR-001]\n\n${piece.repeat(Math.ceil(100_000 / piece.length))}`;
    const input = inputOf({ tasks: each('T1 T2'), text });
    const started = process.cpuUsage();
    foundIn(input);
    const { user } = process.cpuUsage(started);
    expect(user / 1_000).toBeLessThan(1_500);
  });
});
