/** An edge as v3 plans, coordinator files and hot updates write it. */
import { z } from 'zod';

/** Types of spec/001; beside them an edge may simply be `hard` or `soft`. */
export const DEPENDENCY_TYPES = [
  'technical',
  'sequential',
  'infrastructure',
  'knowledge',
  'mutual_exclusion',
  'resource_limited',
] as const;
export const EDGE_TYPES = ['hard', 'soft', ...DEPENDENCY_TYPES] as const;

/** Edges below this confidence do not gate, unless the plan says otherwise. */
export const DEFAULT_MIN_CONFIDENCE = 0.7;

/** `from` comes before `to`. */
export const edgeSchema = z.looseObject({
  from: z.string(),
  to: z.string(),
  type: z.enum(EDGE_TYPES).optional(),
  isHard: z.boolean().optional(),
  confidence: z.number().min(0).max(1).optional(),
  shared_resource: z.string().min(1).optional(),
  reason: z.string().optional(),
});
export type WrittenEdge = z.infer<typeof edgeSchema>;

/** True when two tasks merely want the same thing: an ask on it, and at most an order. */
export const isResourceEdge = (edge: WrittenEdge): boolean =>
  edge.type === 'mutual_exclusion' || edge.type === 'resource_limited';

/**
 * Whether the edge gates. `hard` and `soft` say so themselves; of spec/001's types only those gate that are
 * hard (unless stated, they are) and certain enough.
 */
export const edgeStrength = (edge: WrittenEdge, minConfidence: number): 'hard' | 'soft' => {
  if (isResourceEdge(edge)) return 'soft';
  if (edge.type === 'soft' || edge.isHard === false) return 'soft';
  if (edge.type === 'hard') return 'hard';
  return (edge.confidence ?? 1) >= minConfidence ? 'hard' : 'soft';
};
