/** What every format's reader makes of its files; `compile.ts` makes the graph of it. */
import type { GraphTask, MachineLimits, Policies, TaskSpec, StoredPlan } from '../../model/graph.ts';
import type { PlanExecutor } from '../../model/executor.ts';
import type { PolicyOverrides } from '../../model/message.ts';
import type { Problem } from '../../model/problem.ts';
import type { ResourceMode, ResourceScope } from '../../model/resource.ts';
import type { HealingDraft } from '../healing/compile-healing.ts';
import type { WrittenCalendar } from '../resources/calendar.schema.ts';
import type { CanaryChanges, SentinelChanges } from '../sentinels/map-sentinels.ts';
import type { Where } from './source.ts';

export type NodeFields = Omit<GraphTask, 'id' | 'deps' | 'soft' | 'source' | 'asks'>;
export type SpecFields = Omit<TaskSpec, 'id' | 'place'>;

/** A resource that a task names, as written. */
export interface DraftAsk {
  readonly resource: string;
  readonly units?: number | undefined;
  readonly access?: 'read' | 'write' | undefined;
  /** Says what kind of thing it is: where nobody declares it, it is an exclusive resource. */
  readonly declares?: boolean;
  /** All of it, so that nobody else has any: as many units as there are. */
  readonly whole?: boolean;
  readonly where: Where;
}

/** CPU, memory and disk as spec/001 writes them. */
export interface Quantities {
  readonly cpu_cores?: number | undefined;
  readonly memory_mb?: number | undefined;
  readonly disk_io_mbps?: number | undefined;
}

/** What keeps a task from running beside others, without naming a resource. */
export interface Exclusions {
  /** Resources of the phase are its own; a format without phases is one phase. */
  readonly phase?: string | undefined;
  readonly alone?: boolean | undefined;
  readonly conflictGroup?: string | undefined;
  readonly apart?: readonly string[] | undefined;
  readonly avoids?: readonly { readonly task: string; readonly where: Where }[] | undefined;
  readonly reads?: readonly string[] | undefined;
  readonly writes?: readonly string[] | undefined;
  readonly estimated?: Quantities | undefined;
  readonly peak?: Quantities | undefined;
  readonly workspace?: string | undefined;
}

export interface DraftTask {
  /** As written: not checked yet. */
  readonly id: string;
  readonly where: Where;
  readonly node: NodeFields;
  readonly spec: SpecFields;
  readonly asks: readonly DraftAsk[];
  readonly exclusions: Exclusions;
}

export interface DraftEdge {
  readonly from: string;
  readonly to: string;
  readonly type: 'hard' | 'soft';
  /** What asks for it. */
  readonly where: Where;
}

export type RetryChanges = Partial<Policies['retry']>;
export type BackpressureChanges = Partial<Omit<Policies['backpressure'], 'resumeRate'>> & {
  /** Undefined, and there: all at once, whatever was said before. */
  readonly resumeRate?: number | undefined;
};

/** What is said of policies, and of what does not become one of the graph. */
export type PolicyChanges = Omit<PolicyOverrides, 'backpressure'> & {
  readonly backpressure?: BackpressureChanges;
  readonly limits?: Limits;
  readonly quotas?: QuotaUse;
  readonly machine?: MachineLimits;
  readonly healing?: HealingDraft;
  readonly executors?: readonly PlanExecutor[];
  readonly sentinels?: SentinelChanges;
  readonly canaries?: CanaryChanges;
};

/** How far the quotas of CPU, memory and disk may be used. They become capacities and asks. */
export interface QuotaUse {
  /** Percent that is kept free. */
  readonly headroom?: number;
  /** Quotas keep nothing from starting. */
  readonly oversubscribed?: boolean;
}

/** Tasks at once, by label and by workspace. They become resources, not policies of the graph. */
export interface Limits {
  readonly labels?: Readonly<Record<string, number>> | undefined;
  readonly perWorkspace?: { readonly tasks?: number | undefined; readonly labels?: Readonly<Record<string, number>> | undefined } | undefined;
}

/** What one part of a plan states of a resource; several parts may, as long as they agree. */
export interface Definition {
  readonly name: string;
  readonly mode: ResourceMode;
  readonly capacity?: number | undefined;
  readonly scope?: ResourceScope | undefined;
  readonly class?: string | undefined;
  readonly order?: number | undefined;
  readonly domain?: string | undefined;
  readonly window?: string | undefined;
  readonly where: Where;
}

/** One capacity of a profile. */
export interface ProfileEntry {
  readonly profile: string;
  readonly resource: string;
  readonly capacity: number;
  readonly where: Where;
}

/** A calendar that one part of a plan states. */
export interface DeclaredCalendar {
  readonly name: string;
  /** Undefined when it did not pass its schema: that has been reported. */
  readonly written?: WrittenCalendar;
  readonly where: Where;
}

/** What a plan declares, from all its parts. */
export interface Declared {
  readonly definitions: readonly Definition[];
  /** Profiles by name, also those that change nothing. */
  readonly profiles: readonly string[];
  readonly entries: readonly ProfileEntry[];
  readonly calendars: readonly DeclaredCalendar[];
}

export interface Draft {
  readonly format: StoredPlan['format'];
  readonly name?: string | undefined;
  /** The top of the main document: where a problem of the whole plan is shown. */
  readonly where: Where;
  readonly tasks: readonly DraftTask[];
  readonly edges: readonly DraftEdge[];
  readonly policies: PolicyChanges;
  readonly declared: Declared;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly codebasePath?: string | undefined;
}

/** Where readers leave what they found wrong: an error refuses the plan, a warning does not. */
export interface Findings {
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

export const newFindings = (): Findings => ({ problems: [], warnings: [] });
