/** Spec/001, "Quality Metrics". */
export const DENSITY = { least: 0.05, most: 0.5 } as const;
export const VERB_FIRST = 0.8;

export const isBalanced = (density: number): boolean => density >= DENSITY.least && density <= DENSITY.most;

export const densityWords = (density: number): string => {
  if (density < DENSITY.least) return `Loosely tied: below the usual ${DENSITY.least}`;
  return density > DENSITY.most ? `Tightly tied: above the usual ${DENSITY.most}` : 'Well-balanced, not over-constrained';
};
