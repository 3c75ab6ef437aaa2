/** Names for files and ids, of any text: lower-case ASCII letters, digits and `-`. */
const MAX_LENGTH = 40;

/** At most 40 characters, whole words; `otherwise` where nothing of the text is left. */
export const slug = (text: string, otherwise: string): string => {
  const words = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().match(/[a-z0-9]+/g) ?? [];
  let name = '';
  for (const word of words) {
    const next = name === '' ? word.slice(0, MAX_LENGTH) : `${name}-${word}`;
    if (next.length > MAX_LENGTH) break;
    name = next;
  }
  return name === '' ? otherwise : name;
};

/** `ExpenseTracking`: of the same words. */
export const pascalCase = (text: string, otherwise: string): string => {
  const name = slug(text, '')
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
  return /^[A-Z]/.test(name) ? name : otherwise;
};
