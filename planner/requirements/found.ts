/** What looking at a document yields, before it is numbered. */
import type { Strength } from '../artifacts/coverage.schema.ts';
import type { Span } from '../document/document.ts';
import type { UnitKind } from './unit.ts';

export interface Finding {
  readonly rule: string;
  readonly kind: UnitKind;
  readonly strength: Strength;
}

export interface Found extends Finding, Span {
  key?: string;
  readonly section: number;
  readonly plain: string;
  /** The one that it stands under. */
  parent?: Found;
  /** Of an item. */
  readonly list?: number;
  readonly ordinal?: number;
}

/** Something else that the document says. */
export interface Aside extends Span {
  readonly kind: 'excludes' | 'alternatives';
  readonly plain: string;
}
