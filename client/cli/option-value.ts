/** One option's value from the text that somebody gave, wherever they gave it. */
import type { OptionSpec } from './command-spec.ts';
import { fail, ok } from '../../model/problem.ts';
import type { Problem, Result } from '../../model/problem.ts';
import type { OptionValue } from './values.ts';

const TRUE = new Set(['1', 'true', 'yes', 'on']);
const FALSE = new Set(['0', 'false', 'no', 'off', '']);

/** `where` names the place it came from in the error: `--slots`, `TASKS_SLOTS`, `tasks.config.json: slots`. */
export const parseOptionValue = (option: OptionSpec, text: readonly string[], where: string): Result<OptionValue, Problem> => {
  const last = text.at(-1) ?? '';
  if (option.value === undefined) {
    const word = last.toLowerCase();
    if (TRUE.has(word)) return ok(true);
    return FALSE.has(word) ? ok(false) : wrong(where, last, 'must be true or false');
  }
  if (option.kind === 'list' && option.separator === false) return ok([...text]);
  if (option.kind === 'list') return ok(text.flatMap((part) => part.split(option.separator || ',')).map((part) => part.trim()).filter((part) => part !== ''));
  if (option.kind === 'integer' || option.kind === 'number') return parseNumber(option, last, where);
  if (option.choices && !option.choices.includes(last)) return wrong(where, last, `must be one of ${option.choices.join(', ')}`);
  return last === '' ? wrong(where, last, 'must not be empty') : ok(last);
};

const parseNumber = (option: OptionSpec, text: string, where: string): Result<OptionValue, Problem> => {
  const value = Number(text);
  const isNumber = /^-?[0-9]+(\.[0-9]+)?$/u.test(text) && (option.kind === 'number' || Number.isSafeInteger(value));
  const { minimum = -Infinity, maximum = Infinity } = option;
  if (isNumber && value >= minimum && value <= maximum) return ok(value);
  const range = [Number.isFinite(minimum) ? `at least ${minimum}` : '', Number.isFinite(maximum) ? `at most ${maximum}` : ''];
  const bounds = range.filter((part) => part !== '').join(' and ');
  return wrong(where, text, `must be ${option.kind === 'integer' ? 'a whole number' : 'a number'}${bounds ? `, ${bounds}` : ''}`);
};

const wrong = (where: string, text: string, rule: string): { readonly ok: false; readonly error: Problem } =>
  fail({ code: 'TASKS3010', message: `${where} ${rule}, not ${JSON.stringify(text)}` });
