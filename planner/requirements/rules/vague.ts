/** Words that nobody can test, by what they leave open. Heavier ones are asked about first. */
export interface VagueRule {
  readonly id: string;
  /** Why the wording is a problem: what an answer has to say. */
  readonly reason: string;
  /** The higher, the graver. */
  readonly weight: number;
  readonly pattern: RegExp;
}

/** Not when a number says how much, right behind: "fast (under 100 ms)". */
export const VAGUE: readonly VagueRule[] = [
  { id: 'vague-speed', reason: 'say how fast, as a time and a share of the cases', weight: 6, pattern: /\b(?:fast(?:er)?|quick(?:ly|er)?|rapid(?:ly)?|speedy|instant(?:ly|aneous(?:ly)?)?|real[- ]?time|low[- ]latency|responsive(?:ly)?|performant|high[- ]performance|in a timely manner|as soon as possible|immediately)\b/i },
  { id: 'vague-scale', reason: 'say how many, and of what', weight: 6, pattern: /\b(?:scalable|scales? (?:well|easily)|large (?:numbers?|amounts?|volumes?|datasets?)|many (?:users|requests|items|records)|high (?:load|volume|traffic|throughput)|massive|unlimited|highly available|high availability|always available)\b/i },
  { id: 'vague-ease', reason: 'say who does what within how many steps or minutes', weight: 5, pattern: /\b(?:easy|easily|easier|simpl(?:e|y) to (?:use|understand)|user[- ]friendly|intuitive(?:ly)?|convenient(?:ly)?|seamless(?:ly)?|effortless(?:ly)?|self[- ]explanatory|straightforward|friendly|usable)\b/i },
  { id: 'vague-robust', reason: 'say which failures it has to survive, and how', weight: 5, pattern: /\b(?:robust(?:ly|ness)?|reliabl[ey]|resilient|stable|fault[- ]tolerant|graceful(?:ly)?|bullet-?proof|production[- ](?:ready|grade)|enterprise[- ](?:ready|grade))\b/i },
  { id: 'vague-secure', reason: 'say against whom and by which means', weight: 5, pattern: /\b(?:(?:is|are|be|remain|fully|highly) secure|securely|safe(?:ly)?|proper(?:ly)? (?:secured|protected)|industry[- ]standard|best practices?|state[- ]of[- ]the[- ]art)\b/i },
  { id: 'vague-fitting', reason: 'say which one, or by what it is chosen', weight: 4, pattern: /\b(?:appropriate(?:ly)?|suitabl[ey]|adequate(?:ly)?|reasonabl[ey]|sufficient(?:ly)?|proper(?:ly)?|acceptable|relevant|meaningful|as (?:needed|required|necessary|appropriate)|if (?:necessary|needed|possible|applicable|appropriate)|where (?:possible|appropriate|applicable|necessary)|when(?:ever)? (?:possible|appropriate))\b/i },
  { id: 'vague-extent', reason: 'list them all, or say where the list ends', weight: 4, pattern: /\b(?:etc\.?|and so (?:on|forth)|and more|and others|among others|including but not limited to|such things)(?![\w])|\.\.\.\s*$/i },
  { id: 'vague-amount', reason: 'say how many or how much', weight: 3, pattern: /\b(?:several|various|numerous|a (?:few|lot|number) of|lots of|plenty|minimal(?:ly)?|minimi[sz]e|maximi[sz]e|optimi[sz]e|optimal(?:ly)?|significant(?:ly)?|substantial(?:ly)?|frequent(?:ly)?|periodically|occasionally|sometimes|usually|normally|generally|typically|mostly|approximately|roughly|as much as possible)\b/i },
  { id: 'vague-look', reason: 'say what it has to look like, or name what it follows', weight: 2, pattern: /\b(?:modern|clean|beautiful|nice(?:ly)?|attractive|elegant(?:ly)?|polished|sleek|professional[- ]looking|good[- ]looking|aesthetic(?:ally)?|well[- ](?:designed|structured|organi[sz]ed)|high[- ]quality)\b/i },
  { id: 'vague-flexible', reason: 'say what has to be changeable, by whom', weight: 3, pattern: /\b(?:flexibl[ey]|flexibility|configurable as|extensible|customi[sz]able|adaptable|generic|versatile|comprehensive(?:ly)?|powerful|advanced|smart|intelligent(?:ly)?|efficient(?:ly)?)\b/i },
];

const MEASURED = /\d\s?(?:%|ms|s|sec|second|minute|hour|day|mb|gb|kb|user|request|item|step|click)|\bp\d{2}\b/i;

export const isMeasured = (text: string): boolean => MEASURED.test(text);

/** Marks that the author left: an answer is missing there. */
export const OPEN_MARKS: readonly { readonly id: string; readonly pattern: RegExp; readonly message: (what: string) => string; readonly weight: number }[] = [
  { id: 'needs-clarification', pattern: /\[NEEDS CLARIFICATION:?\s{0,4}([^\]\n]{0,300})\]/g, weight: 20, message: (what) => (what === '' ? 'The document asks for a clarification here.' : `The document asks: ${what}`) },
  { id: 'to-be-decided', pattern: /(?<![\w-])(?:TBD|TBC|TBA|FIXME|to be (?:decided|determined|defined|confirmed|discussed))(?![\w-])|\?{3,}|\[(?:TODO|placeholder|insert [^\]\n]{1,60})\]|(?<![\w-])TODO(?=:)/g, weight: 15, message: () => 'This is not decided yet.' },
];
