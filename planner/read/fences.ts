/** A plan on standard input as spec/001 has it: each file after a line `---file:NAME`. */
const FENCE = /^---\s*file:\s*(\S+)\s*$/;
const END = /^---\s*$/;
const CODE = /^```[\w-]*\s*$/;

export interface FencedFile {
  readonly name: string;
  readonly text: string;
}

export const hasFences = (text: string): boolean => text.split('\n', 1_000).some((line) => FENCE.test(line.trimEnd()));

/**
 * In the order they stand; what comes before the first fence is prose. A Markdown code fence around a file is
 * taken off. `---` alone ends a file, and starts another document in a YAML file.
 */
export const splitFences = (text: string): readonly FencedFile[] => {
  const files: { name: string; lines: string[] }[] = [];
  for (const line of text.split('\n')) {
    const name = FENCE.exec(line.trimEnd())?.[1];
    if (name !== undefined) files.push({ name, lines: [] });
    else files.at(-1)?.lines.push(line);
  }
  // The last line of a file ends before the next fence.
  return files.map(({ name, lines }, at) => ({ name, text: `${unwrap(name, lines).join('\n')}${at + 1 < files.length ? '\n' : ''}` }));
};

/** Lines that are not the file's become empty, so that those that are keep their number. */
const unwrap = (name: string, lines: readonly string[]): readonly string[] => {
  const isYaml = /\.ya?ml$/i.test(name);
  const last = lines.findLastIndex((line) => line.trim() !== '' && !END.test(line.trimEnd()));
  const first = lines.findIndex((line) => line.trim() !== '');
  const wrapped = CODE.test((lines[first] ?? '').trimEnd());
  const end = wrapped ? lines.findIndex((line, at) => at > first && /^```\s*$/.test(line)) : -1;
  return lines.map((line, at) => {
    if (wrapped && (at <= first || (end !== -1 && at >= end))) return '';
    return !isYaml && at > last ? '' : line;
  });
};
