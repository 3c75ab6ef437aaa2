/** The order of the document is a hint between neighbours. */
import { describe, expect, test } from 'vitest';
import { found } from '../planned.ts';

const each = (count: number, sameFeature = false) => Array.from({ length: count }, (_, at) => ({ id: `T${at + 1}`, title: `Build part ${at + 1}`, feature: sameFeature ? 'F1' : `F${at + 1}`, requirements: [`R${at + 1}`] }));

describe('order alone', () => {
  test('of chapters joins neighbours softly, with little certainty', () => {
    const { edges, dependencies } = found({ tasks: each(4) });
    expect(edges).toEqual(['T1-T2', 'T2-T3', 'T3-T4']);
    expect(dependencies.every(({ type, confidence, isHard }) => type === 'sequential' && confidence === 0.5 && !isHard)).toBe(true);
  });

  test('of a list counts where it is a list of steps', () => {
    const list = '1. One. [R1]\n2. Two. [R2]\n3. Three. [R3]\n';
    const steps = found({ tasks: each(3, true), text: `# Development Roadmap\n\n${list}` });
    expect(steps.edges).toEqual(['T1-T2', 'T2-T3']);
    expect(steps.of('T1', 'T2')).toMatchObject({ confidence: 0.6, evidence: [{ type: 'doc', reason: 'Line 4: step 2 of a list of steps', confidence: 0.6 }] });
    expect(found({ tasks: each(3, true), text: `# Features\n\n${list}` }).edges).toEqual([]);
  });

  test('gives way to what is harder, at whatever distance and in whatever direction', () => {
    const tasks = each(3).map((task, at) => ({ ...task, ...(at === 0 ? { consumes: ['X:v1'] } : {}), ...(at === 1 ? { produces: ['X:v1'] } : {}) }));
    expect(found({ tasks }).edges).toEqual(['T2>T1', 'T2-T3']);
  });

  test('is bounded', () => {
    expect(found({ tasks: each(500) }).edges).toHaveLength(200);
  });
});
