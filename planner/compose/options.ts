/** What a plan is made with; part of its identity: the same document, code base and options give the same bytes. */
import { DEFAULT_POLICIES } from '../../model/graph.ts';
import { DEFAULT_MIN_CONFIDENCE } from '../../model/edge.schema.ts';
import type { ExecutionModel } from '../artifacts/scalars.schema.ts';

export interface PlanOptions {
  /** 0 to 1: dependencies below it do not gate. */
  readonly minConfidence: number;
  readonly maxWaveSize: number;
  readonly executionModel: ExecutionModel;
  readonly maxConcurrent: number;
  /** ISO 8601: `SOURCE_DATE_EPOCH`, else the document's date, else 1970-01-01T00:00:00Z. */
  readonly timestamp: string;
}

export const EPOCH = '1970-01-01T00:00:00Z';

export const DEFAULT_PLAN_OPTIONS: PlanOptions = {
  minConfidence: DEFAULT_MIN_CONFIDENCE,
  maxWaveSize: DEFAULT_POLICIES.wave.maxWaveSize,
  executionModel: 'rolling_frontier',
  maxConcurrent: DEFAULT_POLICIES.concurrencyMax,
  timestamp: EPOCH,
};
