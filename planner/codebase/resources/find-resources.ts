/** What tasks of a plan would have to take turns at. */
import type { FoundResource } from '../analysis.ts';
import { findDeployment } from './deployment.ts';
import { findEnvironment } from './environment.ts';
import { findGenerated } from './generated.ts';
import { findLockFiles } from './lock-files.ts';
import { findMigrations } from './migrations.ts';
import { namedResources, surveyOf } from './survey.ts';
import type { Survey } from './survey.ts';
import { findTestPools } from './test-pools.ts';

const FINDERS = [findMigrations, findDeployment, findEnvironment, findGenerated, findLockFiles, findTestPools];

/** Sorted by name. */
export const findResources = (found: Survey): readonly FoundResource[] => {
  const survey = surveyOf(found);
  return namedResources(FINDERS.flatMap((find) => find(survey)));
};
