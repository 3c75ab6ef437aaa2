/** Gathers what a file tells while its tree is walked, within bounds. */
import type { SgNode } from '@ast-grep/napi';
import type { SymbolKind } from '../analysis.ts';
import { MAX_FACTS, MAX_NAME } from '../limits.ts';
import { isName, lineOf } from './nodes.ts';
import type { ExportedName, FoundSymbol, Implementation, NumberSetting, SourceFacts } from './source-facts.ts';

interface NewSymbol {
  readonly node: SgNode;
  readonly name: string;
  readonly kind: SymbolKind;
  readonly isExported: boolean;
  readonly bases?: readonly string[];
}

const push = <T>(list: T[], item: T): void => {
  if (list.length < MAX_FACTS) list.push(item);
};

export class Collector {
  readonly #symbols: FoundSymbol[] = [];
  readonly #uses = new Map<string, Set<string>>();
  readonly #exports: ExportedName[] = [];
  readonly #mentions = new Set<string>();
  readonly #implementations: Implementation[] = [];
  readonly #methods = new Map<string, Set<string>>();
  readonly #environment = new Set<string>();
  readonly #settings: NumberSetting[] = [];
  #module: string | undefined;
  #fault: { readonly message: string; readonly line: number } | undefined;

  symbol({ node, name, kind, isExported, bases = [] }: NewSymbol): void {
    if (isName(name)) push(this.#symbols, { name, kind, line: lineOf(node), isExported, bases });
  }

  endpoint(node: SgNode, name: string | undefined): void {
    if (name !== undefined) push(this.#symbols, { name, kind: 'endpoint', line: lineOf(node), isExported: true, bases: [] });
  }

  use(specifier: string, names: readonly string[]): void {
    if (specifier === '' || specifier.length > MAX_NAME || (this.#uses.size >= MAX_FACTS && !this.#uses.has(specifier))) return;
    const known = this.#uses.get(specifier) ?? new Set();
    for (const name of names) if (known.size < MAX_FACTS) known.add(name);
    this.#uses.set(specifier, known);
  }

  exports(name: ExportedName): void {
    push(this.#exports, name);
  }

  mention(name: string): void {
    if (this.#mentions.size < MAX_FACTS && isName(name)) this.#mentions.add(name);
  }

  implementation(name: string, base: string): void {
    if (isName(name) && isName(base)) push(this.#implementations, { name, base });
  }

  method(owner: string, name: string): void {
    if (this.#methods.size >= MAX_FACTS || !isName(owner) || !isName(name)) return;
    const known = this.#methods.get(owner) ?? new Set();
    this.#methods.set(owner, known.add(name));
  }

  /** It has methods, whatever they are called. */
  callable(owner: string): void {
    if (this.#methods.size < MAX_FACTS && isName(owner)) this.#methods.set(owner, this.#methods.get(owner) ?? new Set());
  }

  environment(name: string): void {
    if (this.#environment.size < MAX_FACTS && /^[A-Za-z_]\w*$/.test(name) && name.length <= MAX_NAME) this.#environment.add(name);
  }

  setting(path: readonly string[], value: number): void {
    push(this.#settings, { path, value });
  }

  belongsTo(module: string): void {
    this.#module ??= module;
  }

  /** A place that the grammar does not understand; what stands around it is known. */
  misread(node: SgNode): void {
    this.#fault ??= { message: 'it has a syntax error, or syntax that the parser does not know', line: lineOf(node) };
  }

  /** `isExported` may still learn that a name is, from what stands below it. */
  facts({ isGenerated, exported = new Set() }: { readonly isGenerated: boolean; readonly exported?: ReadonlySet<string> }): SourceFacts {
    const all = this.#symbols.map((symbol) => (exported.has(symbol.name) ? { ...symbol, isExported: true } : symbol));
    const symbols = all.filter(({ kind, isExported }) => isExported || (kind !== 'function' && kind !== 'constant'));
    return {
      symbols: symbols.sort((a, b) => a.line - b.line),
      uses: [...this.#uses].map(([specifier, names]) => ({ specifier, names: [...names] })),
      exports: this.#exports,
      mentions: [...this.#mentions],
      implementations: this.#implementations,
      methods: [...this.#methods].map(([owner, names]) => ({ owner, names: [...names] })),
      environment: [...this.#environment],
      settings: this.#settings,
      ...(this.#module !== undefined && { module: this.#module }),
      isGenerated,
      ...(this.#fault && { fault: this.#fault }),
    };
  }
}
