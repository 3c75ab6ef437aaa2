/**
 * Conditions of alerts as plans write them:
 *
 *     condition  = all { ("or" | "||") all }
 *     all        = one { ("and" | "&&") one }
 *     one        = ("not" | "!") one | "(" condition ")" | operand comparison operand
 *     comparison = ">" | ">=" | "<" | "<=" | "==" | "=" | "!="
 *     operand    = metric | number [ "%" | "ms" | "s" | "m" | "h" ]
 *     metric     = a name of METRICS | "resource_utilization." the name of a resource
 *
 * A share takes a number of 0 to 1 or a percentage, a time one with a unit or in seconds, all others a plain number.
 */
import { COMPARISONS, MAX_CONDITION_DEPTH, MAX_CONDITION_LENGTH, METRIC_NAMES, METRICS } from '../../model/alert.ts';
import type { Comparison, Condition, Metric, MetricKind, MetricName, Operand } from '../../model/alert.ts';
import { didYouMean, quote } from '../read/words.ts';

/** What is wrong, and at which character, counted from 0. */
export interface ConditionProblem {
  readonly message: string;
  readonly at: number;
  readonly hint?: string | undefined;
}

export type ParsedCondition = { readonly ok: true; readonly value: Condition } | { readonly ok: false; readonly error: ConditionProblem };

interface Token {
  readonly text: string;
  readonly at: number;
}

type Unit = '' | '%' | 'ms' | 's' | 'm' | 'h';

/** An operand, before it is known what its number is measured in. */
type Written = { readonly kind: 'metric'; readonly metric: Metric; readonly at: number } | { readonly kind: 'number'; readonly number: number; readonly unit: Unit; readonly at: number };

const TOKEN = /\s*(?:(&&|\|\||[<>=!]=|[<>=!()]|\d+(?:\.\d+)?\s*(?:%|(?:ms|s|m|h)\b)?|[A-Za-z_][\w.-]*)|(\S))/gy;
const NUMBER = /^(\d+(?:\.\d+)?)\s*(%|ms|s|m|h)?$/;
const TIMES: Readonly<Record<'ms' | 's' | 'm' | 'h', number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const MAX_NUMBER = 1e15;
const METRIC_LIST = `There are: ${METRIC_NAMES.join(', ')}.`;

class Refused extends Error {
  readonly problem: ConditionProblem;

  constructor(problem: ConditionProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

const refuse = (message: string, at: number, hint?: string): never => {
  throw new Refused({ message, at, hint });
};

const tokensOf = (text: string): readonly Token[] =>
  [...text.matchAll(TOKEN)].map((match): Token => {
    const [whole, token, other] = match;
    const at = match.index + whole.length - (token ?? other ?? '').length;
    return other === undefined ? { text: token ?? '', at } : refuse(`${quote(other)} has no place in a condition`, at);
  });

const isMetric = (name: string): name is MetricName => Object.hasOwn(METRICS, name);

/** The number in what a metric is measured in. */
const valueOf = ({ number, unit, at }: Written & { readonly kind: 'number' }, kind: MetricKind, metric: string): number => {
  const isTime = unit === 'ms' || unit === 's' || unit === 'm' || unit === 'h';
  if (kind === 'share') {
    if (isTime) refuse(`${metric} is a share, and no time`, at, 'Write a percentage, or a number from 0 to 1.');
    const share = unit === '%' ? number / 100 : number;
    if (share > 1) refuse(`${metric} is a share, and never more than 1`, at, unit === '' ? `Write ${number} %?` : undefined);
    return share;
  }
  if (unit === '%') refuse(`${metric} is no share: it cannot be compared with a percentage`, at);
  if (kind === 'time') return isTime ? number * TIMES[unit] : number * TIMES.s;
  if (isTime) refuse(`${metric} is no time: it is compared with a plain number`, at);
  return number;
};

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  whole(): Condition {
    const condition = this.#either();
    const rest = this.#tokens[this.#next];
    if (rest) refuse(`${quote(rest.text)} was not expected here`, rest.at, 'Join conditions by "and" or "or".');
    return condition;
  }

  #either(): Condition {
    return this.#joined('or', ['or', '||'], () => this.#joined('and', ['and', '&&'], () => this.#one()));
  }

  #joined(op: 'and' | 'or', words: readonly string[], part: () => Condition): Condition {
    const first = part();
    const parts = [first];
    while (this.#takes(...words)) parts.push(part());
    return parts.length === 1 ? first : { op, parts };
  }

  #one(): Condition {
    this.#depth += 1;
    if (this.#depth > MAX_CONDITION_DEPTH) refuse('the condition is nested too deep', this.#at);
    try {
      if (this.#takes('not', '!')) return { op: 'not', part: this.#one() };
      if (!this.#takes('(')) return this.#comparison();
      const inner = this.#either();
      if (!this.#takes(')')) refuse('a ")" is missing', this.#at);
      return inner;
    } finally {
      this.#depth -= 1;
    }
  }

  #comparison(): Condition {
    const left = this.#operand();
    const sign = this.#tokens[this.#next];
    const text = sign?.text === '=' ? '==' : sign?.text;
    const op = COMPARISONS.find((each): each is Comparison => each === text) ?? refuse('a comparison was expected', this.#at, `There are: ${COMPARISONS.join(', ')}.`);
    this.#next += 1;
    const right = this.#operand();
    return { op, left: measured(left, right), right: measured(right, left) };
  }

  #operand(): Written {
    const token = this.#tokens[this.#next] ?? refuse('a metric or a number was expected', this.#at, METRIC_LIST);
    this.#next += 1;
    const { text, at } = token;
    const [, number, unit = ''] = NUMBER.exec(text) ?? [];
    if (Number(number) > MAX_NUMBER) refuse('the number is too large', at);
    if (number !== undefined) return { kind: 'number', number: Number(number), unit: unit as Unit, at };
    const dot = text.indexOf('.');
    const [name, of] = dot < 0 ? [text, undefined] : [text.slice(0, dot), text.slice(dot + 1)];
    if (!isMetric(name)) return refuse(`there is no metric ${quote(name)}`, at, didYouMean(name, METRIC_NAMES) ?? METRIC_LIST);
    if (of !== undefined && name !== 'resource_utilization') refuse(`${name} is not of one thing among others: ${quote(text)}`, at);
    if (of === '') refuse('the name of a resource is missing after the "."', at);
    return { kind: 'metric', metric: of === undefined ? { metric: name } : { metric: name, of }, at };
  }

  #takes(...words: readonly string[]): boolean {
    if (!words.includes(this.#tokens[this.#next]?.text ?? '')) return false;
    this.#next += 1;
    return true;
  }

  get #at(): number {
    return this.#tokens[this.#next]?.at ?? this.#text.trimEnd().length;
  }
}

const measured = (one: Written, other: Written): Operand => {
  if (one.kind === 'metric') {
    if (other.kind === 'metric' && METRICS[one.metric.metric] !== METRICS[other.metric.metric]) refuse(`${one.metric.metric} and ${other.metric.metric} are not measured in the same`, Math.max(one.at, other.at));
    return one.metric;
  }
  if (other.kind === 'number') return refuse('two numbers say nothing of the execution', other.at, METRIC_LIST);
  return { value: valueOf(one, METRICS[other.metric.metric], other.metric.metric) };
};

export const parseCondition = (text: string): ParsedCondition => {
  if (text.length > MAX_CONDITION_LENGTH) return { ok: false, error: { message: `the condition is longer than ${MAX_CONDITION_LENGTH} characters`, at: 0 } };
  try {
    return { ok: true, value: new Parser(text).whole() };
  } catch (error) {
    if (error instanceof Refused) return { ok: false, error: error.problem };
    throw error;
  }
};
