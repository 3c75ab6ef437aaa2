/** Every rule that a T.A.S.K.S. v3 directory is held to, in the order in which it is asked. */
import type { ProblemCode } from '../../model/problem.ts';
import type { Rule } from './rule.ts';
import { acyclic } from './rules/acyclic.ts';
import { analysis } from './rules/analysis.ts';
import { artifacts } from './rules/artifacts.ts';
import { boundaries } from './rules/boundaries.ts';
import { checks } from './rules/checks.ts';
import { conflictReferences } from './rules/conflict-references.ts';
import { conflicts } from './rules/conflicts.ts';
import { coordinatorReferences } from './rules/coordinator-references.ts';
import { coverageReferences } from './rules/coverage-references.ts';
import { dagReferences } from './rules/dag-references.ts';
import { estimates } from './rules/estimates.ts';
import { evidence } from './rules/evidence.ts';
import { evidenceTruth } from './rules/evidence-truth.ts';
import { featureReferences } from './rules/feature-references.ts';
import { hashes } from './rules/hashes.ts';
import { interfaces } from './rules/interfaces.ts';
import { coverage, density, evidenceCoverage, sizes, titles } from './rules/quality.ts';
import { resourceEdges } from './rules/resource-edges.ts';
import { secrets } from './rules/secrets.ts';
import { waveReferences } from './rules/wave-references.ts';

/** A plan with one of these is rejected (spec/001, "Hard Fails"). */
export const HARD_FAILS: readonly Rule[] = [acyclic, resourceEdges, boundaries, estimates, evidence, checks, secrets, analysis];

export const HARD_FAIL_CODES: readonly ProblemCode[] = HARD_FAILS.map(({ code }) => code);

const REFERENCES: readonly Rule[] = [featureReferences, dagReferences, waveReferences, coordinatorReferences, interfaces, coverageReferences, conflictReferences];
const QUALITY: readonly Rule[] = [density, titles, evidenceCoverage, sizes, coverage];

export const RULES: readonly Rule[] = [...HARD_FAILS, artifacts, hashes, ...REFERENCES, evidenceTruth, conflicts, ...QUALITY];
