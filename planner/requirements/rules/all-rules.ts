/** Every rule that can find something, in the order in which they are documented. */
import { AGAINST } from './against.ts';
import { BEHAVIOUR, MORE } from './behaviour.ts';
import { EXCLUSION } from './exclusions.ts';
import { FORMS } from './forms.ts';
import { IMPERATIVE } from './imperatives.ts';
import { INTERFACES, TABLE_HEADS } from './interfaces.ts';
import { MODALS } from './modals.ts';
import { QUALITY } from './quality.ts';
import type { Rule } from './rule.ts';
import { STRUCTURE } from './structure.ts';

/** Rules that evidence names. */
export const FINDING_RULES: readonly Rule[] = [...MODALS, ...BEHAVIOUR, ...FORMS, IMPERATIVE, QUALITY, ...INTERFACES, ...TABLE_HEADS, ...Object.values(STRUCTURE), EXCLUSION];

/** Signs that only weigh for or against a sentence. */
export const WEIGHING_SIGNS = [...MODALS, ...BEHAVIOUR, ...MORE, ...AGAINST] as const;
