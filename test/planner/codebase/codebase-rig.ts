/** Small code bases in directories of their own, and short views of what is found in them. */
import type { CodebaseAnalysis, Language } from '../../../planner/codebase/analysis.ts';
import { analyseCodebase } from '../../../planner/codebase/analyse-codebase.ts';
import { factsOf } from '../../../planner/codebase/source/read-source.ts';
import type { SourceFacts } from '../../../planner/codebase/source/source-facts.ts';
import { project, value } from '../imports/project-rig.ts';
import type { Files } from '../imports/project-rig.ts';

export const analysis = async (files: Files): Promise<CodebaseAnalysis> => {
  await using directory = await project(files);
  return value(await analyseCodebase({ path: directory.root }));
};

export const facts = (language: Language, text: string): Promise<SourceFacts> => factsOf(language, Buffer.from(text));

/** `kind name`, `-` before what is not exported, bases behind `:`. */
export const symbols = ({ symbols: found }: Pick<SourceFacts, 'symbols'>): readonly string[] =>
  found.map(({ name, kind, isExported, bases }) => `${isExported ? '' : '-'}${kind} ${name}${bases.length > 0 ? `: ${bases.join(', ')}` : ''}`);

export const uses = ({ uses: found }: SourceFacts): readonly string[] => found.map(({ specifier, names }) => `${specifier} ${names.join(',')}`.trim());

/** `name type location`, with the capacity where there is one. */
export const resources = ({ resources: found }: CodebaseAnalysis): readonly string[] =>
  found.map(({ name, resource }) => `${name} ${resource.type}${resource.type === 'shared_limited' ? ` ${resource.capacity}` : ''} ${resource.location}`);
