/** Every way to import in Python, and what its surroundings make of it. */
import { expect, test } from 'vitest';
import { parsePython } from '../../../../planner/imports/python/parse-python.ts';
import { pythonParser } from '../../../../planner/imports/python/syntax.ts';
import { imports } from '../project-rig.ts';

const parser = await pythonParser();
const parse = (text: string, file = 'a.py') => parsePython(parser, file, text);
const read = (text: string, file?: string) => imports(parse(text, file));

test.each([
  ['import os', ['import os 1:8']],
  ['import a.b as c, d', ['import a.b 1:8', 'import d 1:18']],
  ['from a.b import (c,\n  d as e,)', ['import a.b 1:6']],
  ['from a import *', ['import a 1:6']],
  ['from . import a', ['import . 1:6']],
  ['from ..a.b import c', ['import ..a.b 1:6']],
  ['import a \\\n  .b', ['import a.b 1:8']],
  ['def f():\n    import a', ['import a 2:12']],
  ["importlib.import_module('a.b'); __import__('c')", ['dynamic a.b 1:25', 'dynamic c 1:44']],
  ['match x:\n    case {"a": 1}:\n        import b', ['import b 3:16']],
  ['async def f[T](x: T): import a', ['import a 1:30']],
])('%s', (text, expected) => expect(read(text)).toEqual(expected));

test.each([['# import a\n"""\nimport b\n"""\nx = "import c"'], ['import_module(name); __import__(f"a{b}")'], ['x.import_("a")']])('no import: %s', (text) => expect(read(text)).toEqual([]));

test.each([
  ['try:\n    import a\nexcept ImportError:\n    import b', ['import a 2:12 optional', 'import b 4:12 optional']],
  ['try:\n    import a\nexcept (ModuleNotFoundError, OSError) as e:\n    pass', ['import a 2:12 optional']],
  ['try:\n    import a\nexcept:\n    pass', ['import a 2:12 optional']],
  ['try:\n    import a\nexcept ValueError:\n    pass', ['import a 2:12']],
  ['try:\n    import a\nfinally:\n    pass', ['import a 2:12']],
  ['with suppress(ImportError):\n    import a', ['import a 2:12 optional']],
  ['if sys.version_info < (3, 11):\n    import a\nelse:\n    import b', ['import a 2:12 optional', 'import b 4:12 optional']],
  ['if TYPE_CHECKING:\n    import a\nelse:\n    import b', ['type a 2:12', 'import b 4:12']],
  ['if typing.TYPE_CHECKING:\n    from a import b', ['type a 2:10']],
])('surroundings: %s', (text, expected) => expect(read(text)).toEqual(expected));

test('a stub needs types and nothing else', () => expect(read('import a', 'a.pyi')).toEqual(['type a 1:8']));

test('names taken from a module are kept: they may be modules', () => expect(parse('from a import b, c as d').imports[0]?.names).toEqual(['b', 'c']));

test.each(['#!/usr/bin/env python3\nimport a', 'import a\nif __name__ == "__main__":\n    a.b()'])('a program: %s', (text) => expect(parse(text).isProgram).toBe(true));

test('a syntax error is a fault with its place, and what can be read is read', () => {
  const parsed = parse('import a\ndef (:\n    pass\n');
  expect(parsed.fault).toMatchObject({ line: 2 });
  expect(imports(parsed)).toContain('import a 1:8');
});

test('a setup.py says what it passes to setup', () => {
  const text = 'from setuptools import setup\nREQUIRES = ["a>=1", "b"]\nsetup(name="shop", install_requires=REQUIRES, extras_require={"x": ["c[d]~=2"]})';
  expect(parse(text, '/x/setup.py').setup).toEqual({ name: 'shop', requires: expect.arrayContaining(['a>=1', 'b', 'c[d]~=2']) });
});
