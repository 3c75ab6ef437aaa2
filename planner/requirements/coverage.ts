/** Which tasks cover which requirement, and why none does where none does. */
import { hashed } from '../artifacts/content-hash.ts';
import type { Coverage } from '../artifacts/coverage.schema.ts';
import { GENERATOR } from '../artifacts/scalars.schema.ts';
import type { PlannedTask } from '../artifacts/task.schema.ts';
import type { RequirementUnit, Requirements } from './unit.ts';

export interface CoverageInput {
  readonly requirements: Requirements;
  /** They name the units that they cover as `requirements`. */
  readonly tasks: readonly Pick<PlannedTask, 'id' | 'requirements'>[];
  /** Why no task covers a unit, by its id. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly timestamp: string;
}

const share = (covered: number, of: number): number => (of === 0 ? 1 : covered / of);

export const coverageOf = ({ requirements, tasks, reasons, timestamp }: CoverageInput): Coverage => {
  const covering = new Map<string, string[]>(requirements.units.map(({ id }) => [id, []]));
  for (const { id, requirements: covered = [] } of tasks) {
    for (const unit of new Set(covered)) covering.get(unit)?.push(id);
  }
  const reasonOf = (id: string): string | undefined => (reasons.get(id)?.trim() === '' ? undefined : reasons.get(id));
  const isAnswered = ({ id }: RequirementUnit): boolean => (covering.get(id)?.length ?? 0) > 0 || reasonOf(id) !== undefined;
  const shareOf = (units: readonly RequirementUnit[]): number => share(units.filter(isAnswered).length, units.length);
  return hashed({
    generated: { by: GENERATOR, timestamp, contentHash: '0'.repeat(64) },
    requirements: requirements.units.map(({ id, rule, strength, evidence }) => {
      const ids = covering.get(id) ?? [];
      const reason = ids.length === 0 ? reasonOf(id) : undefined;
      return { id, rule, strength, evidence, tasks: ids, ...(reason === undefined ? {} : { reason }) };
    }),
    normative: shareOf(requirements.units.filter(({ strength }) => strength === 'must')),
    all: shareOf(requirements.units),
    excludes: requirements.excludes.map(({ evidence }) => evidence),
    clarifications: requirements.clarifications.map(({ kind, rule, message, evidence }) => ({ kind, rule, message, evidence })),
  });
};
