/** What HTML and CSS load, and the custom properties that a style sheet defines for all. */
import type { SgNode } from '@ast-grep/napi';
import { Collector } from './collector.ts';
import { literal, named, ofKinds, shortText } from './nodes.ts';
import type { SourceFacts } from './source-facts.ts';

const LOADS: ReadonlyMap<string, string> = new Map([
  ['script', 'src'],
  ['link', 'href'],
]);

export const readHtml = (root: SgNode, isGenerated: boolean): SourceFacts => {
  const into = new Collector();
  for (const node of ofKinds(root, ['ERROR', 'start_tag', 'self_closing_tag'])) {
    if (node.kind() === 'ERROR') {
      into.misread(node);
      continue;
    }
    const [name, ...attributes] = named(node);
    const wanted = LOADS.get(name?.text().toLowerCase() ?? '');
    if (wanted === undefined) continue;
    for (const attribute of attributes) {
      const [key, value] = named(attribute);
      if (key?.text().toLowerCase() === wanted) into.use(literal(value) ?? '', ['*']);
    }
  }
  return into.facts({ isGenerated });
};

export const readCss = (root: SgNode, isGenerated: boolean): SourceFacts => {
  const into = new Collector();
  const seen = new Set<string>();
  for (const node of ofKinds(root, ['ERROR', 'import_statement', 'declaration'])) {
    const kind = String(node.kind());
    if (kind === 'ERROR') into.misread(node);
    else if (kind === 'import_statement') {
      const [first] = named(node);
      const url = first?.kind() === 'call_expression' ? named(named(first)[1] ?? first)[0] : first;
      into.use(literal(url) ?? shortText(url), ['*']);
    } else {
      const name = named(node)[0]?.text() ?? '';
      if (!name.startsWith('--') || seen.has(name) || !isForAll(node)) continue;
      seen.add(name);
      into.symbol({ node, name, kind: 'constant', isExported: true });
    }
  }
  return into.facts({ isGenerated });
};

const isForAll = (declaration: SgNode): boolean => {
  const rule = declaration.parent()?.parent();
  return rule?.kind() === 'rule_set' && /(?:^|,)\s*(?::root|html|:host)\b/.test(shortText(named(rule)[0]));
};
