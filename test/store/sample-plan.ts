/** Plans for tests of the store: small or as large as allowed, with whatever an id or a text may hold. */
import { DEFAULT_POLICIES } from '../../model/graph.ts';
import type { GraphTask, StoredPlan, TaskSpec } from '../../model/graph.ts';
import type { TaskId } from '../../model/ids.ts';

export const samplePlan = (options: {
  readonly name: string;
  readonly tasks?: number;
  readonly fields?: Readonly<Record<string, unknown>>;
}): StoredPlan => {
  const ids = Array.from({ length: options.tasks ?? 3 }, (_, index) => `P1.T${index}` as TaskId);
  return {
    schema: 1,
    format: 'flowops',
    graph: {
      schema: 1,
      name: options.name,
      tasks: ids.map((id, index): GraphTask => ({ id, ...(index > 0 && { deps: [index - 1] }), title: `Task ${index}` })),
      sources: [],
      policies: DEFAULT_POLICIES,
    },
    tasks: ids.map(
      (id, index): TaskSpec => ({
        id,
        command: `node scripts/build.mjs --part ${index}`,
        description: `Builds part ${index} and writes what it found. `.repeat(8),
        artifacts: [`out/${index}.json`],
        fields: { deps: index > 0 ? [`P1.T${index - 1}`] : [], estimate_minutes: 1 + (index % 7) },
        place: { file: 'tasks.v2.json', line: index + 1, column: 3 },
      }),
    ),
    fields: options.fields ?? {},
  };
};
