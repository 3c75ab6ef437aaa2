/**
 * YAML 1.2 text to documents, one for each of the text's. Core schema, no custom tags, no key twice, aliases
 * bounded.
 */
import { isAlias, isMap, isPair, isScalar, isSeq, parseAllDocuments } from 'yaml';
import type { Document, Node, Pair } from 'yaml';
import type { Problem, Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { MAX_DEPTH, MAX_PROBLEMS } from './limits.ts';
import { LineIndex } from './line-index.ts';
import type { Span } from './line-index.ts';
import type { SourceText } from './parse-json.ts';
import type { Path, SourceDocument } from './source.ts';
import { quote } from './words.ts';
import { resolveAliases, tooDeep } from './yaml-aliases.ts';

const keyText = (pair: Pair): string =>
  isScalar(pair.key) ? String(pair.key.value) : String(pair.key);

const rangeOf = (node: unknown): Span | undefined => {
  const range = (node as Node | null | undefined)?.range;
  return range ? { start: range[0], end: range[1] } : undefined;
};

const startOf = (document: Document): Span => {
  const start = document.range?.[0] ?? 0;
  return { start, end: start };
};

const childOf = (node: unknown, step: string | number): { readonly key?: unknown; readonly value: unknown } | undefined => {
  if (isSeq(node)) return typeof step === 'number' && step < node.items.length ? { value: node.items[step] } : undefined;
  if (!isMap(node)) return undefined;
  const pair = node.items.find((item) => keyText(item) === String(step));
  return pair && { key: pair.key, value: pair.value };
};

const locator = (document: Document): SourceDocument['locate'] => {
  const target = (node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);
  return (path: Path, options = {}): Span => {
    let node: unknown = document.contents;
    let span = rangeOf(node) ?? startOf(document);
    for (const [depth, step] of path.entries()) {
      const child = childOf(target(node), step);
      if (!child) break;
      const wanted = options.key && depth === path.length - 1 ? child.key : child.value;
      span = rangeOf(wanted) ?? rangeOf(child.key) ?? span;
      node = child.value;
    }
    return span;
  };
};

type Report = (span: Span, message: string, extra?: Partial<Problem>) => void;

/** Keys that stand twice, and nesting beyond the limit. Iterative: it is what makes recursion safe elsewhere. */
const checkNodes = (root: unknown, report: Report, placeAt: (offset: number) => Problem['place']): void => {
  const pending: { node: unknown; depth: number }[] = [{ node: root, depth: 0 }];
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    const { node, depth } = entry;
    if (depth > MAX_DEPTH) {
      report(rangeOf(node) ?? { start: 0, end: 0 }, `nested deeper than ${MAX_DEPTH} levels`);
      return;
    }
    if (isSeq(node)) for (const item of node.items) pending.push({ node: item, depth: depth + 1 });
    if (!isMap(node)) continue;
    const seen = new Map<string, Span>();
    for (const pair of node.items) {
      if (!isPair(pair)) continue;
      const key = keyText(pair);
      const span = rangeOf(pair.key) ?? { start: 0, end: 0 };
      const first = seen.get(key);
      if (!isScalar(pair.key)) report(span, 'a key must be plain text');
      else if (first) {
        const related = [{ message: `${quote(key)} first stands here`, place: placeAt(first.start) ?? { file: '' } }];
        report(span, `the key ${quote(key)} stands twice`, { hint: 'Only one of them would count: take the other out.', related });
      } else seen.set(key, span);
      pending.push({ node: pair.value, depth: depth + 1 });
    }
  }
};

/** An empty text has no documents; a document that holds nothing is left out. */
export const parseYaml = (source: SourceText): Result<readonly SourceDocument[]> => {
  const { file, name, text } = source;
  const lines = new LineIndex(text);
  const problems: Problem[] = [];
  const placeAt = (offset: number): NonNullable<Problem['place']> => ({ file, ...lines.position(offset) });
  const report: Report = (span, message, extra = {}) => {
    if (problems.length >= MAX_PROBLEMS) return;
    problems.push({ code: 'TASKS1004', message, place: placeAt(span.start), excerpt: lines.excerpt(span), ...extra });
  };
  const parsed = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent', version: '1.2', schema: 'core' });
  const documents: readonly Document[] = Array.isArray(parsed) ? parsed : [];
  const found: SourceDocument[] = [];
  for (const document of documents) {
    // A warning is a tag or a directive that nobody knows here: what it asks for would not be done.
    for (const fault of [...document.errors, ...document.warnings].slice(0, 20)) {
      report({ start: fault.pos[0], end: fault.pos[1] }, `not valid YAML: ${fault.message.split('\n')[0] ?? fault.code}`);
    }
    if (problems.length > 0) continue;
    checkNodes(document.contents, report, placeAt);
    if (problems.length > 0 || document.contents === null) continue;
    const locate = locator(document);
    const resolved = resolveAliases(document);
    const deep = resolved.ok ? tooDeep(resolved.value) : undefined;
    if (!resolved.ok) report(rangeOf(resolved.error.alias) ?? startOf(document), `not valid YAML: ${resolved.error.reason}`);
    else if (deep) report(locate(deep), `not valid YAML: aliases nest deeper than ${MAX_DEPTH} levels`);
    else found.push({ file, name, value: resolved.value, lines, locate });
  }
  return problems.length > 0 ? fail(problems) : ok(found);
};
