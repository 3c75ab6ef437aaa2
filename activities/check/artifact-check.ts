/** `artifact`: a file, or every file that a glob finds, must (not) exist and be valid. */
import type { ArtifactCheck } from '../../model/check.ts';
import { confine } from '../command/confine.ts';
import { findFiles } from '../command/find-files.ts';
import { failed, passed, type CheckContext, type CheckResult } from './check.ts';
import { readBounded } from './read-bounded.ts';
import { jsonProblem, yamlProblem } from './document.ts';
import { openApiProblem } from './openapi.ts';

/** A glob may find more; only so many are read and validated, and the check fails beyond. */
const MAX_VALIDATED = 200;

type Validator = (text: string) => string | undefined;

const validators = ({ expect }: ArtifactCheck): readonly Validator[] => [
  ...(expect?.validJSON ? [jsonProblem] : []),
  ...(expect?.validYAML ? [yamlProblem] : []),
  ...(expect?.validOpenAPI ? [openApiProblem] : []),
];

export const artifactCheck = async (check: ArtifactCheck, { workspace }: Pick<CheckContext, 'workspace'>): Promise<CheckResult> => {
  const place = await confine({ workspace, path: check.path });
  if (!place.inside) return failed(place.message);
  const files = await findFiles({ workspace, patterns: [check.path], limit: MAX_VALIDATED + 1 });
  if (check.expect?.exists === false) return files.length === 0 ? passed : failed(`${files[0]} exists and should not`);
  if (files.length === 0) return failed(`${check.path} does not exist`);
  const tests = validators(check);
  if (tests.length === 0) return passed;
  if (files.length > MAX_VALIDATED) return failed(`${check.path} finds more than ${MAX_VALIDATED} files to validate`);
  for (const path of files) {
    const text = await readBounded({ workspace, path });
    if (!text.ok) return failed(text.error);
    for (const test of tests) {
      const problem = test(text.value);
      if (problem !== undefined) return failed(`${path} ${problem}`);
    }
  }
  return passed;
};
