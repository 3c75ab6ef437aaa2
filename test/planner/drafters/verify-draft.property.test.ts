/** Whatever is answered, what comes of it is a valid plan or nothing. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { draftWork } from '../../../planner/breakdown/break-down.ts';
import { verifyDraft } from '../../../planner/drafters/verify-draft.ts';
import { expectValid } from './expect-valid.ts';
import { SPEC, specification } from './rig.ts';

const against = specification();
const offline = draftWork(against.document, against.requirements, against.codebase);
const verify = (answer: unknown) => verifyDraft({ ...against, answer, offline });

const slice = fc.tuple(fc.nat(SPEC.length), fc.nat(80)).map(([start, length]) => SPEC.slice(start, start + length));
const quote = fc.oneof(slice, slice.map((text) => text.replace(/\s+/g, '  \n')), fc.string());
const name = fc.constantFrom('A:v1', 'B', 'C:v2', '__proto__', 'constructor', ' ', 'x\u202Ey');
const path = fc.constantFrom('src/a.ts', 'src/b/', 'test/a.test.ts', '**/*.ts', '../x', '/etc/passwd', '.git/config', 'C:\\x', 'a\nb', '');
const id = (letter: string) => fc.nat(6).map((number) => `${letter}${number}`);
const requirement = fc.constantFrom('R001', 'R002', 'R003', 'R004', 'R005', 'R006', 'R007', 'FR-3', 'R099', '__proto__');
const some = <T>(each: fc.Arbitrary<T>) => fc.array(each, { maxLength: 4 });
const number = fc.oneof(fc.double({ min: 0, max: 30, noNaN: true }), fc.double(), fc.constantFrom(0, -1, 0.2, 1e9));

const feature = fc.record({ id: id('F'), title: fc.oneof(fc.string(), fc.constantFrom('Bills', 'bill', 'Export')), description: fc.string(), priority: fc.constantFrom('high', 'urgent'), quotes: some(quote), requirements: some(requirement) });
const task = fc.record({
  id: id('T'),
  feature: id('F'),
  kind: fc.constantFrom('implementation', 'contract', 'verification', 'nothing'),
  title: fc.oneof(fc.string(), slice, fc.constantFrom('Add a login', 'Add the login', 'The login', 'constructor')),
  description: fc.string(),
  quotes: some(quote),
  requirements: some(requirement),
  hours: fc.oneof(fc.record({ optimistic: number, mostLikely: number, pessimistic: number }), fc.constant('long')),
  reads: some(path),
  writes: some(path),
  checks: some(fc.oneof(fc.anything(), fc.record({ type: fc.constantFrom('command', 'artifact', 'metric'), value: fc.oneof(path, fc.constantFrom('npm test', 'npm test -- test/a', 'npm test\nrm x', 'npm test -- $(id)', 'rm -rf /')), bound: fc.constantFrom('at_most', 'none'), number }))),
  produces: some(name),
  consumes: some(name),
  extends: some(fc.constantFrom('SessionStore', 'Ledger', 'Nothing', '__proto__')),
  uses: some(fc.constantFrom('SessionStore', 'toString')),
  rationale: fc.string(),
});
const dependency = fc.record({ from: id('T'), to: id('T'), type: fc.constantFrom('technical', 'knowledge', 'mutual_exclusion'), reason: fc.constantFrom('', 'It is needed for it'), quote, confidence: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), number), isHard: fc.boolean() });
const declined = fc.array(fc.record({ requirement, reason: fc.constantFrom('', 'It may come later') }), { maxLength: 3 });
const draft = fc.record({ features: fc.array(feature, { maxLength: 6 }), tasks: fc.array(task, { maxLength: 12 }), dependencies: fc.array(dependency, { maxLength: 20 }), declined });

test('a draft of anything is mended into a valid one, or refused', () => {
  let used = 0;
  fc.assert(
    fc.property(draft, (answer) => {
      const result = verify(answer);
      if (!result.ok) return;
      used += 1;
      expectValid(result.value);
    }),
    { numRuns: 50, seed: 6 },
  );
  expect(used).toBeGreaterThan(20);
});

test('JSON of any shape does no harm', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), fc.record({ features: fc.array(fc.jsonValue()), tasks: fc.array(fc.jsonValue()), dependencies: fc.jsonValue() })), (answer) => {
      expect(verify(answer).ok).toBe(false);
    }),
    { numRuns: 60, seed: 6 },
  );
});

test('an enormous answer takes bounded time', () => {
  const answer = {
    features: Array.from({ length: 5_000 }, (_, at) => ({ id: `F${at}`, title: `Feature number ${at}`, quotes: [SPEC], requirements: ['R001'] })),
    tasks: Array.from({ length: 5_000 }, (_, at) => ({ id: `T${at}`, feature: 'F1', title: `Add part ${at}`, quotes: ['x'.repeat(3_000)], requirements: ['R001'], hours: {}, extends: [`Sym${at}`], consumes: [`I${at}`], produces: [`I${at + 1}`] })),
    dependencies: Array.from({ length: 20_000 }, (_, at) => ({ from: `T${at % 500}`, to: `T${(at * 7 + 3) % 500}`, type: 'technical', reason: 'It is needed', confidence: 0.9 })),
  };
  const began = performance.now();
  verify(answer);
  expect(performance.now() - began).toBeLessThan(8_000);
});
