/** Whatever documents, code and plans are called: the documents keep their shape, and say nothing that is no figure. */
import fc from 'fast-check';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { EMPTY_ANALYSIS } from '../../../planner/codebase/analysis.ts';
import { decisionsMarkdown } from '../../../planner/prose/decisions-markdown.ts';
import { planMarkdown } from '../../../planner/prose/plan-markdown.ts';
import type { ProseInput } from '../../../planner/prose/prose-input.ts';
import type { Forecast } from '../../../planner/simulate/forecast.ts';
import { dependency, evidence, proseInput, symbol, task } from './support.ts';

const HOSTILE = [
  '# Heading', '</td></table><script>alert(1)</script>', '<!-- ', '| a | b |', '![x](javascript:alert(1))', '[x]: http://a.example', '```', '~~~', '`', '``a`', '**', '__a__', '- item', '1. item', '12) item', '> quote', '+ item', '---', '===', 'a\n\n# b', 'a\r\n| - |', '\\', '\\|', 'a\\', '&lt;b&gt;', '&#x3C;', '__proto__', 'constructor', 'hasOwnProperty', '[ ] todo', '[^1]', 'www.example.com', 'a@example.com', '\u202Eevil', '\uD800', '😀', '\u0000', '   ', '$a$', ':::x', '%%', '~a~', ' #', 'x #', 'https://example.com/a_b*c*|d', '\t', '<a@b.example>', 'snake_case_name', '*/', '{{x}}', '`a` and `b`', '`a', '\u00A0',
];

const word = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 20 }), fc.string({ unit: fc.constantFrom('`', '|', '\\', '*', '_', '#', '<', '[', ' ', '\n', 'a') , maxLength: 12 }));
const hours = fc.oneof(fc.constantFrom(0, 0.01, 0.04, 1, 1.04, 8, 16), fc.double({ min: 0, max: 1e6, noNaN: true }));
const share = fc.oneof(fc.constantFrom(0, 1, 0.004, 0.996), fc.double({ min: 0, max: 1, noNaN: true }));
const percentiles = fc.record({ p50: hours, p80: hours, p95: hours });

interface Shape {
  readonly words: readonly string[];
  readonly tasks: readonly { readonly hours: number; readonly confidence: number; readonly isHard: boolean }[];
  readonly counts: readonly number[];
  readonly walks: readonly { readonly p50: number; readonly p80: number; readonly p95: number }[];
  readonly figures: readonly number[];
  readonly model: 'rolling_frontier' | 'wave_based';
}

const shape: fc.Arbitrary<Shape> = fc.record({
  words: fc.array(word, { minLength: 1, maxLength: 12 }),
  tasks: fc.array(fc.record({ hours, confidence: share, isHard: fc.boolean() }), { maxLength: 5 }),
  counts: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 6, maxLength: 6 }),
  walks: fc.array(percentiles, { minLength: 2, maxLength: 2 }),
  figures: fc.array(hours, { minLength: 6, maxLength: 6 }),
  model: fc.constantFrom('rolling_frontier', 'wave_based'),
});

const NONE = { p50: 0, p80: 0, p95: 0 };

/** Each name is told apart from all others by its number, so that both writings have as many of them. */
const built = ({ words, tasks, counts, walks, figures, model }: Shape, isHostile: boolean): ProseInput => {
  let next = 0;
  const say = (): string => {
    next += 1;
    return isHostile ? `${words[next % words.length] ?? ''}${next}${words[(next + 1) % words.length] ?? ''}` : `word${next}`;
  };
  const id = (index: number): string => `P1.T${String(index).padStart(3, '0')}`;
  const some = (which: number): readonly number[] => Array.from({ length: counts[which] ?? 0 }, (_, index) => index);
  const shared = some(0).map((index) => ({ name: isHostile && index === 0 ? '__proto__' : say(), isExclusive: index % 2 === 0 }));
  const all = tasks.map((one, index) =>
    task({
      id: id(index),
      title: say(),
      feature: index % 2 === 0 ? 'F001' : 'F002',
      hours: one.hours,
      exclusive: shared.filter(({ isExclusive }) => isExclusive).map(({ name }) => name),
      limited: Object.fromEntries(shared.filter(({ isExclusive }) => !isExclusive).map(({ name }) => [name, 1])),
      capabilities: index === 0 ? ['special'] : [],
      writes: [say()],
      checks: [{ type: 'command', cmd: say(), expect: { contains: say() } }, { type: 'artifact', path: say() }, { type: 'metric', name: say(), expect: { lte: one.hours } }, { type: 'manual', text: say() }],
      extends: [say()],
      produces: [say()],
      checkpoints: index % 2 === 0 ? ['25%', '150%', '0%'] : [],
    }),
  );
  const input = proseInput({
    title: say(),
    features: ['F001', 'F002'].map((feature) => ({ id: feature, title: say(), description: say(), priority: 'high', source_evidence: [evidence(say())] })),
    tasks: all,
    dependencies: tasks.slice(1).map(({ confidence, isHard }, index) => dependency(id(index), id(index + 1), { confidence, isHard, reason: say() })),
    shared: Object.fromEntries(shared.map(({ name, isExclusive }) => [name, isExclusive ? { type: 'exclusive' as const, location: say(), constraint: say(), reason: say() } : { type: 'shared_limited' as const, capacity: 2, location: say(), reason: say() }])),
    codebase: { ...EMPTY_ANALYSIS, files: some(1).map(say), symbols: some(1).map((index) => symbol(say(), say(), index + 1)) },
    options: { executionModel: model, maxConcurrent: (counts[5] ?? 0) + 1 },
    requirements: some(2).map((index) => ({ id: `R00${index}`, rule: 'x', strength: 'must', evidence: evidence(say(), 1, say()), tasks: [], ...(index % 2 === 0 && { reason: say() }) })),
    excludes: some(3).map(() => evidence(say())),
    alternatives: some(3).map(() => evidence(say())),
    clarifications: some(4).map(() => ({ kind: 'vague', rule: 'x', message: say(), evidence: evidence(say()) })),
    normalizations: some(4).map((index) => ({ kind: index % 2 === 0 ? 'split' : 'merge', before: [{ id: 'A', title: say(), hours: figures[0] ?? 0 }], after: [{ id: 'B', title: say(), hours: figures[1] ?? 0 }], reason: say() })),
    reuse: some(4).map((index) => ({ feature: 'F001', tasks: [id(0)], chosen: index % 2 === 0 ? 'extend' : 'build', candidates: index === 2 ? [] : [{ name: say(), kind: 'class', file: say(), line: 1, likeness: 0.4 }], reason: say(), hours: { chosen: figures[2] ?? 0, otherwise: figures[3] ?? 0 } })),
  });
  const forecast: Forecast = {
    ...input.forecast,
    optimalHours: figures[4] ?? 0,
    serialHours: figures[5] ?? 0,
    rolling: { ...input.forecast.rolling, completion: walks[0] ?? NONE },
    waveBased: { ...input.forecast.waveBased, completion: walks[1] ?? NONE },
    byResource: shared.map(({ name }, index) => ({ resource: name, capacity: index + 1, hours: figures[0] ?? 0, twice: figures[1] ?? 0, unlimited: figures[2] ?? 0 })),
  };
  return { ...input, forecast };
};

const both = (input: ProseInput): readonly string[] => [planMarkdown(input), decisionsMarkdown(input)];
const parse = (markdown: string): Nodes => fromMarkdown(markdown, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

const INLINE = new Set(['text', 'inlineCode', 'link', 'break']);
/** The tree without what stands within a line: a name may be text in one writing and code in the other. */
const outline = (node: Nodes): string => ('children' in node && node.type !== 'paragraph' && node.type !== 'heading' && node.type !== 'tableCell' ? `${node.type}(${node.children.filter(({ type }) => !INLINE.has(type)).map(outline).join(' ')})` : `${node.type}${'depth' in node ? node.depth : ''}`);
/** Of the whole document, sorted: names decide ties. */
const blocks = (markdown: string): readonly string[] => {
  const tree = parse(markdown);
  return 'children' in tree ? tree.children.map(outline).sort() : [];
};
const kinds = (node: Nodes): ReadonlySet<string> => new Set([node.type, ...('children' in node ? node.children.flatMap((child) => [...kinds(child)]) : [])]);
const links = (node: Nodes): readonly string[] => (node.type === 'link' ? [node.url] : 'children' in node ? node.children.flatMap(links) : []);

describe('whatever the names are', () => {
  it('the documents keep their shape', () => {
    fc.assert(
      fc.property(shape, (one) => {
        expect(both(built(one, true)).map(blocks)).toEqual(both(built(one, false)).map(blocks));
      }),
      { numRuns: 5 },
    );
  });

  it('nothing becomes HTML, an image, a definition or a link that is not spelt out', () => {
    fc.assert(
      fc.property(shape, (one) => {
        for (const markdown of both(built(one, true))) {
          const tree = parse(markdown);
          for (const kind of ['html', 'image', 'imageReference', 'linkReference', 'definition', 'footnoteReference', 'footnoteDefinition', 'delete', 'emphasis']) expect(kinds(tree)).not.toContain(kind);
          for (const url of links(tree)) expect(url).toMatch(/^(?:https?|mailto):/);
        }
      }),
      { numRuns: 8 },
    );
  });

  it('says nothing that is no figure, ends no line with a space, and counts one as one', () => {
    fc.assert(
      fc.property(shape, (one) => {
        for (const markdown of both(built(one, false))) {
          expect(markdown).not.toMatch(/NaN|undefined|Infinity|null|\[object|unknown/);
          expect(markdown).not.toMatch(/(?<![\d.,e+])1 (?:tasks|hours|waves|units|checks|requirements|dependencies|resources|features|moments|workers|things|minutes|CPU cores|exclusions)\b/);
          expect(markdown).not.toMatch(/[ \t]$/m);
          expect(markdown).toMatch(/[^\n]\n$/);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('the same input gives the same bytes, whatever copy of it', () => {
    fc.assert(
      fc.property(shape, (one) => {
        const input = built(one, true);
        expect(both(structuredClone(input))).toEqual(both(input));
      }),
      { numRuns: 5 },
    );
  });
});

describe('figures that are none', () => {
  it('are said to be unknown', () => {
    const one: Shape = { words: ['a'], tasks: [{ hours: 1, confidence: 0.8, isHard: true }, { hours: 2, confidence: 0.8, isHard: true }], counts: [1, 1, 1, 1, 1, 1], walks: [{ p50: Number.NaN, p80: Infinity, p95: 1 }, { p50: 1, p80: 1, p95: 1 }], figures: [NaN, Infinity, -Infinity, NaN, NaN, NaN], model: 'rolling_frontier' };
    for (const markdown of both(built(one, false))) expect(markdown).not.toMatch(/NaN|undefined|Infinity/);
  });
});
