/** The end of a text, cut by bytes as UTF-8 counts them and never inside a character. */
export const tailBytes = (text: string, limit: number): string => {
  if (limit <= 0) return '';
  // A character has at most three bytes per UTF-16 unit, so this part alone can matter.
  const part = text.length > limit ? text.slice(-limit) : text;
  const bytes = Buffer.from(part, 'utf8');
  if (bytes.length <= limit) return part.replace(/^[\udc00-\udfff]/, '');
  let from = bytes.length - limit;
  while (from < bytes.length && ((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
  return bytes.subarray(from).toString('utf8');
};

/** Keeps the last `limit` characters of what is appended, at constant cost per character. */
export const createTail = (limit: number): { append(text: string): void; text(): string } => {
  let kept = '';
  return {
    append: (text) => {
      kept = text.length >= limit ? text.slice(-limit) : kept + text;
      if (kept.length > 4 * limit) kept = kept.slice(-limit);
    },
    text: () => kept.slice(-limit),
  };
};
