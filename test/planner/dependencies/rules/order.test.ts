/** The order of the document is a hint between neighbours. */
import { describe, expect, test } from 'vitest';
import { found } from '../planned.ts';

const each = (count: number, sameFeature = false) => Array.from({ length: count }, (_, at) => ({ id: `T${at + 1}`, title: `Build part ${at + 1}`, feature: sameFeature ? 'F1' : `F${at + 1}`, requirements: [`R${at + 1}`] }));

describe('order alone', () => {
  test('of chapters is none: features run beside each other', () => {
    expect(found({ tasks: each(4) }).edges).toEqual([]);
  });

  test('of a list counts where it is a list of steps', () => {
    const list = '1. One. [R1]\n2. Two. [R2]\n3. Three. [R3]\n';
    const steps = found({ tasks: each(3, true), text: `# Development Roadmap\n\n${list}` });
    expect(steps.edges).toEqual(['T1-T2', 'T2-T3']);
    expect(steps.of('T1', 'T2')).toMatchObject({ confidence: 0.6, evidence: [{ type: 'doc', reason: 'Line 4: step 2 of a list of steps', confidence: 0.6 }] });
    expect(found({ tasks: each(3, true), text: `# Features\n\n${list}` }).edges).toEqual([]);
  });

  const list = (count: number): string => `# Development Roadmap\n\n${Array.from({ length: count }, (_, at) => `${at + 1}. Part. [R${at + 1}]`).join('\n')}\n`;

  test('gives way to what is harder, at whatever distance and in whatever direction', () => {
    const tasks = each(3, true).map((task, at) => ({ ...task, ...(at === 0 ? { consumes: ['X:v1'] } : {}), ...(at === 1 ? { produces: ['X:v1'] } : {}) }));
    expect(found({ tasks, text: list(3) }).edges).toEqual(['T2>T1', 'T2-T3']);
  });

  test('is bounded', () => {
    expect(found({ tasks: each(500, true), text: list(500) }).edges).toHaveLength(200);
  });
});
