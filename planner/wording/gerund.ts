/** `log` → `logging`: the form of an English verb that stands after "avoid". */
const ONE_SYLLABLE = /^[^aeiouy]*[aeiou][bdfgklmnprtz]$/;
/** Stressed at the end: they double as well. */
const STRESSED = /^(?:admit|begin|commit|compel|control|defer|emit|equip|forget|infer|occur|omit|overlap|permit|prefer|refer|rerun|reset|submit|transfer|transmit|unplug|upset)$/;

export const gerund = (verb: string): string => {
  if (verb.endsWith('ie')) return `${verb.slice(0, -2)}ying`;
  if (/[^eoy]e$/.test(verb) && verb !== 'be') return `${verb.slice(0, -1)}ing`;
  return ONE_SYLLABLE.test(verb) || STRESSED.test(verb) ? `${verb}${verb.slice(-1)}ing` : `${verb}ing`;
};
