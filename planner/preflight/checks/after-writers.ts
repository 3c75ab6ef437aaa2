/** Hard edges from those who write a path to who needs it. */
import type { Suggestion } from '../finding.ts';
import type { SurveyedTask } from '../survey.ts';

const MAX_EDGES = 20;

export const afterWriters = (task: SurveyedTask, writers: readonly SurveyedTask[], path: string): readonly Suggestion[] => [
  { op: 'add_edge', edges: writers.slice(0, MAX_EDGES).map(({ node }) => ({ from: node.id, to: task.node.id, type: 'hard', reason: `writes ${path}` })) },
];
