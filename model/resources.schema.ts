/**
 * The catalogue of resources as plans write it (spec/000): `resources` and `profiles`, in `resources.json` or as
 * parts of a plan. Strict: a key that is not here is refused.
 */
import { z } from 'zod';
import { ID_PATTERN } from './ids.ts';
import { RESOURCE_MODES, RESOURCE_SCOPES } from './resource.ts';

const NAME_ERROR = 'expected a name: a letter or digit, then letters, digits, ".", "_" and "-", at most 128 characters';
/** Names with a colon are those of resources that the system makes itself. */
export const resourceNameSchema = z.string().regex(ID_PATTERN, { error: NAME_ERROR });

/** Units are whole: what is taken and given back must come out even. */
export const capacitySchema = z.int({ error: 'expected a whole number, 0 or more' }).min(0, { error: 'expected a whole number, 0 or more' });

export const resourceSchema = z.strictObject({
  mode: z.enum(RESOURCE_MODES),
  /** Units of a semaphore, where it must be stated; of an exclusive resource the writers at once, 1 unless stated. 0 means "not here". */
  capacity: capacitySchema.optional(),
  /** What kind of thing it is, for people. */
  class: z.string().min(1).optional(),
  /** Lock domains are asked in the order of their first resource; 0 unless stated. */
  lock_order: z.int().optional(),
  /** A calendar that says when it is granted. */
  window: z.string().min(1).optional(),
  /** `global` unless stated for exclusive, `execution` for semaphores. */
  scope: z.enum(RESOURCE_SCOPES).optional(),
  /** Whose mutex grants it; of global resources only. */
  lock_domain: resourceNameSchema.optional(),
});
export type WrittenResource = z.infer<typeof resourceSchema>;

export const resourcesPartSchema = z.record(resourceNameSchema, resourceSchema);
export const profilesPartSchema = z.record(resourceNameSchema, z.record(resourceNameSchema, capacitySchema));
