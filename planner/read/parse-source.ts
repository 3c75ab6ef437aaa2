/** One text to its documents: JSON where it is JSON, else YAML. */
import type { Result } from '../../model/problem.ts';
import { fail, ok } from '../../model/problem.ts';
import { MAX_YAML_BYTES } from './limits.ts';
import { parseJson } from './parse-json.ts';
import type { SourceText } from './parse-json.ts';
import { parseYaml } from './parse-yaml.ts';
import { tooLarge } from './read-bytes.ts';
import type { SourceDocument } from './source.ts';

export const parseSource = (source: SourceText): Result<readonly SourceDocument[]> => {
  const { file, name, text } = source;
  const looksLikeJson = /^\s*[[{]/.test(text);
  const json = looksLikeJson || name.endsWith('.json') ? parseJson(source) : undefined;
  if (json?.ok) return ok([json.value]);
  if (json && name.endsWith('.json')) return json;
  if (text.length > MAX_YAML_BYTES) return json ?? fail([tooLarge(file, MAX_YAML_BYTES)]);
  const yaml = parseYaml(source);
  // Text that starts like JSON and is neither is more likely JSON with a slip than YAML in flow style.
  return !yaml.ok && json && !/\.ya?ml$/i.test(name) ? json : yaml;
};
