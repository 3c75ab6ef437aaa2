/** Text without its Markdown, on one line. Linear: every pattern takes bounded runs. */
const LINE_MARKS = /(?:\r\n|\n|\r)[ \t]*(?:>[ \t]?)*/g;
const COMMENT = /<!--(?:(?!-->|<!--)[^])*-->/g;
const TAG = /<\/?[A-Za-z][\w-]{0,31}(?: [\w-]{1,32}="[^"<>]{0,200}"){0,8} ?\/?>/g;
/** HTML that means form, and so is no placeholder such as `<id>`. */
const FORM_TAGS = new Set(['a', 'b', 'i', 'u', 'em', 'strong', 'code', 'br', 'p', 'sub', 'sup', 'span', 'div', 'kbd', 'small', 'del', 'ins', 'mark', 'li', 'ul', 'ol', 'td', 'tr', 'th', 'details', 'summary']);
const LINK = /!?\[([^[\]]{0,500})\]\((?:[^()\s]{0,1000})(?: "[^"\n]{0,200}")?\)/g;
const FOOTNOTE = /\[\^[^\]\s]{1,40}\]/g;
const CODE = /(`{1,3})([^`]{1,2000})\1/g;
const STRONG = /\*\*(?=\S)([^*]{1,2000})\*\*|(?<![\w])__(?=\S)([^_]{1,2000})__(?!\w)/g;
const EMPHASIS = /(?<![\w*\\])\*(?=[^\s*])([^*\n]{1,1000})\*(?!\*)|(?<![\w\\])_(?=[^\s_])([^_\n]{1,1000})_(?!\w)/g;
const STRUCK = /~~([^~]{1,1000})~~/g;
const ESCAPE = /\\([!-/:-@[-`{-~])/g;
const SPACE = /\s+/g;
const UNEVEN = /[^\S ]| {2}/;

const kept = (_: string, one: string | undefined, other: string | undefined): string => one ?? other ?? '';

const MARKED = /[`*_~<[\\\uE000]/;

/** What stands in code is taken out first, so that nothing in it reads as Markdown. */
const unmarked = (flat: string): string => {
  const codes: string[] = [];
  let text = flat.includes('\uE000') ? flat.replaceAll('\uE000', ' ') : flat;
  if (text.includes('`')) text = text.replace(CODE, (_, __: string, code: string) => `\uE000${String(codes.push(code.trim()) - 1)}\uE000`);
  if (text.includes('<')) {
    text = text.replace(COMMENT, ' ').replace(TAG, (tag) => (FORM_TAGS.has(/[A-Za-z][\w-]*/.exec(tag)?.[0].toLowerCase() ?? '') ? ' ' : tag));
  }
  if (text.includes('[')) text = text.replace(LINK, '$1').replace(FOOTNOTE, '');
  if (text.includes('*') || text.includes('_')) text = text.replace(STRONG, kept).replace(EMPHASIS, kept);
  if (text.includes('~~')) text = text.replace(STRUCK, '$1');
  if (text.includes('\\')) text = text.replace(ESCAPE, '$1');
  return codes.length === 0 ? text : text.replaceAll(/\uE000(\d+)\uE000/g, (_, index: string) => codes[Number(index)] ?? '');
};

export const plainText = (markdown: string): string => {
  const flat = /[\r\n]/.test(markdown) ? markdown.replace(LINE_MARKS, ' ') : markdown;
  const bare = MARKED.test(flat) ? unmarked(flat) : flat;
  return (UNEVEN.test(bare) ? bare.replace(SPACE, ' ') : bare).trim();
};
