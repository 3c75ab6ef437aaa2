/** Requirements that a drafter makes no task of, with its reasons: none of them binding. */
import { quote } from '../../read/words.ts';
import type { DraftDecline } from '../draft.schema.ts';
import { plainText } from './plain-text.ts';
import type { View } from './view.ts';

const MAX_REASON = 200;

/** By the requirement's id. */
export const checkDeclined = (declined: readonly DraftDecline[], { units, findings }: View): ReadonlyMap<string, string> => {
  const reasons = new Map<string, string>();
  for (const { requirement, reason } of declined) {
    const unit = units.get(requirement.trim());
    const said = plainText(reason, MAX_REASON);
    const wrong = !unit ? `there is no requirement ${quote(requirement)}` : unit.strength === 'must' ? 'it is binding' : said.length < 3 ? 'it has no reason' : undefined;
    if (wrong !== undefined) findings.add('dropped', `declined ${plainText(requirement, 40)}`, wrong);
    else if (unit && !reasons.has(unit.id)) reasons.set(unit.id, `the drafter declines it: ${said}`);
  }
  return reasons;
};
