/** Checks of what reaches a mutex, without a schema library: anybody may send a signal. */
import { isAsk, isShortText } from './graph-shapes.ts';
import { isExecutionId, isLockDomain, isTaskId, parseAttemptWorkflowId } from './ids.ts';
import { MAX_ASKS } from './mutex.ts';
import type { Announcement, Granted, GrantRequest, ModifyResourceRequest, Refused, ReleaseHolderRequest, ReleaseRequest } from './mutex.ts';
import { payloadReader } from './payload-reader.ts';
import { RESOURCE_MODES, RESOURCE_SCOPES } from './resource.ts';
import type { Resource } from './resource.ts';
import { isCount, isDuration, isFlag, isObject, isText, listOf, oneOf, shaped } from './shape.ts';
import type { Check, Shape } from './shape.ts';

const isCapacity: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isFences: Check = (value) => isObject(value) && Object.values(value).every(isShortText);

const RESOURCE: Shape<Resource> = {
  name: isShortText,
  mode: oneOf(...RESOURCE_MODES),
  capacity: isCapacity,
  scope: oneOf(...RESOURCE_SCOPES),
  domain: (value) => typeof value === 'string' && isLockDomain(value),
  order: (value) => typeof value === 'number' && Number.isFinite(value),
  class: isShortText,
  window: isShortText,
};
const REQUEST: Shape<GrantRequest> = {
  id: isShortText,
  holder: (value) => typeof value === 'string' && parseAttemptWorkflowId(value) !== undefined,
  execution: (value) => typeof value === 'string' && isExecutionId(value),
  task: (value) => typeof value === 'string' && isTaskId(value),
  attempt: isCount,
  asks: (value) => listOf(isAsk)(value) && (value as []).length > 0 && (value as []).length <= MAX_ASKS,
  since: isDuration,
  priority: isDuration,
  resources: listOf(shaped(RESOURCE, ['name', 'mode', 'capacity', 'scope'])),
  graceMs: isDuration,
  holdsMore: isFlag,
};
const REQUIRED = ['id', 'holder', 'execution', 'task', 'attempt', 'asks', 'since', 'priority', 'resources', 'graceMs'] as const;
const ANNOUNCEMENT: Shape<Announcement> = {
  ...REQUEST,
  fences: isFences,
  grantedAt: isDuration,
};
const RELEASE_HOLDER: Shape<ReleaseHolderRequest> = { resource: isShortText, holder: isShortText, by: isShortText, reason: isShortText };
const MODIFY: Shape<ModifyResourceRequest> = { resource: isShortText, capacity: isCapacity, by: isShortText, reason: isShortText };

export const readGrantRequest = payloadReader('a request for a grant', REQUEST, REQUIRED);
export const readAnnouncement = payloadReader('an announcement', ANNOUNCEMENT, [...REQUIRED, 'fences', 'grantedAt']);
export const readGranted = payloadReader<Granted>('a grant', { id: isShortText, fences: isFences }, ['id', 'fences']);
export const readRefused = payloadReader<Refused>('a refusal', { id: isShortText, why: oneOf('die', 'never', 'spent'), message: isText }, ['id', 'why', 'message']);
export const readRelease = payloadReader<ReleaseRequest>('a release', { id: isShortText }, ['id']);
export const readReleaseHolder = payloadReader('the request', RELEASE_HOLDER, ['resource', 'holder', 'by', 'reason']);
export const readModifyResource = payloadReader('the request', MODIFY, ['resource', 'capacity']);
