/**
 * Program of a parser's process. The parsers are native code and overflow their stack on text that is nested deep
 * enough: whoever wrote the text must not end more than this process.
 */
import type { ParseReply, ParseRequest, ParseTask } from './protocol.ts';

type Reader = (path: string) => Promise<unknown>;

/** Loaded when it is first asked for: no process needs the parsers of all. */
const READERS: Readonly<Record<ParseTask, () => Promise<Reader>>> = {
  imports: async () => (await import('../imports/parse/parse-source.ts')).parseSource,
  symbols: async () => (await import('../codebase/source/read-source.ts')).readSource,
};

const answer = (reply: ParseReply): Promise<void> => new Promise((sent) => process.send?.(reply, () => sent()));

process.on('message', (request: ParseRequest) => {
  void (async () => {
    const read = await READERS[request.task]();
    for (const file of request.files) await answer({ file, parsed: await read(file) });
  })();
});
// Its owner has gone.
process.on('disconnect', () => process.exit());
