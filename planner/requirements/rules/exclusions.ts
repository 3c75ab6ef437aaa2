/** What the document says is not to be done, outside of a section that says so by its title. */
import type { Rule } from './rule.ts';

export const EXCLUSION: Rule = { id: 'excluded', finds: 'what is out of scope, or not for now', example: 'Refunds are out of scope.' };

const SAID =
  /\b(?:out[- ]of[- ]scope|not (?:be )?(?:in|within|part of the|part of this) (?:the )?(?:scope|release|version|mvp)|beyond (?:the )?scope|(?:are|is|be) (?:not (?:planned|included|part of)|deferred|postponed)|(?:will|shall) not be (?:implemented|supported|included|built|covered|addressed)(?: (?:in|for|by|as)\b|[.,;]|$)|(?:do not|don['’]t|not) (?:implement|build|support|include|add)\b[^.]{1,120}\b(?:for now|yet|in this (?:version|release|phase|iteration)|in v\d|initially|at this (?:point|stage))|non[- ]goals?\b|(?:left|reserved|planned) for (?:a )?(?:later|future|v\d)\b)/i;

/** Binding sentences that name a scope ("what is out of scope must be refused") are not meant. */
const BINDING = /\b(?:must|shall|should) (?!not be (?:implemented|supported|included|built|covered|addressed))/i;

export const isExclusion = (text: string): boolean => SAID.test(text) && !BINDING.test(text);

/** Labels, and sentences that end in a colon, whose lists are excluded. */
export const EXCLUDING_LABEL = /^(?:non[- ]?goals?|(?:explicitly )?(?:out[- ]of[- ]scope|not in scope|excluded|exclusions?|excludes)|future (?:work|enhancements?|improvements?|features?|versions?|considerations?|ideas?)|not (?:included|planned|supported|doing)|won['’]?t (?:have|do|fix)|later|deferred|what .{0,60}\b(?:will not|does not|won['’]t)\b.{0,40}|the following (?:is|are|items are|features are) (?:out of scope|not (?:included|in scope|part of).{0,40}))(?: \([^)]{0,60}\))?$/i;
