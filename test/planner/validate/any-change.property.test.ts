/** Whatever becomes of a plan, validating it ends with findings; and any change of it is found out. */
import { array, assert, constantFrom, jsonValue, nat, oneof, property, record, string } from 'fast-check';
import { expect, test } from 'vitest';
import { judge } from '../../../planner/validate/validate-plan.ts';
import { filesOf, makeBundle } from '../support/bundle.ts';
import { LINES, readFiles, renewed } from './reading.ts';

const FILES = filesOf(makeBundle(LINES));
const NAMES = ['tasks.json', 'features.json', 'dag.json', 'waves.json', 'coordinator.json', 'coverage.json'] as const;

interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Every member of a value, however deep. */
const placesOf = (value: unknown): readonly Place[] => {
  if (typeof value !== 'object' || value === null) return [];
  const holder = value as Record<string, unknown>;
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesOf(holder[key])]);
};

const hostile = oneof(jsonValue({ maxDepth: 2 }), constantFrom<unknown>('__proto__', 'constructor', '', -1, 1e308, {}, [], null, 'A', ['A', 'A'], [[]], { from: 'A' }), string({ maxLength: 5 }));
const change = record({ name: constantFrom(...NAMES), at: nat(), value: hostile });

const changed = (changes: readonly { readonly name: string; readonly at: number; readonly value: unknown }[]) => {
  const files = new Map(FILES);
  for (const { name, at, value } of changes) {
    const parsed: unknown = JSON.parse(files.get(name) ?? '');
    const places = placesOf(parsed);
    const place = places[at % places.length];
    // Without its list of tasks it is another format, and no plan of a planner any more.
    if (!place || ['tasks', 'dependencies', 'generated', 'resource_conflicts'].includes(place.key)) continue;
    place.holder[place.key] = structuredClone(value);
    files.set(name, JSON.stringify(parsed, undefined, 2));
  }
  return files;
};

test('one change is found out', () => {
  assert(
    property(change, (each) => {
      const files = changed([each]);
      const { parsed, artifacts } = readFiles(files);
      const isSame = JSON.stringify(JSON.parse(files.get(each.name) ?? '')) === JSON.stringify(JSON.parse(FILES.get(each.name) ?? ''));
      expect(judge(parsed, artifacts).isValid).toBe(isSame);
    }),
    { numRuns: 60 },
  );
});

test('several changes, with hashes made anew: it ends, and what it says is whole', () => {
  assert(
    property(array(change, { maxLength: 4 }), (changes) => {
      const { parsed, artifacts } = readFiles(renewed(changed(changes)));
      const { findings, isValid } = judge(parsed, artifacts);
      for (const { code, message, severity, file } of findings) {
        expect([code, message, severity]).toEqual([expect.stringMatching(/^TASKS\d{4}$/), expect.stringMatching(/\S/), expect.stringMatching(/^(?:error|warning)$/)]);
        expect(file === undefined || artifacts.documents.has(file)).toBe(true);
      }
      expect(findings.filter(({ code }) => code === 'TASKS1310')).toEqual([]);
      expect(isValid).toBe(findings.every(({ severity }) => severity === 'warning'));
    }),
    { numRuns: 60 },
  );
});
