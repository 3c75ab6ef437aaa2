/** Work that is asked for by a verb at the begin: "Add a filter". Verbs that instruct a reader ("see", "note") are not among them. */
import type { Rule } from './rule.ts';

export const IMPERATIVE: Rule = { id: 'imperative', finds: 'a verb of work at the begin', example: 'Add a filter by date.', strength: 'stated' };

/** Also what begins a task's title: verbs in the form that a request has. */
export const WORK_VERBS: ReadonlySet<string> = new Set(
  `abort accept acknowledge add adjust adopt aggregate alert allow analyse analyze annotate append apply approve archive assign attach audit authenticate authorise authorize automate
  backfill back batch benchmark block bootstrap build bump bundle bypass cache calculate cancel capture centralise centralize change check clean clear collect combine compare compile compress compute
  configure confirm connect consolidate convert copy correct count cover create decouple decrypt dedupe deduplicate define delete deliver deny deploy deprecate derive design detect determine develop disable
  discard display distribute document download drop edit eliminate embed emit enable encode encrypt enforce enhance ensure establish evaluate evict execute expand expire explain export expose extend extract
  fail fetch filter fix flag flush forbid format forward generate grant group guard handle harden hash hide highlight hook host identify implement import improve include increase index inject initialise
  initialize install instrument integrate introduce invalidate investigate isolate issue keep launch limit link list load localise localize lock log maintain make manage map mark mask measure merge migrate
  minimise minimize mitigate mock modernise modernize modify monitor move mute normalise normalize notify omit open optimise optimize orchestrate order organise organize output override package paginate
  parse partition pass patch permit persist pin poll port post prefetch prepare present preserve prevent print prioritise prioritize process produce profile prohibit propagate protect provide provision prune publish purge
  push queue raise rate-limit read rebuild receive reconcile record recover redact redesign redirect reduce refactor refresh refuse register reject release reload remind remove rename render reorganise
  reorganize replace replicate report require reserve reset resize resolve respect respond restore restrict retain retrieve retry return reuse revoke rewrite roll rotate route run sanitise sanitize save
  scaffold scale scan schedule scope seed select send separate serialise serialize serve set setup share show shorten sign simplify skip snapshot sort specify split stage standardise standardize start stop store
  stream strip structure style submit subscribe support suppress surface switch sync synchronise synchronize tag test throttle time toggle track transform translate trigger trim unify unsubscribe update
  upgrade upload use validate verify version warn wire wrap write`.split(/\s+/),
);

/** Nouns as often as verbs: these count only where what follows cannot be the rest of a name. */
const AMBIGUOUS: ReadonlySet<string> = new Set('back batch block cache change check copy count cover design document download drop edit export fail filter fix flag format group guard handle hash hook host import index issue issues launch limit link list load lock log map mark mask measure mock monitor move mute open order output override package pass patch pin poll port post present process produce profile push queue record release report reserve reset return route run scale scan schedule scope seed select share show sign snapshot sort split stage start stop store stream strip structure style support surface switch sync tag test throttle time toggle track trigger trim update upgrade upload version wire wrap'.split(' '));
const OBJECT = /^(?:(?:an?|the|all|any|each|every|its|their|our|your|this|these|those|only|up|out|off|down|both|multiple|new|existing|one|two|no|at|by|for|from|if|in|into|it|that|to|when|whether|with|users?)\b|[`"'“(<$/-]|\d)/i;
/** A plural, or an abbreviation. */
const NOUN_OBJECT = /^(?:[a-z-]{2,30}[^s\s]s\b|[A-Z]{2,})/;
const NO_USE = /^(?:cases?|of)\b/i;

/** `text` is plain. A word such as "test" counts only before an object: "Test the parser", not "Test coverage". */
export const isImperative = (text: string): boolean => {
  const [, first = '', rest = ''] = /^(?:please |also |then |next,? |finally,? |do not |don['’]t |never |always |automatically )?([A-Za-z]+(?:-[a-z]+)?)\s+([^]{0,40})/i.exec(text.slice(0, 120)) ?? [];
  const verb = first.toLowerCase();
  if (!WORK_VERBS.has(verb) || rest === '') return false;
  if (verb === 'use') return !NO_USE.test(rest);
  return !AMBIGUOUS.has(verb) || OBJECT.test(rest) || NOUN_OBJECT.test(rest);
};
