/** TASKS1307: no quote holds a secret. The secret itself is never shown. */
import { secretSpans } from '../../../model/redact.ts';
import { findingAt } from '../finding.ts';
import { quotesOf } from '../quotes.ts';
import type { Rule } from '../rule.ts';

const CODE = 'TASKS1307';

export const secrets: Rule = {
  code: CODE,
  check: (view) =>
    quotesOf(view).flatMap(({ item, of, text }) => {
      const { spans } = secretSpans(text, []);
      const [first] = spans;
      if (!first) return [];
      const count = spans.length === 1 ? 'what looks like a secret' : `${spans.length} things that look like secrets`;
      return findingAt({ code: CODE, message: `a quote of ${of} holds ${count}, from its character ${first[0] + 1} on`, where: item.where, hint: 'Write [REDACTED] in its place, leave "loc" as it is, and change the secret where it is used.', isSecret: true });
    }),
};
