/** Imports of a JavaScript or TypeScript text, by oxc's parser. Runs in a parser's process (`parse/parser-main.ts`). */
import { parseSync } from 'oxc-parser';
import type { ParserOptions, ParseResult } from 'oxc-parser';
import { LineIndex } from '../../read/line-index.ts';
import { isDeclaration } from '../parse/languages.ts';
import type { ParsedSource, SourceFault } from '../parse/parsed-source.ts';
import { findImports } from './find-imports.ts';
import { isNode } from './syntax-tree.ts';

/** `.js` may be a module or not, hold JSX, or Flow's types, which parse as TypeScript's for the most part. */
const JAVASCRIPT: readonly ParserOptions[] = [
  { lang: 'jsx', sourceType: 'unambiguous' },
  { lang: 'jsx', sourceType: 'commonjs' },
  { lang: 'tsx', sourceType: 'unambiguous' },
];

const waysToRead = (path: string): readonly ParserOptions[] => {
  if (isDeclaration(path)) return [{ lang: 'dts' }];
  if (path.endsWith('.tsx')) return [{ lang: 'tsx' }];
  if (path.endsWith('.cts')) return [{ lang: 'ts', sourceType: 'commonjs' }];
  return path.endsWith('ts') ? [{ lang: 'ts' }] : JAVASCRIPT;
};

/** Its enumeration exists in types alone. */
const isError = ({ severity }: { readonly severity: string }): boolean => severity === 'Error';
const hasErrors = ({ errors }: ParseResult): boolean => errors.some(isError);

export const parseJavaScript = (path: string, text: string): ParsedSource => {
  const lines = new LineIndex(text);
  const [first = {}, ...others] = waysToRead(path);
  let result = parseSync(path, text, first);
  const fault = faultOf(result, lines);
  for (const options of fault ? others : []) {
    const again = parseSync(path, text, options);
    if (hasErrors(again)) continue;
    result = again;
    break;
  }
  const program: unknown = result.program;
  const found = isNode(program) ? findImports(program, { typesOnly: isDeclaration(path) }) : [];
  return {
    imports: found.map(({ specifier, kind, offset, optional }) => ({ specifier, kind, ...lines.position(offset), ...(optional && { optional }) })),
    isProgram: text.startsWith('#!'),
    ...(fault && hasErrors(result) && { fault }),
  };
};

const faultOf = (result: ParseResult, lines: LineIndex): SourceFault | undefined => {
  const error = result.errors.find(isError);
  const start = error?.labels[0]?.start;
  return error && { message: error.message, ...(start !== undefined && lines.position(start)) };
};
