/** From specifier to package name. */
import { builtinModules } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPackageName, packageNameOf, typesPackageOf } from '../../../../planner/imports/npm/package-name.ts';

test.each([
  ['lodash', 'lodash'],
  ['lodash/fp', 'lodash'],
  ['@scope/x', '@scope/x'],
  ['@scope/x/deep/y.js', '@scope/x'],
  ['pkg/file.svg?raw', 'pkg'],
  ['JSONStream', 'JSONStream'],
  ['process/browser', 'process'],
  ['util/', 'util'],
])('%s comes from %s', (specifier, name) => expect(packageNameOf(specifier)).toBe(name));

test.each(['./x', '../x', '.', '/abs', '#internal', '#a/b', '~/x', '~', '@/x', '@scope', '$lib/x', 'node:fs', 'fs', 'fs/promises', 'https://x.y/z.js', 'data:text/javascript,1', 'bun:test', 'virtual:pwa', 'C:\\x', '..\\x', '', '?x', 'a!b', 'x y', '-rf', '_x', '.x', 'node_modules/x', 'ünï', "a'b", '$(id)', '`id`', 'x;id'])('%j comes from no package', (specifier) =>
  expect(packageNameOf(specifier)).toBeUndefined(),
);

test('what has types elsewhere', () => {
  expect(typesPackageOf('node')).toBe('@types/node');
  expect(typesPackageOf('@babel/core')).toBe('@types/babel__core');
});

const part = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,20}$/).filter((text) => !['node_modules', 'favicon.ico'].includes(text));
const packageName = fc.oneof(part, fc.tuple(part, part).map(([scope, name]) => `@${scope}/${name}`)).filter((name) => !builtinModules.includes(name));
const inside = fc.array(fc.stringMatching(/^[A-Za-z0-9_.-]{1,12}$/), { maxLength: 4 });

test('a package is named by whatever is imported of it', () => {
  fc.assert(
    fc.property(packageName, inside, fc.constantFrom('', '?raw', '?url&a=b'), (name, path, query) => {
      fc.pre(!builtinModules.includes([name, ...path].join('/')));
      expect(packageNameOf([name, ...path].join('/') + query)).toBe(name);
    }),
  );
});

test('nothing that a program would take for an option, a path or a command is ever a name', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.webUrl()), (specifier) => {
      const name = packageNameOf(specifier);
      if (name === undefined) return;
      expect(name).toMatch(/^(?:@[A-Za-z0-9._-]+\/)?[A-Za-z0-9][A-Za-z0-9._-]*$/);
      expect(isPackageName(name)).toBe(true);
      expect(packageNameOf(`${name}/x`)).toBe(name);
    }),
    { numRuns: 2_000 },
  );
});
