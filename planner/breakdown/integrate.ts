/** What joins the tasks of features: endpoints that one makes and another calls, and the tests of all of them run together. */
import type { WrittenCheck } from '../../model/check.schema.ts';
import type { ProjectCommands } from '../codebase/analysis.ts';
import { pascalCase } from '../wording/slug.ts';
import { halves } from './effort.ts';
import type { Layout } from './layout.ts';
import type { TaskDraft } from './task-draft.ts';

const ENDPOINT = /\b(GET|POST|PUT|PATCH|DELETE)\s+(\/[\w/:{}.-]*)/g;
const MAKES = /^(?:implement|build|create|add|expose|provide|develop|write|serve)\b/i;
const MAX_CITED = 12;

/** Interfaces of the endpoints that a text names. */
export const endpointsIn = (text: string): readonly string[] => [...new Set([...text.matchAll(ENDPOINT)].map(([, method = '', path = '']) => `${pascalCase(`${method.toLowerCase()} ${path}`, 'Endpoint')}API:v1`))];

/** Whoever's title says that it makes an endpoint produces it, the first of several; whoever else speaks of it consumes it. */
export const withEndpoints = (drafts: readonly TaskDraft[]): readonly TaskDraft[] => {
  const makers = new Map<string, TaskDraft>();
  for (const draft of drafts) {
    if (draft.kind !== 'implementation' || !MAKES.test(draft.title) || /\b(?:call|calls|calling|consume|client)\b/i.test(draft.title)) continue;
    for (const name of endpointsIn(draft.title)) if (!makers.has(name)) makers.set(name, draft);
  }
  return drafts.map((draft) => {
    const spoken = endpointsIn(draft.units.map(({ text }) => text).join('\n')).filter((name) => makers.has(name));
    const produces = [...makers].flatMap(([name, maker]) => (maker === draft ? [name] : []));
    const consumes = draft.kind === 'contract' ? [] : spoken.filter((name) => !produces.includes(name));
    return { ...draft, produces: [...draft.produces, ...produces], consumes: [...new Set([...draft.consumes, ...consumes])] };
  });
};

/** One task at the end, where tests are written beside what they test. */
export const withIntegration = (drafts: readonly TaskDraft[], { layout, commands }: { readonly layout: Layout; readonly commands: ProjectCommands }): readonly TaskDraft[] => {
  const written = drafts.filter(({ kind }) => kind === 'verification');
  const last = written.at(-1);
  if (!last) return drafts;
  const cited = written.flatMap(({ units }) => units.slice(0, Math.max(1, Math.floor(MAX_CITED / written.length)))).slice(0, MAX_CITED);
  const hours = halves(Math.min(8, 2 + written.length * 0.5));
  const report = layout.tests('integration', 'report');
  const checks: WrittenCheck[] = [...(commands.test === undefined ? [] : [{ type: 'command' as const, cmd: commands.test }]), { type: 'artifact', path: report, expect: { exists: true } }];
  return [
    ...drafts,
    {
      kind: 'integration',
      feature: last.feature,
      title: 'Run the acceptance tests of all features and mend what fails',
      units: cited,
      parts: written.map(({ feature, units }) => ({ title: feature.feature.title, hours: hours / written.length, units })),
      hours,
      isUncertain: true,
      writes: [report],
      reads: [],
      produces: [],
      consumes: [...new Set(written.flatMap(({ consumes, produces }) => [...consumes, ...produces]))],
      extends: [],
      imports: [],
      rationale: 'What was built side by side is put together once.',
      checks,
    },
  ];
};
