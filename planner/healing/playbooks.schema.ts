/** Playbooks as plans write them (spec/000 section 6): named steps that repair something. */
import { z } from 'zod';
import { BUILT_IN_VARIABLES, undeclared } from './variables.ts';
import { breakerNameSchema } from './breakers.schema.ts';
import { durationSchema } from '../../model/scalar.schema.ts';

/** Lower case, so that none takes the place of `PATH`. */
const variableName = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/u, { error: 'expected the name of a variable in lower case: letters, digits and "_"' });
const variableValue = z.union([z.string().max(10_000), z.number(), z.boolean()]).refine((value) => !String(value).includes('\0'), { error: 'holds a NUL character' });

const stepSchema = z.union(
  [
    z.string().min(1),
    z.strictObject({
      name: breakerNameSchema.optional(),
      cmd: z.string().min(1),
      directory: z.string().min(1).optional(),
      timeout: durationSchema.optional(),
      retries: z.int().min(0).max(100).optional(),
      /** Of the steps after it. */
      on_failure: z.enum(['stop', 'continue']).optional(),
    }),
  ],
  { error: 'expected a command, or {cmd, name, directory, timeout, retries, on_failure}' },
);

export const playbookSchema = z
  .strictObject({
    description: z.string().max(2_000).optional(),
    variables: z.record(variableName, variableValue).optional(),
    steps: z.array(stepSchema).min(1).max(100),
  })
  .check((context) => {
    const declared = new Set([...BUILT_IN_VARIABLES, ...Object.keys(context.value.variables ?? {})]);
    const names = new Set<string>();
    for (const [at, step] of context.value.steps.entries()) {
      const command = typeof step === 'string' ? step : step.cmd;
      const path = ['steps', at, ...(typeof step === 'string' ? [] : ['cmd'])];
      for (const name of undeclared(command, declared)) {
        context.issues.push({ code: 'custom', input: command, path, message: `\${${name}} is not declared: give it a value in "variables"; there are ${[...BUILT_IN_VARIABLES].join(', ')} besides` });
      }
      if (typeof step === 'string' || step.name === undefined) continue;
      if (names.has(step.name)) context.issues.push({ code: 'custom', input: step.name, path: ['steps', at, 'name'], message: `there are two steps called ${JSON.stringify(step.name)}` });
      names.add(step.name);
    }
  });
export type WrittenPlaybook = z.infer<typeof playbookSchema>;

export const playbooksSchema = z.record(breakerNameSchema, playbookSchema);
