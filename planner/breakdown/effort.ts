/**
 * How long something takes, by what its words tell: a documented table, not a measurement. Hours of one person or agent who knows
 * the code base. The three points follow the most likely one; uncertain work has a longer tail (PERT; Malcolm et al. 1959).
 */
import type { ThreePoint } from '../artifacts/task.schema.ts';
import type { RequirementUnit, UnitKind } from '../requirements/unit.ts';
import type { TaskDraft } from './task-draft.ts';

const BASE: Readonly<Record<UnitKind, number>> = { functional: 2, quality: 2.5, scenario: 0.75, interface: 1, prohibition: 1.5 };

/** Words that make it more. Each row counts once. */
const ROWS: readonly { readonly hours: number; readonly uncertain?: true; readonly words: RegExp; readonly why: string }[] = [
  { hours: 6, uncertain: true, words: /^(?:build|create|develop|make)\b.*\b(?:applications?|apps?|platform|system|website|portal|tool|suite)\b/i, why: 'a whole of its own' },
  { hours: 2, uncertain: true, words: /\b(?:oauth|saml|sso|payments?|billing|stripe|paypal|e-?mails?|sms|webhooks?|third[- ]party|external (?:api|service)|integrat\w+|import(?:s|ing)? from)\b/i, why: 'somebody else is on the other side' },
  { hours: 1.5, uncertain: true, words: /\b(?:real[- ]time|concurren\w+|synchroni[sz]\w+|sync\b|offline|conflicts?|distributed|streaming|websockets?|transaction\w*|retr(?:y|ies)|idempoten\w+)\b/i, why: 'timing' },
  { hours: 1.5, words: /\b(?:algorithm|round-robin|schedul\w+|rotat\w+|ranking|recommend\w+|search(?:ing)?|index(?:es|ing)?|calculat\w+|balance)\b/i, why: 'logic' },
  { hours: 1.5, uncertain: true, words: /\b(?:migrat\w+|backfill|legacy|convert\w*)\b/i, why: 'data that is there' },
  { hours: 1, words: /\b(?:encrypt\w+|hash\w*|authenticat\w+|authori[sz]\w+|permissions?|roles?|passwords?|passcodes?|tokens?|audit\w*|csrf|sanitiz\w+)\b/i, why: 'security' },
  { hours: 1, words: /\b(?:dashboards?|charts?|screens?|pages?|forms?|ui|interface|components?|buttons?|views?|drag)\b/i, why: 'something to look at' },
  { hours: 1, words: /\b(?:histor(?:y|ies)|filter\w*|sort\w*|paginat\w+|export\w*|report\w*|statistics|retention|archiv\w+)\b/i, why: 'many records' },
  { hours: 0.5, words: /\b(?:notif\w+|remind\w+|alerts?|schedule[sd]?)\b/i, why: 'something that happens later' },
];

/** More than one thing is asked for at once. */
const EXTRA = /(?:;|,? and (?:also )?|, or )/g;

export interface Effort {
  /** Most likely, hours. */
  readonly hours: number;
  readonly isUncertain: boolean;
  readonly why: readonly string[];
}

export const effortOf = ({ kind, text }: Pick<RequirementUnit, 'kind' | 'text'>): Effort => {
  const rows = ROWS.filter(({ words }) => words.test(text));
  const extra = Math.min(4, text.match(EXTRA)?.length ?? 0) * 0.25;
  const scale = kind === 'scenario' ? 0.25 : kind === 'interface' ? 0.5 : 1;
  const hours = BASE[kind] + scale * (extra + rows.reduce((sum, row) => sum + row.hours, 0));
  return { hours: halves(hours), isUncertain: rows.some(({ uncertain }) => uncertain), why: rows.map(({ why }) => why) };
};

/** To half hours, half of one at least. */
export const halves = (hours: number): number => Math.max(0.5, Math.round(hours * 2) / 2);

/** Three points around the most likely one, hours to a tenth; `spread` where somebody estimated the other two. */
export const threePoints = (hours: number, isUncertain: boolean, spread: TaskDraft['spread'] = { optimistic: 0.6, pessimistic: isUncertain ? 2.4 : 1.7 }): ThreePoint => {
  const tenth = (value: number): number => Math.round(value * 10) / 10;
  return { optimistic: tenth(hours * spread.optimistic), mostLikely: tenth(hours), pessimistic: tenth(hours * spread.pessimistic) };
};
