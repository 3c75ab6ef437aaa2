/** Text of bounded length that still reads as what it is: cut where a part of the sentence ends. */
const MIN_LENGTH = 16;
const BREAKS = [/\s*[;:–—]\s/g, /\s*\((?![^)]*\)\s*\S)/g, /,\s+(?:and|or|but|so|where|which|with|including|such|e\.g|using)\b/g, /\s+(?:so that|in order to|such as|including|e\.g\.|using|with|where|which|when|if|after|before)\s/g, /,\s/g, /\s+and\s/g];

/** Whether it ends within parentheses. */
const isOpen = (text: string): boolean => text.split('(').length > text.split(')').length;

/** At most `limit` characters: whole up to the last break that fits, else whole words. */
export const shorten = (text: string, limit: number): string => {
  if (text.length <= limit) return text;
  for (const pattern of BREAKS) {
    for (const { index } of text.slice(0, limit + 40).matchAll(pattern)) {
      if (index >= MIN_LENGTH && index <= limit && !isOpen(text.slice(0, index))) return text.slice(0, index).trimEnd();
    }
  }
  const whole = text.slice(0, limit + 1).replace(/\s+\S*$/, '');
  const cut = isOpen(whole) && whole.lastIndexOf('(') >= MIN_LENGTH ? whole.slice(0, whole.lastIndexOf('(')) : whole;
  return (cut === '' ? text.slice(0, limit) : cut).replace(/[\s,;:(]+$/, '').replace(/\s+(?:and|or|the|an?|of|to|in|on|for|with|by)$/i, '');
};
