/** A T.A.S.K.S. v3 directory as the rules see it. */
import { DEFAULT_MIN_CONFIDENCE } from '../../model/edge.schema.ts';
import { top } from '../read/envelope.ts';
import { LineIndex } from '../read/line-index.ts';
import type { SourceDocument, Where } from '../read/source.ts';
import { graphView } from './graph-view.ts';
import type { GraphView } from './graph-view.ts';
import type { Item } from './item.ts';
import { at, elements, member, numberOf } from './item.ts';

/** The specification that a plan was made of. */
export interface FoundDocument {
  readonly file: string;
  readonly text: string;
  /** Its sha256 is the one that the plan's meta states; undefined where meta states none. */
  readonly isTheOne?: boolean | undefined;
}

export interface PlanFiles {
  /** What people call the plan. */
  readonly label: string;
  /** Where its files are, to be shown; undefined of a plan from standard input. */
  readonly directory?: string | undefined;
  /** Parsed, by name. */
  readonly documents: ReadonlyMap<string, SourceDocument>;
  /** Markdown, by name. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface V3View extends PlanFiles {
  readonly document?: FoundDocument | undefined;
  readonly features: readonly Item[];
  readonly tasks: readonly Item[];
  readonly dependencies: readonly Item[];
  readonly graph: GraphView;
  /** The top of a file; a value without members where there is no such file. */
  readonly file: (name: string) => Item;
}

const NOTHING = { start: 0, end: 0 };
/** Of files that are not there: they hold nothing, so that nothing is found in them either. */
const absent = (name: string): SourceDocument => ({
  file: name,
  name,
  value: undefined,
  lines: new LineIndex(''),
  locate: () => NOTHING,
});

export const viewOf = (files: PlanFiles, document?: FoundDocument): V3View => {
  const file = (name: string): Item => {
    const doc = files.documents.get(name) ?? absent(name);
    return { value: doc.value, where: top(doc) };
  };
  const main = file('tasks.json');
  const tasks = elements(member(main, 'tasks'));
  const dependencies = elements(member(main, 'dependencies'));
  const minConfidence = numberOf(at(main, 'meta', 'min_confidence')) ?? DEFAULT_MIN_CONFIDENCE;
  return {
    ...files,
    document,
    file,
    tasks,
    dependencies,
    features: elements(member(file('features.json'), 'features')),
    graph: graphView({ tasks, dependencies, minConfidence }),
  };
};

/** Where a file begins, for what is said of the whole of it. */
export const topOf = (view: V3View, name: string): Where => view.file(name).where;
