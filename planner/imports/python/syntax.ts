/** Python's grammar in ast-grep, loaded when the first Python file is parsed. */
import type { SgNode } from '@ast-grep/napi';
import { registered } from '../../parsing/tree-sitter.ts';

export type PythonParser = (text: string) => SgNode;

let loading: Promise<PythonParser> | undefined;

const load = async (): Promise<PythonParser> => {
  const [{ parse }, language] = await Promise.all([import('@ast-grep/napi'), registered('python')]);
  return (text) => parse(language, text).root();
};

/** @throws Error when there is no parser for this machine. */
export const pythonParser = (): Promise<PythonParser> => (loading ??= load());
