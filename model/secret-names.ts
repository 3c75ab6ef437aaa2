/**
 * Which environment variables hold secrets, by their names. A variable that matches is not handed to commands
 * (unless the task names it in `secrets`), and its value is redacted wherever it shows up.
 */

/**
 * Matched anywhere in the name, in any case, with `_`, `-` or nothing between two words.
 *
 * | pattern | takes for example | leaves |
 * |---|---|---|
 * | `token` | `GITHUB_TOKEN`, `npm_config_authToken` | `TOKENIZERS_PARALLELISM` |
 * | `secret` | `CLIENT_SECRET`, `AWS_SECRET_ACCESS_KEY` | |
 * | `passw(or)d`, `passphrase` | `PGPASSWORD`, `GPG_PASSPHRASE` | `PWD` |
 * | `api key`, `private key`, `access key`, … | `OPENAI_API_KEY`, `AWS_ACCESS_KEY_ID` | `KEYBOARD`, `AWS_REGION` |
 * | `credential` | `GOOGLE_APPLICATION_CREDENTIALS` | |
 */
const SECRET_NAME =
  /token(?!iz)|secret|passw(?:or)?d|passphrase|(?:api|private|access|account|signing|encryption|client|master)[_-]?key|credential|mysql_pwd|[_-]auth$/i;

/** Values that say nothing; redacting them would only make a log unreadable. */
const HARMLESS_VALUE = /^(?:true|false|yes|no|on|off|null|none|undefined|\d{1,4})$/i;
const MIN_GUESSED_LENGTH = 6;

export const isSecretName = (name: string): boolean => SECRET_NAME.test(name);

export interface SecretSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Names the task marks as secret: any value of theirs counts, however short. */
  readonly marked?: readonly string[];
}

/** The values that must never be shown. Guessed ones (by name) count from six characters on. */
export const secretValues = ({ environment, marked = [] }: SecretSources): readonly string[] => {
  const values = new Set<string>();
  for (const name of marked) {
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value !== undefined && value.trim() !== '') values.add(value);
  }
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || value.length < MIN_GUESSED_LENGTH) continue;
    if (isSecretName(name) && !HARMLESS_VALUE.test(value)) values.add(value);
  }
  return [...values];
};
