/** A syntax tree as data: oxc's types name every node there is, and only a handful matter here. */
import { visitorKeys } from 'oxc-parser';

export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

export const isNode = (value: unknown): value is SyntaxNode => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

export const nodesIn = (value: unknown): readonly SyntaxNode[] => {
  if (Array.isArray(value)) return value.filter(isNode);
  return isNode(value) ? [value] : [];
};

export const fieldsOf = (node: SyntaxNode): readonly string[] => visitorKeys[node.type] ?? [];

export const isIdentifier = (value: unknown, name: string): boolean => isNode(value) && value.type === 'Identifier' && value['name'] === name;

/** The text of a literal, or of a template without gaps. */
export const textOf = (value: unknown): string | undefined => {
  if (!isNode(value)) return undefined;
  if (value.type === 'Literal' && typeof value['value'] === 'string') return value['value'];
  if (value.type !== 'TemplateLiteral' || nodesIn(value['expressions']).length > 0) return undefined;
  const [part] = nodesIn(value['quasis']);
  const text = part?.['value'];
  return typeof text === 'object' && text !== null && 'cooked' in text && typeof text.cooked === 'string' ? text.cooked : undefined;
};
