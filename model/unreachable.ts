/** Closes a `switch` over a union: a member without a case fails to compile, and at run time names itself. */
export const unreachable = (value: never): never => {
  throw new TypeError(`unreachable: ${JSON.stringify(value)}`);
};
