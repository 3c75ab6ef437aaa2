/** The words of a text that say what it is about, as stems (Porter 1980), so that "expenses" and "expense" are one. */
import { stemmer } from 'stemmer';

/** Say nothing of the subject: function words, and the furniture of specifications. */
const EMPTY = new Set(
  (
    'a an and any are as at be been being both but by can could do does for from had has have if in into is it its may might more most must no nor not of off on only or other our out over own shall should so some such than that the their them then there these they this those to under until up upon via was we were what when where which while who whom will with without within would you your ' +
    'system application app user users allow allows able ability support supports supported provide provides provided enable enables ensure feature features functionality requirement requirements using use used uses based e.g i.e etc new all each every one two via per also'
  ).split(' '),
);

/** Pieces of identifiers are words of their own: `ExpenseList`, `expense_list`, `expense-list`. */
const pieces = (text: string): readonly string[] => text.replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').match(/[\p{L}\d]+/gu) ?? [];

/** In the order of the text, with repetitions. */
export const contentWords = (text: string): readonly string[] =>
  pieces(text).flatMap((piece) => {
    const word = piece.toLowerCase();
    return EMPTY.has(word) || (word.length < 2 && !/\d/.test(word)) ? [] : [stemmer(word)];
  });
