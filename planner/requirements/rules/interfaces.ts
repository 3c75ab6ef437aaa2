/** What programs and people call it by: an endpoint, a flag, a key, a variable, at the begin of an item or of a table's row. */
import type { Rule } from './rule.ts';

export interface InterfaceRule extends Rule {
  readonly pattern: RegExp;
}

/** The first that matches counts. On plain text. */
export const INTERFACES: readonly InterfaceRule[] = [
  { id: 'endpoint', finds: 'a method and a path', example: '`POST /api/items`: creates one.', strength: 'stated', pattern: /^\W{0,4}(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|WS|SSE)\s{1,3}\/\S{0,200}/ },
  { id: 'flag', finds: 'a flag of a command', example: '`--dry-run`: says what it would do.', strength: 'stated', pattern: /^[\s`*_(]{0,4}(?:-[A-Za-z],? ?\/? ?)?--[a-z][\w-]{0,60}/ },
  { id: 'variable', finds: 'an environment variable', example: '`APP_TOKEN`: the token.', strength: 'stated', pattern: /^\W{0,4}\$?[A-Z][A-Z0-9]{1,30}(?:_[A-Z0-9]{1,30}){1,8}\b/ },
  { id: 'config-key', finds: 'a key of a configuration', example: '`cache.ttl`: seconds.', strength: 'stated', pattern: /^\W{0,4}[a-z][A-Za-z0-9]{0,40}(?:[._-][A-Za-z][A-Za-z0-9]{0,40}){1,6}(?=\s{0,3}(?:[:=|–—(-]|$))/ },
];

/** In a head: what kind of thing the first column of a table holds. */
export const TABLE_HEADS: readonly (Rule & { readonly head: RegExp; readonly kind: 'interface' | 'functional' })[] = [
  { id: 'option-row', finds: 'a row of a table of options, flags, settings, endpoints, fields', example: '| `--tag` | string | Only this tag |', strength: 'stated', kind: 'interface', head: /^(?:options?|flags?|parameters?|param|arguments?|args?|switch|settings?|keys?|config(?:uration)?|variables?|env(?:ironment)?(?: variables?)?|endpoints?|routes?|paths?|methods?|verbs?|commands?|fields?|propert(?:y|ies)|attributes?|columns?|headers?|events?|status(?: code)?|error(?: code)?|codes?)$/ },
  { id: 'requirement-row', finds: 'a row of a table of requirements, features, tasks', example: '| 3 | Export as CSV | high |', strength: 'stated', kind: 'functional', head: /^(?:#|no\.?|ids?|req(?:uirement)?s?(?: id)?|features?|user stor(?:y|ies)|stor(?:y|ies)|tasks?|items?|functions?|capabilit(?:y|ies)|use cases?|components?|modules?|deliverables?|milestones?|presets?|names?|types?|roles?|actions?|screens?|pages?|entit(?:y|ies)|models?)$/ },
];
