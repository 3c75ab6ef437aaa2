/** Titles as people keep them: one a line; empty lines and lines after `#` do not count. */
export const readTitles = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
