import fc from 'fast-check';
import { expect, test } from 'vitest';
import { coordinatorArtifactSchema } from '../../../planner/artifacts/coordinator.schema.ts';
import { dagSchema } from '../../../planner/artifacts/dag.schema.ts';
import { fileHash } from '../../../planner/artifacts/content-hash.ts';
import { wavesSchema } from '../../../planner/artifacts/waves.schema.ts';
import { readPlan } from '../../../planner/read/read-plan.ts';
import { make, sketches } from './drafts.ts';

const RUNS = { numRuns: 10 };

test('the artifacts of any plan pass their schemas, carry their own hash, and are read back without a word', async () => {
  await fc.assert(
    fc.asyncProperty(sketches(12), async (sketch) => {
      const made = make(sketch);
      dagSchema.parse(made.dag);
      wavesSchema.parse(made.waves);
      coordinatorArtifactSchema.parse(made.coordinator);
      for (const file of [made.dag, made.waves, made.coordinator]) expect(file.generated.contentHash).toBe(fileHash(file));
      const read = await readPlan({ source: { stdin: made.text } });
      expect(read.ok ? read.value.warnings : read.error).toEqual([]);
      if (!read.ok) return;
      const { graph } = read.value.plan;
      const waveOf = new Map(made.waves.execution_models.wave_based.waves.flatMap(({ waveNumber, tasks }) => tasks.map((id) => [id, waveNumber] as const)));
      expect(graph.tasks.map(({ id, wave }) => [id, wave])).toEqual(graph.tasks.map(({ id }) => [id, waveOf.get(id)]));
      expect(graph.policies.concurrencyMax).toBe(made.options.maxConcurrent);
      expect(graph.policies.wave.maxWaveSize).toBe(made.options.maxWaveSize);
    }),
    RUNS,
  );
});

test('a coordinator file alone is a plan of the same tasks', async () => {
  await fc.assert(
    fc.asyncProperty(sketches(8), async (sketch) => {
      const made = make(sketch);
      const read = await readPlan({ source: { stdin: JSON.stringify(made.coordinator) } });
      expect(read.ok ? read.value.plan.graph.tasks.map(({ id }) => id) : read.error).toEqual(sketch.tasks.map(({ id }) => id));
    }),
    { numRuns: 6 },
  );
});

test('the same input has the same bytes', () => {
  fc.assert(
    fc.property(sketches(10), (sketch) => {
      const [one, other] = [make(sketch), make(structuredClone(sketch))];
      expect(JSON.stringify([one.dag, one.waves, one.coordinator, one.forecast])).toBe(JSON.stringify([other.dag, other.waves, other.coordinator, other.forecast]));
    }),
    { numRuns: 6 },
  );
});

test('percentiles grow, and nothing ends before the longest chain does', () => {
  fc.assert(
    fc.property(sketches(12), (sketch) => {
      const { forecast } = make(sketch);
      for (const { completion, snapshots } of [forecast.rolling, forecast.waveBased]) {
        expect(completion.p50).toBeLessThanOrEqual(completion.p80);
        expect(completion.p80).toBeLessThanOrEqual(completion.p95);
        expect(snapshots.at(-1)?.at ?? 0).toBeGreaterThanOrEqual(forecast.optimalHours);
        expect(snapshots.at(-1)?.completed).toHaveLength(sketch.tasks.length);
      }
      expect(forecast.optimalHours).toBeLessThanOrEqual(forecast.serialHours);
    }),
    RUNS,
  );
});
