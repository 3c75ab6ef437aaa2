/** Files of environment variables, and the modules that read them: many tasks add a line to them. */
import { directoryOf } from '../../imports/project/paths.ts';
import type { Candidate, Survey } from './survey.ts';

const FILE = /(?:^|\/)(?:\.env(?:\.[\w.-]+)?|\.envrc|[\w-]+\.env(?:\.(?:example|sample|template|dist))?|env\.(?:example|sample|template))$/;
/** A module that is there to know the settings; beside others that are, where it reads several. */
const MODULE = /(?:^|\/)(?:config|configuration|settings|env|environment)\.[a-z]+$|(?:^|\/)[\w-]*(?:config|settings|Config|Settings)\.[a-z]+$/;
const AMONG = /(?:^|\/)(?:config|configuration|settings|env|environment)\/[^/]+$/;

export const findEnvironment = ({ files, facts, isProduct }: Survey): readonly Candidate[] => {
  const byDirectory = new Map<string, string[]>();
  for (const file of files) {
    if (!FILE.test(file)) continue;
    const directory = directoryOf(file);
    byDirectory.set(directory, [...(byDirectory.get(directory) ?? []), file]);
  }
  const variables = [...byDirectory].map(([home, own]): Candidate => ({
    kind: 'environment_variables',
    home,
    resource: { type: 'exclusive', location: own[0] ?? home, constraint: 'one_writer_at_a_time', reason: `every new setting adds a line to ${own.length === 1 ? 'this file' : `these ${String(own.length)} files`}` },
    paths: own,
    words: ['environment variable', 'environment variables', 'env var', 'env vars', '.env'],
  }));
  return [...variables, ...modulesThatRead(facts, isProduct)];
};

const modulesThatRead = (facts: Survey['facts'], isProduct: Survey['isProduct']): readonly Candidate[] =>
  [...facts].flatMap(([file, { environment, isGenerated }]): readonly Candidate[] => {
    if (environment.length === 0 || isGenerated || !isProduct(file) || !(MODULE.test(file) || (environment.length > 1 && AMONG.test(file)))) return [];
    const shown = environment.slice(0, 3).join(', ');
    return [
      {
        kind: 'configuration',
        home: file.replace(/\.[a-z]+$/, ''),
        resource: { type: 'exclusive', location: file, constraint: 'concurrent_modification', reason: `reads ${String(environment.length)} environment variable${environment.length === 1 ? '' : 's'} (${shown}${environment.length > 3 ? ', …' : ''}): every new setting changes it` },
        paths: [file],
        words: ['configuration', 'environment variable', 'environment variables', 'setting', 'settings', 'config option'],
      },
    ];
  });
