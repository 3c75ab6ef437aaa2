/**
 * The Chat Completions API, which OpenAI and most servers of models speak (vLLM, Ollama, llama.cpp, LM Studio, OpenRouter).
 * The answer is held to the schema of a draft where the server can do that.
 * @see https://platform.openai.com/docs/api-reference/chat
 */
import { fail } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';
import type { Drafter } from '../../planner/drafters/drafter.ts';
import { parseAnswer } from '../../planner/drafters/parse-answer.ts';
import { promptOf } from '../../planner/drafters/prompt.ts';
import { endpoint, variantOf } from './address.ts';
import { httpDrafter } from './http-drafter.ts';
import type { HttpDrafterOptions, Provider } from './http-drafter.ts';

export const OPENAI_URL = 'https://api.openai.com/v1';
export const OPENAI_KEY = 'OPENAI_API_KEY';

export interface OpenAiCompatibleOptions extends HttpDrafterOptions {
  readonly model: string;
  /** With its version: `http://localhost:11434/v1`. */
  readonly url: URL;
  /** Undefined for a server that asks for none. */
  readonly key: string | undefined;
}

export const openAiCompatibleDrafter = ({ model, url, key, ...options }: OpenAiCompatibleOptions): Drafter => {
  const provider: Provider = {
    name: 'openai-compatible',
    variant: variantOf(model, url, OPENAI_URL),
    url: endpoint(url, 'chat/completions'),
    headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
    secrets: key === undefined ? [] : [key],
    keyName: OPENAI_KEY,
    bodies: (request) => {
      const { system, user } = promptOf(request);
      const body = { model, messages: [{ role: 'system', content: system }, { role: 'user', content: user }] };
      // The schema is in the prompt as well: servers that know no formats can still answer.
      return [{ ...body, response_format: { type: 'json_schema', json_schema: { name: 'plan_draft', strict: true, schema: request.schema } } }, { ...body, response_format: { type: 'json_object' } }, body];
    },
    read: readCompletion,
  };
  return httpDrafter(provider, options);
};

const member = (value: unknown, key: string): unknown => (typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined);

const readCompletion = (reply: unknown): Result<unknown, string> => {
  const choices = member(reply, 'choices');
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const message = member(choice, 'message');
  if (message === undefined) return fail('it is no completion');
  if (member(choice, 'finish_reason') === 'length') return fail('the draft is longer than the model may write: divide the document');
  if (typeof member(message, 'refusal') === 'string') return fail('the model refuses');
  const content = member(message, 'content');
  const parts: readonly unknown[] = Array.isArray(content) ? content : [content];
  return parseAnswer(parts.map((part) => (typeof part === 'string' ? part : member(part, 'text'))).filter((part) => typeof part === 'string').join(''));
};
