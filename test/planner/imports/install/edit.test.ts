/** Texts of manifests with something added: only added, in their own manner. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDependencies } from '../../../../planner/imports/install/edit-manifest.ts';
import { addRequirements } from '../../../../planner/imports/install/edit-requirements.ts';
import { SECTIONS } from '../../../../planner/imports/npm/manifest.ts';

const add = (text: string, ...names: readonly string[]) => addDependencies(text, names.map((name) => ({ section: 'dependencies', name, range: '^1.0.0' })));

test.each([
  ['sorted ones stay sorted', '{\n  "dependencies": {\n    "a": "1",\n    "c": "1"\n  }\n}\n', ['b', 'd'], '{\n  "dependencies": {\n    "a": "1",\n    "b": "^1.0.0",\n    "c": "1",\n    "d": "^1.0.0"\n  }\n}\n'],
  ['unsorted ones get it at their end', '{\n  "dependencies": {\n    "z": "1",\n    "a": "1"\n  }\n}', ['b'], '{\n  "dependencies": {\n    "z": "1",\n    "a": "1",\n    "b": "^1.0.0"\n  }\n}'],
  ['tabs', '{\n\t"dependencies": {\n\t\t"a": "1"\n\t}\n}\n', ['b'], '{\n\t"dependencies": {\n\t\t"a": "1",\n\t\t"b": "^1.0.0"\n\t}\n}\n'],
  ['four spaces, no section', '{\n    "name": "x"\n}\n', ['b'], '{\n    "name": "x",\n    "dependencies": {\n        "b": "^1.0.0"\n    }\n}\n'],
  ['an empty section', '{\n  "dependencies": {},\n  "name": "x"\n}\n', ['b'], '{\n  "dependencies": {\n    "b": "^1.0.0"\n  },\n  "name": "x"\n}\n'],
  ['lines of Windows', '{\r\n  "dependencies": {\r\n    "a": "1"\r\n  }\r\n}\r\n', ['b'], '{\r\n  "dependencies": {\r\n    "a": "1",\r\n    "b": "^1.0.0"\r\n  }\r\n}\r\n'],
  ['one line', '{"name":"x","dependencies":{"a":"1"}}', ['b'], '{"name":"x","dependencies":{"a":"1","b":"^1.0.0"}}'],
  ['one line, no section', '{"name":"x"}', ['b'], '{"name":"x","dependencies": {"b":"^1.0.0"}}'],
  ['a section in one line', '{\n  "dependencies": { "a": "1" }\n}\n', ['b'], '{\n  "dependencies": { "a": "1", "b": "^1.0.0" }\n}\n'],
  ['a byte order mark', '\uFEFF{\n  "name": "x"\n}\n', ['b'], '\uFEFF{\n  "name": "x",\n  "dependencies": {\n    "b": "^1.0.0"\n  }\n}\n'],
  ['names that mean something to JavaScript', '{\n  "dependencies": {\n    "@a/b": "1"\n  }\n}\n', ['__proto__', '@a/c'], '{\n  "dependencies": {\n    "__proto__": "^1.0.0",\n    "@a/b": "1",\n    "@a/c": "^1.0.0"\n  }\n}\n'],
])('%s', (_name, text, names, expected) => {
  expect(add(text, ...names)).toBe(expected);
});

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const section = fc.constantFrom(...SECTIONS);
const manifest = fc.record({ name: fc.string(), dependencies: fc.dictionary(name, fc.string()), devDependencies: fc.dictionary(name, fc.string()) }, { requiredKeys: [] });

test('whatever a manifest looks like, it gains what is added and loses nothing', () => {
  fc.assert(
    fc.property(manifest, fc.constantFrom(0, 1, 2, 3, 4, '\t'), fc.constantFrom('\n', '\r\n'), fc.uniqueArray(fc.tuple(section, name), { selector: ([, one]) => one, maxLength: 4 }), (value, indent, eol, wanted) => {
      const text = JSON.stringify(value, undefined, indent).replaceAll('\n', eol) + eol;
      const additions = wanted.filter(([, one]) => ![value.dependencies, value.devDependencies].some((entries) => entries && Object.hasOwn(entries, one))).map(([where, one]) => ({ section: where, name: one, range: '^1.2.3' }));
      const result = addDependencies(text, additions);
      const expected: Record<string, unknown> = structuredClone(value);
      for (const { section: where, name: one, range } of additions) expected[where] = { ...(expected[where] as object | undefined), [one]: range };
      expect(JSON.parse(result)).toEqual(expected);
      if (eol === '\r\n') expect(result.replaceAll('\r\n', '')).not.toContain('\n');
      // What was there is still there, in its order.
      let at = 0;
      for (const character of text.replaceAll(/\s/g, '')) at = result.indexOf(character, at) + 1 || expect.fail(`lost ${character}`);
    }),
  );
});

test('requirements are pinned where all are, and go behind the last line', () => {
  const added = [{ name: 'b', version: '2.1' }, { name: 'c', range: '>=3,<4', version: '3.3' }];
  expect(addRequirements('a==1', added)).toBe('a==1\nb==2.1\nc>=3,<4\n');
  expect(addRequirements('a>=1\r\n', added)).toBe('a>=1\r\nb\r\nc>=3,<4\r\n');
  expect(addRequirements('', added)).toBe('b\nc>=3,<4\n');
});
