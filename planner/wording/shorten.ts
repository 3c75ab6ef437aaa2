/** Text of bounded length that still reads as what it is: cut where a part of the sentence ends. */
const BREAKS = [/\s*[;:–—]\s/, /\s*\((?![^)]*\)\s*\S)/, /,\s+(?:and|or|but|so|where|which|with|including|such|e\.g|using)\b/, /\s+(?:so that|in order to|such as|including|e\.g\.|using|with|where|which|when|if|after|before)\s/, /,\s/, /\s+and\s/];

/** At most `limit` characters: whole up to the last break that fits, else whole words. */
export const shorten = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  for (const pattern of BREAKS) {
    const at = pattern.exec(text)?.index;
    if (at !== undefined && at >= 16 && at <= limit) return text.slice(0, at).trimEnd();
  }
  const cut = text.slice(0, limit + 1).replace(/\s+\S*$/, '');
  return (cut === '' ? text.slice(0, limit) : cut).replace(/[\s,;:(]+$/, '').replace(/\s+(?:and|or|the|an?|of|to|in|on|for|with|by)$/i, '');
};
