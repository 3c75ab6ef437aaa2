/** Sentences without a modal word that say what the system does, in the present tense, and words that such sentences have. */
import type { Sign } from './rule.ts';

const SYSTEM = '(?:systems?|applications?|apps?|software|servers?|clients?|tools?|products?|services?|modules?|interfaces?|solutions?|web ?sites?|platforms?|databases?|programs?|components?|library|cli|api|gui|ui|utility|engine|subsystems?|plugins?|backend|frontend|worker)';

/** Each makes a requirement possible without a modal word. */
export const BEHAVIOUR: readonly Sign[] = [
  {
    id: 'system-does',
    finds: 'the system, a part of it, and a verb in the present tense',
    example: 'The system sends a receipt by mail.',
    strength: 'stated',
    points: 1,
    pattern: new RegExp(`^\\W{0,4}(?:[\\w-]{1,30}: )?(?:the |each |every |an? )?(?:[\\w-]{1,30} ){0,2}?${SYSTEM} (?:\\w{1,20}ly |also |then )?[a-z]{1,20}s\\b`, 'i'),
  },
  { id: 'system-provides', finds: 'allows, enables, provides, supports, ensures, prevents', example: 'Import supports CSV and XLSX.', strength: 'stated', points: 0, pattern: /\b(?:allows?|enables?|permits?|lets?|provides?|supports?|includes?|ensures?|prevents?)\b/i },
];

/** These only add to what another sign says. */
export const MORE: readonly Sign[] = [
  { id: 'names-ability', finds: 'a sentence that begins with the ability', example: 'Ability to sort by price.', points: 1, pattern: /^\W{0,4}(?:[A-Z0-9.:-]{1,20}\W{1,3})?(?:the )?(?:ability|capability) (?:to|for)\b/i },
  { id: 'names-input', finds: 'what users do with it: clicks, selects, enters', example: 'The user selects a row.', points: 1, pattern: /\b(?:clicks?|selects?|press(?:es)?|enters?|chooses?|types?|fills?)\b/i },
  { id: 'names-output', finds: 'what comes of it: displayed, stored, created, sent', example: 'A message is displayed.', points: 1, pattern: /\b(?:displays?|displayed|shows?|shown|saved?|stored?|created|deleted|updated|sent|generates?d?|notified|logged)\b/i },
  { id: 'names-limit', finds: 'a limit: only, at least, up to, within', example: 'At most five files.', points: 1, pattern: /\b(?:only|at least|at most|no more than|up to|maximum|minimum|within|default)\b/i },
];
