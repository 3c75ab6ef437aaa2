/** What a `setup.py` passes to `setup()`, as far as it stands there as text. */
import type { SgNode } from '@ast-grep/napi';
import type { SetupCall } from '../parse/parsed-source.ts';

const REQUIRES = new Set(['install_requires', 'setup_requires', 'tests_require', 'extras_require']);

export const readSetupCall = (root: SgNode): SetupCall | undefined => {
  const call = root.findAll({ rule: { kind: 'call' } }).find((node) => /^(?:setuptools\.)?setup$/.test(node.field('function')?.text() ?? ''));
  if (!call) return undefined;
  const given = (call.field('arguments')?.children() ?? []).filter((child) => child.kind() === 'keyword_argument');
  const named = new Map(given.map((argument) => [argument.field('name')?.text() ?? '', argument.field('value')]));
  const requires = [...named].flatMap(([name, value]) => (REQUIRES.has(name) && value ? stringsIn(assigned(root, value)) : []));
  const name = named.get('name');
  const [text] = name?.kind() === 'string' ? stringsIn(name) : [];
  return { requires, ...(text !== undefined && { name: text }) };
};

/** What a name stands for, where it is given a value once and for all. */
const assigned = (root: SgNode, value: SgNode): SgNode =>
  value.kind() === 'identifier' ? (root.findAll({ rule: { kind: 'assignment' } }).find((node) => node.field('left')?.text() === value.text())?.field('right') ?? value) : value;

const stringsIn = (node: SgNode): readonly string[] => node.findAll({ rule: { kind: 'string_content' } }).map((content) => content.text());
