/** Markdown as it is written to files: GitHub's flavour, no trailing spaces, one newline at the end. */
import type { RootContent } from 'mdast';
import { gfmToMarkdown } from 'mdast-util-gfm';
import { toMarkdown } from 'mdast-util-to-markdown';

export const render = (children: readonly RootContent[]): string =>
  toMarkdown({ type: 'root', children: [...children] }, { bullet: '-', emphasis: '_', rule: '-', listItemIndent: 'one', extensions: [gfmToMarkdown({ tablePipeAlign: false })] });
