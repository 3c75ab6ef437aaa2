/** Hard fails of one kind (T.A.S.K.S. v3) that an execution was started with all the same. */
export interface AcceptedFindings {
  /** `TASKS1301` to `TASKS1308`. */
  readonly code: string;
  readonly count: number;
  readonly by?: string;
}
