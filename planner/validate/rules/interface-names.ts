/** Names of interfaces: `AuthAPI:v2` is a version of `AuthAPI`. */

/** The name without its version. */
export const bareInterface = (name: string): string => name.replace(/:v?\d[\w.-]*$/i, '').trim();

/** Whether what is `wanted` is what is `offered`: where both state a version, the same one. */
export const isInterface = (offered: string, wanted: string): boolean => {
  if (offered === wanted) return true;
  const [one, other] = [bareInterface(offered), bareInterface(wanted)];
  return one === other && (one === offered || other === wanted);
};
