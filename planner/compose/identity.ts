/** What a plan is called, and by which hashes it is known. */
import { fileHash, sha256 } from '../artifacts/content-hash.ts';
import { GENERATOR } from '../artifacts/scalars.schema.ts';
import type { Generated } from '../artifacts/scalars.schema.ts';
import type { Meta } from '../artifacts/meta.schema.ts';
import type { PlanBundle } from '../artifacts/bundle.ts';
import type { PlanOptions } from './options.ts';

/** Of a file whose hash comes last. */
export const generatedAt = (timestamp: string): Generated => ({ by: GENERATOR, timestamp, contentHash: '' });

/** What all else follows from: durations are drawn by it. */
export const seedOf = (parts: { readonly features: string; readonly tasks: string; readonly options: Meta['options'] }): string => fileHash({ ...parts });

export const metaOptions = ({ minConfidence, maxWaveSize, maxConcurrent, executionModel }: PlanOptions): Meta['options'] => ({
  min_confidence: minConfidence,
  max_wave_size: maxWaveSize,
  max_concurrent: maxConcurrent,
  execution_model: executionModel,
});

export const fileHashes = (bundle: Omit<PlanBundle, 'meta'>): Meta['files'] => ({
  'features.json': bundle.features.generated.contentHash,
  'tasks.json': bundle.tasks.generated.contentHash,
  'dag.json': bundle.dag.generated.contentHash,
  'waves.json': bundle.waves.generated.contentHash,
  'coordinator.json': bundle.coordinator.generated.contentHash,
  'Plan.md': sha256(bundle.plan),
  'Decisions.md': sha256(bundle.decisions),
  'coverage.json': bundle.coverage.generated.contentHash,
});
