/**
 * The table that says of what class and kind a failure is. The first row whose conditions all hold wins; a plan's own
 * rows (`policies.failure_rules`) come before these. `docs/semantics.md` shows it, and a test compares.
 */
import type { AttemptFailureReason, ErrorKind, FailureClass } from '../../model/attempt.ts';

export interface Rule {
  readonly name: string;
  readonly reasons?: readonly AttemptFailureReason[];
  readonly exitCodes?: readonly number[];
  readonly signals?: readonly string[];
  /** The kernel has ended something for want of memory while the attempt ran, in the worker's control group. */
  readonly oomKilled?: boolean;
  readonly pattern?: RegExp;
  readonly class: FailureClass;
  readonly kind: ErrorKind;
}

const MEMORY = /\bENOMEM\b|heap out of memory|out of memory|cannot allocate memory|OutOfMemoryError|\bMemoryError\b/iu;
const SPACE = /\bENOSPC\b|no space left on device|\bEMFILE\b|too many open files/iu;
const RATE = /too many requests|rate[ -]?limit|(?:http|status|code|error)[^\n]{0,24}\b429\b/iu;
const NETWORK =
  /\bECONNREFUSED\b|\bECONNRESET\b|\bETIMEDOUT\b|\bEAI_AGAIN\b|\bENETUNREACH\b|\bEHOSTUNREACH\b|\bENOTFOUND\b|connection (?:refused|reset|timed out)|could not resolve host|temporary failure in name resolution/iu;
const SERVICE =
  /(?:http|status|code|error)[^\n]{0,24}\b50[0234]\b|\b50[234] (?:bad gateway|service|gateway)|service (?:is )?(?:temporarily )?unavailable|bad gateway|gateway time-?out/iu;
const MCP = /\bMCP (?:server|client|error|tool)\b[^\n]{0,80}\b(?:error|fail(?:ed|ure)?|timed out|unresponsive|unavailable|disconnected|closed|crashed|-32\d{3})|\bMcpError\b/iu;

/** What a module that is not there looks like to Node, TypeScript, Python and the usual bundlers. */
export const MISSING_DEPENDENCY =
  /cannot find (?:module|package)|\bMODULE_NOT_FOUND\b|\bERR_MODULE_NOT_FOUND\b|can(?:'|no)t resolve ['"]|could not resolve ["'](?![./])|module not found|failed to resolve import|rollup failed to resolve import|\bModuleNotFoundError\b|no module named/iu;

/** A database that is not as the code expects it. */
export const SCHEMA_DRIFT =
  /schema drift|drift detected|(?:pending|unapplied|conflicting) migrations?|migrations? (?:conflict|are pending|have not been applied)|database schema is (?:not up to date|out of date|not in sync)|relation "[^"]{1,200}" (?:does not exist|already exists)|no such (?:table|column)|unknown column|(?:table|column) ['"`]?[\w.]{1,200}['"`]? (?:does not exist|already exists)/iu;

export const PATTERN_TEXTS: ReadonlyMap<string, RegExp> = new Map([
  ['missing_dependency', MISSING_DEPENDENCY],
  ['rate_limit', RATE],
  ['schema_drift', SCHEMA_DRIFT],
  ['out_of_memory', MEMORY],
]);

export const RULES: readonly Rule[] = [
  { name: 'plan', reasons: ['internal', 'unapproved'], class: 'logic', kind: 'E_PLAN_CONSISTENCY' },
  { name: 'not-started', reasons: ['spawn'], class: 'logic', kind: 'E_TOOL_FAILURE' },
  { name: 'merge-conflict', reasons: ['conflict'], class: 'transient', kind: 'E_PLAN_CONSISTENCY' },
  { name: 'uncommitted', reasons: ['dirty'], class: 'logic', kind: 'E_TOOL_FAILURE' },
  { name: 'rejected', reasons: ['rejected'], class: 'logic', kind: 'E_UNKNOWN' },
  { name: 'lost', reasons: ['lost', 'unplaced'], class: 'transient', kind: 'E_UNKNOWN' },
  { name: 'host-limit', reasons: ['preempted'], class: 'resource', kind: 'E_RESOURCE_LIMIT' },
  { name: 'timeout', reasons: ['timeout'], class: 'resource', kind: 'E_TOOL_FAILURE' },
  { name: 'out-of-memory-kill', oomKilled: true, class: 'resource', kind: 'E_RESOURCE_LIMIT' },
  { name: 'killed', signals: ['SIGKILL'], class: 'resource', kind: 'E_RESOURCE_LIMIT' },
  { name: 'killed', exitCodes: [137], class: 'resource', kind: 'E_RESOURCE_LIMIT' },
  { name: 'no-program', exitCodes: [126, 127], class: 'systemic', kind: 'E_TOOL_FAILURE' },
  { name: 'memory', pattern: MEMORY, class: 'resource', kind: 'E_RESOURCE_LIMIT' },
  { name: 'space', pattern: SPACE, class: 'resource', kind: 'E_RESOURCE_LIMIT' },
  { name: 'mcp', pattern: MCP, class: 'external', kind: 'E_MCP_FAILURE' },
  { name: 'rate-limit', pattern: RATE, class: 'external', kind: 'E_TOOL_FAILURE' },
  { name: 'network', pattern: NETWORK, class: 'external', kind: 'E_TOOL_FAILURE' },
  { name: 'service', pattern: SERVICE, class: 'external', kind: 'E_TOOL_FAILURE' },
  { name: 'missing-dependency', pattern: MISSING_DEPENDENCY, class: 'systemic', kind: 'E_TOOL_FAILURE' },
  { name: 'schema-drift', pattern: SCHEMA_DRIFT, class: 'systemic', kind: 'E_TOOL_FAILURE' },
  { name: 'environment', pattern: /command not found|: not found$|\bEACCES\b|permission denied/imu, class: 'systemic', kind: 'E_TOOL_FAILURE' },
  { name: 'other', class: 'transient', kind: 'E_TOOL_FAILURE' },
];
