/** Tasks that the system puts into a plan to look at what others have left behind: told by their labels. */
export const MARKS = ['sentinel', 'canary'] as const;
export type Mark = (typeof MARKS)[number];

/** Undefined for tasks that do the plan's own work. */
export const markOf = ({ labels = [] }: { readonly labels?: readonly string[] | undefined }): Mark | undefined => MARKS.find((mark) => labels.includes(mark));

/** For views: nothing of a task that does the plan's own work. */
export const markedAs = (task: { readonly labels?: readonly string[] | undefined }): { readonly mark?: Mark } => {
  const mark = markOf(task);
  return mark ? { mark } : {};
};
