/** Files that a program writes: a task changes what they are made of, and only one at a time makes them anew. */
import { directoryOf, upwards } from '../../imports/project/paths.ts';
import { below, filesMatching, slash } from './survey.ts';
import type { Candidate, Survey } from './survey.ts';

const BY_NAME = /\.(?:pb|pb\.gw|pb\.validate)\.go$|_(?:grpc_)?pb2?(?:_grpc)?\.(?:py|pyi|js|ts|rb|d\.ts)$|\.pb\.(?:cc|h|swift|dart)$|\.(?:generated|gen|g|freezed)\.[a-z]+$|_gen\.go$|(?:^|\/)(?:__generated__|generated)\/[^/]+$|(?:^|\/)\.openapi-generator\//;
/** Migrations write it, and it belongs to them. */
const SCHEMA = /(?:^|\/)db\/(?:schema\.rb|structure\.sql)$/;
/** What tells the programs what to write. */
const GENERATORS = /(?:^|\/)(?:buf\.gen\.ya?ml|openapitools\.json|openapi-generator\.ya?ml|codegen\.(?:ya?ml|ts|json)|graphql\.config\.\w+|orval\.config\.\w+|sqlc\.ya?ml|gqlgen\.ya?ml)$/;
/** More directories than that are told by what holds them all. */
const MAX_DIRECTORIES = 6;

export const findGenerated = (survey: Survey): readonly Candidate[] => {
  const files = survey.files.filter((file) => !SCHEMA.test(file) && (BY_NAME.test(file) || survey.facts.get(file)?.isGenerated === true));
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const home = homeOf(file);
    groups.set(home, [...(groups.get(home) ?? []), file]);
  }
  const generators = filesMatching(survey, GENERATORS);
  return [...merged(groups)].map(([home, own]): Candidate => {
    const told = generators.filter((path) => [...upwards(home)].includes(directoryOf(path)));
    const isAll = home !== '.' && survey.files.every((file) => !file.startsWith(`${home}/`) || own.includes(file));
    return {
      kind: 'generated_files',
      home,
      resource: {
        type: 'exclusive',
        location: own.length === 1 ? (own[0] ?? home) : slash(home),
        constraint: 'regenerate_only',
        reason: `${own.length === 1 ? 'a program writes this file' : `a program writes these ${String(own.length)} files`}${told.length > 0 ? ` as ${told.join(', ')} says` : ''}: ${own.length === 1 ? 'making it anew changes all of it' : 'making them anew changes all of them'}, and what is edited by hand is lost`,
      },
      paths: [...(isAll ? [below(home)] : own), ...told],
      words: ['generated code', 'code generation', 'codegen', 'regenerate', 'generated client', 'protobuf', 'openapi client'],
    };
  });
};

/** The directory that is there for them, else the one they lie in. */
const homeOf = (file: string): string => {
  const directory = directoryOf(file);
  const own = [...upwards(directory)].toReversed().find((above) => /(?:^|\/)(?:__generated__|generated|gen|pb|proto)$/.test(above));
  return own ?? directory;
};

const merged = (groups: ReadonlyMap<string, readonly string[]>): ReadonlyMap<string, readonly string[]> => {
  if (groups.size <= MAX_DIRECTORIES) return groups;
  const tops = new Map<string, string[]>();
  for (const [home, files] of groups) {
    const top = home.split('/')[0] ?? '.';
    tops.set(top, [...(tops.get(top) ?? []), ...files]);
  }
  return tops;
};
