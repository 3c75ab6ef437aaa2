/** `features.json` (spec/001): what the document wants, in 5 to 25 capabilities. */
import { z } from 'zod';
import { featureIdSchema, generatedSchema, PLAN_PRIORITIES, said, sourceEvidenceSchema } from './scalars.schema.ts';

export const featureSchema = z.looseObject({
  id: featureIdSchema,
  title: said,
  description: z.string(),
  priority: z.enum(PLAN_PRIORITIES),
  source_evidence: z.array(sourceEvidenceSchema).min(1),
});
export type Feature = z.infer<typeof featureSchema>;

export const featuresSchema = z.looseObject({ generated: generatedSchema, features: z.array(featureSchema) });
export type Features = z.infer<typeof featuresSchema>;
