/** Goes through a document once, block by block, and says what each of them asks for, or excludes. */
import type { Strength } from '../artifacts/coverage.schema.ts';
import type { Block } from '../document/block.ts';
import type { Section, Span, SpecDocument } from '../document/document.ts';
import { plainText } from '../document/plain.ts';
import { sentencesOf } from '../document/sentences.ts';
import { classifyItem, classifySentence } from './classify.ts';
import type { Aside, Finding, Found } from './found.ts';
import { keyAtStart } from './keys.ts';
import { isIdleLabel, labelled } from './label.ts';
import { isLeadIn, leadOf } from './lead.ts';
import type { Lead } from './lead.ts';
import { isExclusion, EXCLUDING_LABEL } from './rules/exclusions.ts';
import { FORMS } from './rules/forms.ts';
import { rowOf } from './table-row.ts';
import { sectionTopics } from './topics.ts';
import type { Topic } from './topics.ts';

/** What holds for the items of a list, or what stands within an item. */
interface Context {
  readonly topic: Topic;
  readonly isExcluded: boolean;
  readonly lead?: Strength;
  readonly unit?: Found;
}

interface ScenarioRun {
  readonly list: number;
  readonly start: number;
  readonly blocks: number[];
  end: number;
  hasThen: boolean;
}

const LICENCE = /permission is hereby granted|licensed under|as is["'”]?,? without warrant|all rights reserved|\bcopyright (?:\(c\)|©|\d{4})/i;
const STEP = /^(given|when|then|and|but)\b/i;
const SCENARIO = FORMS.find(({ id }) => id === 'scenario');
/** Items of more sentences are read like paragraphs; of fewer characters they need not be looked at for that. */
const MAX_ITEM_SENTENCES = 4;
const LONG_ITEM = 300;

export interface Scan {
  readonly found: Found[];
  readonly asides: Aside[];
}

class Scanner {
  readonly found: Found[] = [];
  readonly asides: Aside[] = [];
  private readonly text: string;
  private readonly topics: readonly Topic[];
  private readonly contexts = new Map<number, Context>();
  /** By the item that holds the list; -1 is none. */
  private readonly leads = new Map<number, Lead & { readonly unit?: Found }>();
  private section: Section;
  private sectionIndex = 0;
  private readonly document: SpecDocument;
  private readonly blocks: readonly Block[];
  private readonly children: ReadonlySet<number>;
  private run: ScenarioRun | undefined;

  constructor(document: SpecDocument, blocks: readonly Block[]) {
    this.document = document;
    this.blocks = blocks;
    this.text = document.text;
    this.topics = sectionTopics(document);
    this.children = new Set(blocks.flatMap(({ kind, parent }) => (kind === 'item' && parent !== undefined ? [parent] : [])));
    const [first] = document.sections;
    if (!first) throw new Error('a document has at least one section');
    this.section = first;
  }

  scan(): Scan {
    for (const [index, block] of this.blocks.entries()) {
      this.enter(block.start);
      if (this.section.kind === 'ignored' || block.kind === 'code' || block.kind === 'other') continue;
      if (block.kind !== 'item') this.endRun();
      if (block.kind === 'heading') this.leads.clear();
      else if (block.kind === 'item') this.item(block, index);
      else if (block.kind === 'row') this.row(block);
      else this.paragraph(block, index);
    }
    this.endRun();
    return { found: this.found, asides: this.asides };
  }

  private enter(offset: number): void {
    for (let next = this.document.sections[this.sectionIndex + 1]; next && next.start <= offset; next = this.document.sections[this.sectionIndex + 1]) {
      this.sectionIndex += 1;
      this.section = next;
    }
  }

  private get topic(): Topic {
    return this.topics[this.sectionIndex] ?? 'neutral';
  }

  private plain({ start, end }: Span): string {
    return plainText(this.text.slice(start, end));
  }

  private aside(span: Span, plain: string, isExcluded: boolean): boolean {
    const kind = this.section.kind === 'alternatives' ? 'alternatives' : this.section.kind === 'excludes' || isExcluded ? 'excludes' : undefined;
    if (kind === undefined) return false;
    if (/\p{L}{2}/u.test(plain)) this.asides.push({ kind, start: span.start, end: span.end, plain });
    return true;
  }

  private add(span: Span, finding: Finding, more: { readonly plain: string } & Partial<Found>): Found {
    const key = keyAtStart(more.plain);
    const found: Found = { ...finding, start: span.start, end: span.end, section: this.sectionIndex, ...(key !== undefined && finding.rule !== 'option-row' ? { key } : {}), ...more };
    this.found.push(found);
    return found;
  }

  private contextOf({ parent }: Block): Context {
    const outer = parent === undefined ? undefined : this.contexts.get(parent);
    const lead = this.leads.get(parent ?? -1);
    const unit = lead?.unit ?? outer?.unit;
    const strength = lead ? lead.strength : outer?.lead;
    return {
      topic: lead?.topic ?? outer?.topic ?? this.topic,
      isExcluded: (lead?.isExcluding ?? false) || (outer?.isExcluded ?? false),
      ...(strength === undefined ? {} : { lead: strength }),
      ...(unit ? { unit } : {}),
    };
  }

  private item(block: Block, index: number): void {
    const context = this.contextOf(block);
    const markdown = this.text.slice(block.start, Math.min(block.end, block.start + 4_000));
    const plain = this.plain(block);
    const { label, rest } = labelled(markdown, plain);
    const isExcluded = context.isExcluded || (label !== undefined && EXCLUDING_LABEL.test(label));
    if (this.children.has(index) && (isLeadIn(markdown, plain) || rest === '')) {
      this.leadItem({ block, index, context, plain, isExcluded });
      return;
    }
    this.contexts.set(index, { ...context, isExcluded });
    if (block.end <= block.start || this.section.kind === 'questions') return;
    if (this.aside(block, plain, isExcluded) || this.step(block, index, plain)) return;
    const isLong = block.end - block.start > LONG_ITEM;
    const sentences = isLong || isExclusion(plain) ? sentencesOf(this.text, block) : [block];
    const excluded = sentences.filter((sentence) => isExclusion(this.plain(sentence)));
    for (const sentence of excluded) this.aside(sentence, this.plain(sentence), true);
    if (excluded.length === sentences.length) return;
    if (sentences.length > MAX_ITEM_SENTENCES && keyAtStart(plain) === undefined && label === undefined) this.sentences(block, context);
    else this.oneItem({ block, index, context, markdown, plain });
  }

  private oneItem({ block, index, context, markdown, plain }: { readonly block: Block; readonly index: number; readonly context: Context; readonly markdown: string; readonly plain: string }): void {
    const { topic, lead, unit } = context;
    const { isChecked, list, ordinal } = block;
    const finding = classifyItem({ markdown, plain, topic, isDetail: unit !== undefined, ...(isChecked === undefined ? {} : { isChecked }), ...(lead === undefined ? {} : { lead }) });
    if (!finding) return;
    const found = this.add(block, finding, { plain, ...(unit ? { parent: unit } : {}), ...(list === undefined ? {} : { list }), ...(ordinal === undefined ? {} : { ordinal }) });
    const { lead: _, ...inner } = context;
    this.contexts.set(index, { ...inner, unit: found });
  }

  /** An item that introduces those below it; one itself only where it has an id or is binding. */
  private leadItem({ block, index, context, plain, isExcluded }: { readonly block: Block; readonly index: number; readonly context: Context; readonly plain: string; readonly isExcluded: boolean }): void {
    const lead = leadOf(labelled('', plain).rest === '' ? plain : plain.replace(/[:\s]+$/, ''), context.topic);
    const isBinding = lead.strength !== undefined || keyAtStart(plain) !== undefined || (context.topic === 'features' && block.ordinal !== undefined);
    const finding = isBinding && !isExcluded && !lead.isExcluding && this.section.kind === 'content' ? classifyItem({ markdown: this.text.slice(block.start, block.end), plain, topic: context.topic, isDetail: false }) : undefined;
    const unit = finding ? this.add(block, finding, { plain, ...(context.unit ? { parent: context.unit } : {}), ...(block.list === undefined ? {} : { list: block.list }), ...(block.ordinal === undefined ? {} : { ordinal: block.ordinal }) }) : context.unit;
    this.contexts.set(index, { topic: lead.topic, isExcluded: isExcluded || lead.isExcluding, ...(lead.strength === undefined ? {} : { lead: lead.strength }), ...(unit ? { unit } : {}) });
  }

  /** Given, when, then as items of their own: together they are one scenario. */
  private step(block: Block, index: number, plain: string): boolean {
    const word = STEP.exec(plain)?.[1]?.toLowerCase();
    const { run } = this;
    const goesOn = run !== undefined && run.list === block.list && word !== undefined && !(run.hasThen && (word === 'given' || word === 'when'));
    if (!goesOn) this.endRun();
    if (word === undefined || (SCENARIO?.pattern.test(plain) ?? false) || /, then\b/i.test(plain)) return false;
    if (!goesOn && word !== 'given') return false;
    const open: ScenarioRun = goesOn && run ? run : { list: block.list ?? -1, start: block.start, blocks: [], end: block.end, hasThen: false };
    open.blocks.push(index);
    open.end = block.end;
    open.hasThen ||= word === 'then';
    this.run = open;
    return true;
  }

  private endRun(): void {
    const { run } = this;
    this.run = undefined;
    if (!run) return;
    const context = this.contextOf(this.blocks[run.blocks[0] ?? 0] ?? { kind: 'item', depth: 1, isQuoted: false, start: run.start, end: run.end });
    const more = { ...(context.unit ? { parent: context.unit } : {}), list: run.list };
    if (run.hasThen) {
      const plain = run.blocks.map((index) => this.plain(this.blocks[index] ?? run)).join(', ');
      this.add(run, { rule: 'scenario', kind: 'scenario', strength: 'stated' }, { plain, ...more });
      return;
    }
    for (const index of run.blocks) {
      const block = this.blocks[index];
      if (block) this.oneItem({ block, index, context, markdown: this.text.slice(block.start, block.end), plain: this.plain(block) });
    }
  }

  private row(block: Block): void {
    const plain = (block.cells ?? []).map((cell) => this.plain(cell)).filter((cell) => cell !== '').join(' — ');
    if (this.section.kind === 'questions' || this.aside(block, plain, this.leads.get(block.parent ?? -1)?.isExcluding ?? false)) return;
    const finding = rowOf({ cells: (block.cells ?? []).map((cell) => this.text.slice(cell.start, cell.end)), head: (block.head ?? []).map((cell) => this.plain(cell)), topic: this.topic });
    if (finding) this.add(block, finding, { plain });
  }

  private paragraph(block: Block, index: number): void {
    const plain = this.plain(block);
    const holder = block.parent ?? -1;
    this.leads.delete(holder);
    if (block.isQuoted && LICENCE.test(plain)) return;
    const context = this.contextOf(block);
    const markdown = this.text.slice(block.start, Math.min(block.end, block.start + 4_000));
    const next = this.blocks[index + 1];
    const isLead = isLeadIn(markdown, plain) && (next?.kind === 'item' || next?.kind === 'row' || next?.kind === 'other');
    const before = this.found.length;
    if (isLead || (plain.endsWith(':') && next?.kind === 'code')) {
      const lead = leadOf(plain.slice(-400), context.topic);
      const isBinding = lead.strength !== undefined && next?.kind === 'item' && !lead.isExcluding;
      this.sentences({ ...block, end: isBinding ? block.end : this.beforeLast(block) }, context);
      const unit = isBinding ? this.found.slice(before).at(-1) : undefined;
      this.leads.set(holder, { ...lead, ...(unit ? { unit } : {}) });
      return;
    }
    this.sentences(block, context);
  }

  /** Where the last sentence, which introduces something, begins. */
  private beforeLast(block: Block): number {
    return sentencesOf(this.text, block).at(-1)?.start ?? block.start;
  }

  private sentences(span: Span, context: Context): void {
    if (span.end <= span.start || this.section.kind === 'questions') return;
    const parent = context.unit ? { parent: context.unit } : {};
    const whole = span.end - span.start <= 1_500 ? this.plain(span) : '';
    if (this.section.kind === 'content' && !context.isExcluded && SCENARIO?.pattern.test(whole)) {
      this.add(span, { rule: 'scenario', kind: 'scenario', strength: 'stated' }, { plain: whole, ...parent });
      return;
    }
    let { topic } = context;
    for (const sentence of sentencesOf(this.text, span)) {
      const plain = this.plain(sentence);
      const { label } = labelled(this.text.slice(sentence.start, sentence.end), plain);
      const isExcluded = context.isExcluded || isExclusion(plain) || (label !== undefined && EXCLUDING_LABEL.test(label));
      if (this.aside(sentence, plain, isExcluded)) continue;
      // What an idle label begins goes on until the next label.
      if (label !== undefined && /^\s{0,9}(?:\*\*|__)/.test(this.text.slice(sentence.start, sentence.start + 12))) topic = isIdleLabel(label, context.topic) ? 'narrative' : context.topic;
      const finding = classifySentence({ markdown: this.text.slice(sentence.start, sentence.end), plain, topic });
      if (finding) this.add(sentence, finding, { plain, ...parent });
    }
  }
}

export const scanDocument = (document: SpecDocument, blocks: readonly Block[]): Scan => new Scanner(document, blocks).scan();
