/** What a mutex hands to its next run, and what it shows in Temporal's own tools. */
import type { MutexView } from '../../model/mutex.ts';
import type { DomainState, LockDomain } from '../../resources/domain.ts';
import type { Delivery } from './deliveries.ts';

/** Schema of {@link MutexRecord}; a change of its shape raises it and migrates what an older run hands over. */
const SCHEMA = 1;
const MAX_INTERVENTIONS = 100;

type Intervention = MutexView['interventions'][number];

/** Plain data, carried over continue-as-new. */
export interface MutexRecord {
  readonly schema: number;
  readonly domain: DomainState;
  readonly interventions: Intervention[];
  /** As of the last search. */
  deadlocks?: readonly (readonly string[])[];
  /** Sent, and not known to have arrived. Sent again by the next run: a message twice is no harm. */
  readonly deliveries: readonly Delivery[];
}

export const beginRecord = (domain: DomainState): MutexRecord => ({ schema: SCHEMA, domain, interventions: [], deliveries: [] });

export const addIntervention = (record: MutexRecord, intervention: Intervention): void => {
  record.interventions.push(intervention);
  if (record.interventions.length > MAX_INTERVENTIONS) record.interventions.splice(0, record.interventions.length - MAX_INTERVENTIONS);
};

const MAX_ROWS = 20;

/** A Markdown table of what is in use. */
export const summary = (domain: LockDomain): string => {
  const used = domain.view(Date.now()).filter(({ holders, queue }) => holders.length > 0 || queue.length > 0);
  if (used.length === 0) return 'Nothing is held.';
  const rows = used.slice(0, MAX_ROWS).map(({ name, units, capacity, readers, holders, queue }) => {
    const first = holders[0];
    const held = first ? `${first.execution}/${first.task}${holders.length > 1 ? ` and ${holders.length - 1} more` : ''}` : '';
    return `| ${name} | ${units} of ${capacity}${readers > 0 ? `, ${readers} readers` : ''} | ${held} | ${queue.length} |`;
  });
  const more = used.length > MAX_ROWS ? [`| and ${used.length - MAX_ROWS} more | | | |`] : [];
  return ['| resource | in use | held by | waiting |', '|---|---|---|---|', ...rows, ...more].join('\n');
};
