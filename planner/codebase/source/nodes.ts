/** Small questions to nodes of every grammar. */
import type { SgNode } from '@ast-grep/napi';
import { MAX_NAME } from '../limits.ts';

export const lineOf = (node: SgNode): number => node.range().start.line + 1;

const COMMENTS = new Set(['comment', 'line_comment', 'block_comment']);

export const named = (node: SgNode): readonly SgNode[] => node.namedChildren().filter((child) => !COMMENTS.has(String(child.kind())));

/** Longer than every name, path and literal that counts. */
const MAX_TEXT = 4 * MAX_NAME;

/** Empty where it is longer: of what nests, taking the text of every part takes the square of the time. */
export const shortText = (node: SgNode | null | undefined, limit = MAX_TEXT): string => {
  if (!node) return '';
  const { start, end } = node.range();
  return end.index - start.index > limit ? '' : node.text();
};

export const fieldText = (node: SgNode, field: string): string => shortText(node.field(field));

/** The name of a declaration, which does not nest: to ask how long it is first takes as long as to read it. */
export const nameOf = (node: SgNode): string => node.field('name')?.text() ?? '';

/** Whether it is a name that a plan could use. */
export const isName = (text: string): boolean => text.length <= MAX_NAME && /^(?:--[\w-]+$|[\p{L}_$][\p{L}\p{N}_$]*[?!]?$)/u.test(text);

/** `C` of `a.b.C<T>`, `a::C` and `*C`; empty for what is no name. */
export const lastName = (node: SgNode): string => {
  const text = shortText(node);
  const path = /^[*&\s]*((?:[\p{L}\p{N}_$]|\.|::)+)/u.exec(text)?.[1] ?? '';
  const name = path.slice(Math.max(path.lastIndexOf('.'), path.lastIndexOf(':')) + 1);
  return isName(name) ? name : '';
};

/** Names of the nodes that have one. */
export const lastNames = (nodes: readonly SgNode[]): readonly string[] => [...new Set(nodes.map(lastName))].filter((name) => name !== '');

const QUOTED = /^(?:[A-Za-z]{0,2})(?:"""|'''|"|'|`|r#")([\s\S]*?)(?:"""|'''|"|'|`|"#)$/;

/** The text between the quotes of a literal in which nothing is put in. */
export const literal = (node: SgNode | null | undefined): string | undefined => {
  const text = shortText(node, 2 * MAX_NAME);
  const content = QUOTED.exec(text)?.[1];
  return content === undefined || content.includes('\n') || content.includes('${') || content.includes('#{') ? undefined : content;
};

/** Arguments of a call, without what is between them. */
export const argumentsOf = (call: SgNode): readonly SgNode[] => {
  const list = call.field('arguments');
  return list ? named(list) : [];
};

/** A kind of nodes, and what must stand in a field of theirs. */
export interface Wanted {
  readonly kind: string;
  readonly regex?: string;
  readonly has?: Wanted & { readonly field: string };
}

/** All nodes of these kinds, in one walk over the tree; kinds that the grammar lacks are an error of ours. */
export const ofKinds = (root: SgNode, kinds: readonly (string | Wanted)[]): readonly SgNode[] => root.findAll({ rule: { any: kinds.map((wanted) => (typeof wanted === 'string' ? { kind: wanted } : wanted)) } });
