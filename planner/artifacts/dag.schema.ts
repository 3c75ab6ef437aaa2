/** `dag.json` (spec/001): the graph that runs, reduced, and what is to be known of its shape. */
import { z } from 'zod';
import { DEPENDENCY_TYPES } from '../../model/edge.schema.ts';
import { dependencyTypeSchema, generatedSchema, said, shareSchema, taskIdSchema } from './scalars.schema.ts';

const count = z.int().min(0);
const pair = z.tuple([taskIdSchema, taskIdSchema]);
const counts = z.object(Object.fromEntries(DEPENDENCY_TYPES.map((type) => [type, count])) as Record<(typeof DEPENDENCY_TYPES)[number], typeof count>).partial();

const leftOut = z.looseObject({ from: taskIdSchema, to: taskIdSchema, type: dependencyTypeSchema, reason: said, confidence: shareSchema, isHard: z.boolean().optional() });

const utilizationSchema = z.looseObject({
  total_tasks: count,
  capacity: z.int().min(1).optional(),
  waves_required: count,
  serialization_impact: said.optional(),
  utilization: said.optional(),
});

const metricsSchema = z.looseObject({
  minConfidenceApplied: shareSchema,
  keptByType: counts,
  droppedByType: counts,
  nodes: count,
  /** After the transitive reduction. */
  edges: count,
  /** edges / (nodes × (nodes − 1)), after the reduction. */
  edgeDensity: shareSchema,
  edgeDensityBeforeReduction: shareSchema,
  widthApprox: count,
  widthMethod: z.literal('kahn_layer_max'),
  /** Tasks on the longest chain. */
  longestPath: count,
  isolatedTasks: count,
  lowConfidenceEdgesExcluded: count,
  verbFirstPct: shareSchema,
  /** Pairs of tasks that seem to do the same. */
  meceOverlapSuspects: count,
  mutualExclusionEdges: count,
  resourceConstrainedTasks: count,
  resourceUtilization: z.record(z.string(), utilizationSchema),
});
export type DagMetrics = z.infer<typeof metricsSchema>;

export const bottleneckSchema = z.looseObject({ resource: said, impact: said, affected_tasks: z.array(taskIdSchema), mitigation: said });

/** A dependency whose removal opens a cycle: the least certain one of it. */
export const cycleBreakSchema = z.looseObject({ cycle: z.array(taskIdSchema).min(2), remove: pair, reason: said, confidence: shareSchema, applied: z.boolean() });

export const dagSchema = z.looseObject({
  ok: z.boolean(),
  errors: z.array(z.string()),
  warnings: z.array(z.string()),
  generated: generatedSchema,
  metrics: metricsSchema,
  topo_order: z.array(taskIdSchema),
  /** Every edge of the reduced graph; mutual exclusions are never reduced away. */
  reduced_edges: z.array(pair),
  reduced_edges_sample: z.array(pair),
  resource_bottlenecks: z.array(bottleneckSchema),
  softDeps: z.array(leftOut),
  lowConfidenceDeps: z.array(leftOut),
  cycle_break_suggestions: z.array(cycleBreakSchema),
});
export type Dag = z.infer<typeof dagSchema>;
