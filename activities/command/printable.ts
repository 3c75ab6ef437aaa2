/**
 * Makes output harmless to look at: terminal sequences (which can rewrite a screen or fill a clipboard) are
 * dropped, other control characters are shown as pictures (`␀`). Tab, line feed and carriage return stay.
 */

/* oxlint's no-control-regex is about typing errors; here the control characters are the subject. They are
   therefore built from escapes in strings. */
const ESC = '\\u001b';
const CONTROLS = '[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f]';
/** CSI (bounded), OSC up to its end on the same line (bounded), and two-character sequences. */
const TERMINAL = new RegExp(
  `${ESC}(?:\\[[0-?]{0,32}[ -/]{0,4}[@-~]|\\][^\\u0007\\u001b\\n\\r]{0,512}(?:\\u0007|${ESC}\\\\)|[@-Z\\\\^_])`,
  'g',
);
const CONTROL = new RegExp(CONTROLS, 'g');
const ANY_CONTROL = new RegExp(CONTROLS);

const picture = (character: string): string => {
  const code = character.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(0x24_00 + code);
  return code === 0x7f ? '\u2421' : '\ufffd';
};

export const printable = (text: string): string =>
  ANY_CONTROL.test(text) ? text.replace(TERMINAL, '').replace(CONTROL, picture) : text;
