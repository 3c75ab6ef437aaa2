/**
 * Python's grammar in ast-grep. Loaded when the first Python file is parsed: it is a library of the machine's own
 * kind, and where there is none for it, only Python must do without.
 */
import type { SgNode } from '@ast-grep/napi';

export type PythonParser = (text: string) => SgNode;

let loading: Promise<PythonParser> | undefined;

const load = async (): Promise<PythonParser> => {
  const [{ parse, registerDynamicLanguage }, { default: python }] = await Promise.all([import('@ast-grep/napi'), import('@ast-grep/lang-python')]);
  // Languages can be registered once in a process: another one has to join this call.
  registerDynamicLanguage({ python });
  return (text) => parse('python', text).root();
};

/** @throws Error when there is no parser for this machine. */
export const pythonParser = (): Promise<PythonParser> => (loading ??= load());
