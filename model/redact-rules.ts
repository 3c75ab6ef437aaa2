/**
 * What a secret looks like. Every rule is linear in the length of the text: a repetition is bounded, or the last
 * thing in its rule, or starts only where its run of characters starts (lookbehind).
 */
export interface RedactRule {
  readonly name: string;
  /** Global, with flag `d`; the last group that took part is the secret, or all of it where there are no groups. */
  readonly pattern: RegExp;
}

const KEY =
  'passw(?:or)?d|passphrase|secret|token|credential|(?:api|private|access|account|signing|encryption|client|master)[_-]?key';
/** White space of one line: what matches must not depend on how lines come in. */
const BLANK = '[^\\S\\r\\n]';
/** Quoted (the end quote may be missing), or up to white space or punctuation. */
const VALUE = `(?:"((?:[^"\\\\\\r\\n]|\\\\.)+)|'((?:[^'\\\\\\r\\n]|\\\\.)+)|([^\\s"',;&)}\\]]+))`;

export const REDACT_RULES: readonly RedactRule[] = [
  {
    name: 'authorization header',
    pattern:
      /(?:authorization|(?:set-)?cookie)\\?["']?[^\S\r\n]{0,4}[:=][^\S\r\n]{0,4}\\?["']?(?:(?:bearer|basic|token|digest|negotiate)[^\S\r\n]{1,4})?([^\r\n"']+)/dgi,
  },
  { name: 'bearer token', pattern: /\bbearer[^\S\r\n]{1,4}([\w.~+/=-]{8,})/dgi },
  {
    name: 'key with value',
    pattern: new RegExp(`(?:${KEY})[\\w-]{0,32}\\\\?["']?${BLANK}{0,4}(?:=>|:=|[:=])${BLANK}{0,4}\\\\?${VALUE}`, 'dgi'),
  },
  { name: 'command line option', pattern: new RegExp(`--?[\\w-]{0,32}(?:${KEY})${BLANK}{1,4}(?!-)${VALUE}`, 'dgi') },
  { name: 'password in a URL', pattern: /:\/\/[^\s/:@"'<>]{0,256}:([^\s/@"'<>]{1,1024})@/dg },
  { name: 'GitHub token', pattern: /gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}/dg },
  { name: 'GitLab token', pattern: /gl(?:pat|ptt|dt|rt|cbt)-[\w-]{16,}/dg },
  { name: 'AWS access key id', pattern: /(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Z0-9])/dg },
  { name: 'Slack token', pattern: /xox[a-z]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}/dg },
  { name: 'Slack webhook', pattern: /hooks\.slack\.com\/(?:services|workflows)\/([\w/]{10,})/dg },
  { name: 'npm token', pattern: /npm_[A-Za-z0-9]{30,}/dg },
  { name: 'JSON web token', pattern: /(?<![\w-])eyJ[\w-]{5,}\.[\w-]{2,}\.[\w-]*/dg },
  { name: 'sk key', pattern: /(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]{0,64}\d)[\w-]{16,}/dg },
  { name: 'Stripe key', pattern: /(?<![A-Za-z0-9])(?:sk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,}/dg },
  { name: 'Google key', pattern: /AIza[\w-]{35}|(?<![\w.-])ya29\.[\w-]{20,}/dg },
  { name: 'other tokens', pattern: /hf_[A-Za-z0-9]{30,}|pypi-[\w-]{40,}|do[opr]_v1_[a-f0-9]{64}|hvs\.[\w-]{24,}|SG\.[\w-]{16,64}\.[\w-]{16,}/dg },
];

/** Cheap: no rule can match a text in which this finds nothing. */
export const REDACT_TRIGGER =
  /passw|passphrase|secret|token|credential|[_-]?key|authorization|cookie|bearer|:\/\/|gh[pousr]_|github_pat_|gl[a-z]{2,3}-|A[KSBC][IC]A[A-Z0-9]|xox[a-z]-|xapp-|hooks\.slack|npm_|eyJ|sk[-_]|rk_|whsec_|AIza|ya29\.|hf_|pypi-|do[opr]_v1_|hvs\.|SG\.|-----BEGIN/i;

/** A private key block spans lines, so it is matched by its two ends (see `secretSpans`). */
export const PEM_BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
export const PEM_END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
