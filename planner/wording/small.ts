const OPENS = /^(?:The|A|An|Each|Every|This|That|These|All|Any|Some|Only|Our|Its|When|If|While|Once|After|Before|During|Upon)\s/;

/** A name or the beginning of a sentence within another one: names in title case, and abbreviations, keep their capitals. */
export const small = (text: string): string => {
  if (!/^[A-Z](?:[a-z]|\s)/.test(text)) return text;
  if (OPENS.test(text)) return text.slice(0, 1).toLowerCase() + text.slice(1);
  const isTitle = /^[A-Z][\w'-]*(?:\s+(?:&|and|of|the|for|to|in|on|with|or|a)\b)*\s+(?:[A-Z]|&)/.test(text);
  return isTitle ? text : text.slice(0, 1).toLowerCase() + text.slice(1);
};
