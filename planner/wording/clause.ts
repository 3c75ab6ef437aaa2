/**
 * A sentence of a specification as what somebody has to do, verb first: "System MUST allow flatmates to record bills" is "Let
 * flatmates record bills". Rules of grammar alone; what they do not know becomes "Implement …".
 */
import { gerund } from './gerund.ts';
import { small } from './small.ts';
import { isVerb } from './verbs.ts';

const MODAL = /\b(must|shall|should|will|needs? to|is required to|are required to|has to|have to|may|can|could)\b/i;
const SYSTEM = /^(?:the |this |our |each )?(?:\w+ )?(?:systems?|applications?|apps?|software|solution|product|platform|service|tool|program|website|site|it|we|implementation|project)$/i;
const MAX_SUBJECT = 60;

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const isPlural = (subject: string): boolean => {
  const [head = ''] = subject.split(/ (?:of|for|in|on|with|that|which|from|to|by) /);
  const last = head.trim().split(/\s+/).at(-1) ?? '';
  return / and /.test(head) || (/[^su]s$/i.test(last) && !/(?:ss|us|is)$/i.test(last)) || /ies$/i.test(last);
};

const firstWord = (text: string): string => (/^[A-Za-z]+(?:-[A-Za-z]+)*/.exec(text)?.[0] ?? '').toLowerCase();

const story = (text: string): string | undefined => {
  const [, role, wish] = /^as (?:an? |the )?([^,]{1,80}?),? i (?:want|need|would like|wish)(?: to be able)?\s+(.+)$/i.exec(text) ?? [];
  if (role === undefined || wish === undefined) return undefined;
  const goal = wish.replace(/,? so that .*$/i, '').replace(/,? in order to .*$/i, '');
  if (/^to /i.test(goal)) return `Let ${/^(?:any|every|all|some)/i.test(role) || isPlural(role) ? role : `${/^[aeiou]/i.test(role) ? 'an' : 'a'} ${role}`} ${goal.slice(3)}`;
  const [, subject, rest] = /^(.{1,60}?) to (.+)$/i.exec(goal) ?? [];
  if (subject !== undefined && rest !== undefined && isVerb(firstWord(rest))) return `Make ${subject} ${rest}`;
  return `Provide ${goal}`;
};

const negative = (subject: string, rest: string): string => {
  const verb = firstWord(rest);
  const after = rest.slice(verb.length);
  const doing = verb === 'be' ? `being${after}` : `${gerund(verb)}${after}`;
  return SYSTEM.test(subject) ? `Avoid ${doing}` : `Keep ${small(subject)} from ${doing}`;
};

const positive = (subject: string, rest: string, modal: string): string => {
  const [, , whom, what] = /^(allow|enable|let|permit) (.{1,60}?) to (.+)$/i.exec(rest) ?? [];
  if (whom !== undefined && what !== undefined && isVerb(firstWord(what))) return `Let ${whom} ${what}`;
  const [, able] = /^be able to (.+)$/i.exec(rest) ?? [];
  if (SYSTEM.test(subject)) {
    if (able !== undefined) return able;
    const [, state] = /^be (.+)$/i.exec(rest) ?? [];
    return state === undefined ? rest : `Make the system ${state}`;
  }
  if (able !== undefined) return `Let ${small(subject)} ${able}`;
  const [, state] = /^be (.+)$/i.exec(rest) ?? [];
  if (state !== undefined) return `Ensure that ${small(subject)} ${isPlural(subject) ? 'are' : 'is'} ${state}`;
  return /^(?:may|can|could)$/i.test(modal) ? `Let ${small(subject)} ${rest}` : `Make ${small(subject)} ${rest}`;
};

/** What an event or a state introduces is not what is to be done, but when (EARS: "When …, the system shall …"). */
const CONDITION = /^((?:when|while|if|once|after|before|during|upon)\b[^,]{1,80}),\s*(?:then\s+)?(.+)$/i;
const PLACE = /^(?:where|on|for|in)\b[^,]{1,200},\s*/i;

const modal = (text: string): string | undefined => {
  const [, condition, rest] = CONDITION.exec(text) ?? [];
  const clause = mainClause((rest ?? text).replace(PLACE, ''));
  return clause === undefined || condition === undefined ? clause : `${clause} ${small(condition)}`;
};

const mainClause = (main: string): string | undefined => {
  const found = MODAL.exec(main);
  if (!found) return undefined;
  const subject = main.slice(0, found.index).replace(/^and\s+/i, '').trim();
  if (subject === '' || subject.length > MAX_SUBJECT) return undefined;
  const rest = main.slice(found.index + found[0].length).trim();
  const [, refused] = /^not\s+(.+)$/i.exec(rest) ?? [];
  const said = (refused ?? rest).replace(/^(?:also|always|only|automatically|then|either|never)\s+/i, '');
  if (!/^[a-z]/i.test(said)) return undefined;
  return refused === undefined && !/^never\b/i.test(rest) ? positive(subject, said, found[0]) : negative(subject, said);
};

const scenario = (text: string): string | undefined => {
  const [, then] = /\bthen,?\s+(.+)$/i.exec(text) ?? [];
  return /^given\b/i.test(text) && then !== undefined ? `Verify that ${small(then)}` : undefined;
};

const named = (text: string): string | undefined => {
  const [, name] = /^([^:–—]{2,80}?)\s*(?::|–|—| -)\s+\S/.exec(text) ?? [];
  if (name === undefined) return undefined;
  return isVerb(firstWord(name)) ? name : `Implement ${small(name)}`;
};

/** `POST` is no verb there. */
const ENDPOINT = /^`?(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)\s+\//;

const imperative = (text: string): string | undefined => {
  if (ENDPOINT.test(text)) return undefined;
  const set = text.replace(/^(Setup|Login|Logout|Checkin|Rollout|Cleanup|Backup|Signup)\b/i, (word) => word.replace(/(up|in|out)$/i, ' $1'));
  return isVerb(firstWord(set)) ? set : undefined;
};

const needed = (text: string): string | undefined => {
  const [, what] = /^(.{2,120}?) (?:is|are) (?:also )?(?:required|needed|mandatory|necessary)$/i.exec(text) ?? [];
  return what === undefined ? undefined : `Provide ${small(what)}`;
};

/** What is said to be so is to be made so. */
const stated = (text: string): string | undefined => {
  const [, subject, state] = /^(.{3,60}?) ((?:is|are) (?:not )?\w.*)$/i.exec(text) ?? [];
  if (subject !== undefined && state !== undefined) return `Ensure that ${small(subject)} ${state}`;
  const words = text.split(' ');
  for (let at = 1; at < Math.min(words.length - 1, 7); at += 1) {
    const word = (words[at] ?? '').toLowerCase();
    const owner = words.slice(0, at).join(' ');
    const verb = isPlural(owner) && isVerb(word) ? word : !isPlural(owner) && /[^s]s$/.test(word) && isVerb(word.slice(0, -1)) ? word.slice(0, -1) : undefined;
    if (verb !== undefined) return `Make ${small(owner)} ${verb} ${words.slice(at + 1).join(' ')}`;
  }
  return undefined;
};

/** Of what it comes after, which dependencies say. */
const ORDER = /\s*\((?:depends? on|after|requires|blocked by|needs)\b[^)]{0,80}\)/gi;
const KEY = /^[A-Z]{1,6}-\d+[a-z]?\s*[:.)–-]?\s+/;

/** Verb first, with a capital, without the full stop. */
export const asClause = (text: string): string => {
  const [sentence = ''] = text.replace(/\s+/g, ' ').replace(ORDER, '').trim().split(/(?<=[\w)`"]{2})[.!?]\s+(?=[A-Z])/, 1);
  const plain = sentence.replace(KEY, '').replace(/[.;:,!\s]+$/, '');
  return capital(story(plain) ?? scenario(plain) ?? imperative(plain) ?? modal(plain) ?? needed(plain) ?? named(plain) ?? stated(plain) ?? `Implement ${small(plain) || 'it'}`);
};
