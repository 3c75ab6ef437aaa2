/** Figures in words: the same in every locale, and never anything that is no number. */
const UNKNOWN = 'unknown';

const rounded = (value: number, digits: number): string => {
  const scale = 10 ** digits;
  const whole = Math.round(value * scale) / scale;
  return Number.isFinite(whole) ? String(whole === 0 ? 0 : whole) : String(value);
};

/** At most one decimal, or as many as are said. */
export const figure = (value: number, digits = 1): string => (Number.isFinite(value) ? rounded(value, digits) : UNKNOWN);

/** `12.5h`; what is over nothing but rounds to it is `<0.1h`. */
export const hours = (value: number): string => {
  if (!Number.isFinite(value)) return UNKNOWN;
  return value > 0 && value < 0.05 ? '<0.1h' : `${figure(value)}h`;
};

/** `12.5 hours`, `1 hour`. */
export const hoursInWords = (value: number): string => counted(value, 'hour');

/** Whole; 100% and 0% only of all and of none. */
export const percent = (share: number): string => {
  if (!Number.isFinite(share)) return UNKNOWN;
  const whole = Math.round(share * 100);
  if (whole === 100 && share < 1) return '>99%';
  if (whole === 0 && share > 0) return '<1%';
  return `${whole === 0 ? 0 : whole}%`;
};

/** Undefined of nothing: a share of it says nothing. */
export const ratio = (part: number, whole: number): number | undefined => {
  const share = part / whole;
  return whole > 0 && Number.isFinite(share) ? share : undefined;
};

/** `1 task`, `2 tasks`, `1.5 tasks`, `2 dependencies`. */
export const counted = (count: number, one: string, many = `${one}s`): string => {
  const number = figure(count);
  return `${number} ${number === '1' ? one : many}`;
};

/** The verb that goes with a count: `is` of one, `are` of more. */
export const agrees = (count: number, one: string, many: string): string => (count === 1 ? one : many);
