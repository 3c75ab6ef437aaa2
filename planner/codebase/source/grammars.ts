/** From a text to its tree, by ast-grep. */
import { Lang, parse } from '@ast-grep/napi';
import type { SgNode } from '@ast-grep/napi';
import { registered } from '../../parsing/tree-sitter.ts';
import type { Language } from '../analysis.ts';

const BUILT_IN: ReadonlyMap<Language, Lang> = new Map([
  ['typescript', Lang.TypeScript],
  ['tsx', Lang.Tsx],
  ['javascript', Lang.JavaScript],
  ['html', Lang.Html],
  ['css', Lang.Css],
]);

/** @throws Error when there is no parser for this machine. */
export const parseText = async (language: Language, text: string): Promise<SgNode> => parse(BUILT_IN.get(language) ?? (await registered(language)), text).root();
