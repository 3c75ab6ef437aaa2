/**
 * Program of a parser's process. The parsers are native code and overflow their stack on text that is nested deep
 * enough: whoever wrote the text must not end more than this process.
 */
import { parseSource } from './parse-source.ts';
import type { ParseReply, ParseRequest } from './protocol.ts';

const answer = (reply: ParseReply): Promise<void> => new Promise((sent) => process.send?.(reply, () => sent()));

process.on('message', (request: ParseRequest) => {
  void (async () => {
    for (const file of request.files) await answer({ file, parsed: await parseSource(file) });
  })();
});
// Its owner has gone.
process.on('disconnect', () => process.exit());
