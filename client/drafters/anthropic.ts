/**
 * Anthropic's Messages API. The answer is asked for as the input of a tool, which has the schema of a draft.
 * @see https://platform.claude.com/docs/en/api/messages
 *
 * No SDK: those that Node 20.19 runs bring more than one POST is worth, and the others (`openai` 7, `ai` 7) want Node 22.
 */
import { fail, ok } from '../../model/problem.ts';
import type { Result } from '../../model/problem.ts';
import { parseAnswer } from '../../planner/drafters/parse-answer.ts';
import { promptOf } from '../../planner/drafters/prompt.ts';
import { endpoint, variantOf } from './address.ts';
import { httpDrafter } from './http-drafter.ts';
import type { HttpDrafterOptions, Provider } from './http-drafter.ts';
import type { Drafter } from '../../planner/drafters/drafter.ts';

export const ANTHROPIC_URL = 'https://api.anthropic.com';
export const ANTHROPIC_KEY = 'ANTHROPIC_API_KEY';
const VERSION = '2023-06-01';
const TOOL = 'submit_plan';
/** A draft of some hundred tasks. */
const MAX_TOKENS = 32_000;

export interface AnthropicOptions extends HttpDrafterOptions {
  readonly model: string;
  readonly url: URL;
  /** Undefined where there is none: a proxy may have its own. */
  readonly key: string | undefined;
}

export const anthropicDrafter = ({ model, url, key, ...options }: AnthropicOptions): Drafter => {
  const provider: Provider = {
    name: 'anthropic',
    variant: variantOf(model, url, ANTHROPIC_URL),
    url: endpoint(url, 'v1/messages'),
    headers: { 'anthropic-version': VERSION, ...(key !== undefined && { 'x-api-key': key }) },
    secrets: key === undefined ? [] : [key],
    keyName: ANTHROPIC_KEY,
    bodies: (request) => {
      const { system, user } = promptOf(request);
      const body = { model, max_tokens: MAX_TOKENS, system, messages: [{ role: 'user', content: user }], tools: [{ name: TOOL, description: 'Takes the whole draft of the plan.', input_schema: request.schema }] };
      // Models that always think take no tool that is forced upon them.
      return [{ ...body, tool_choice: { type: 'tool', name: TOOL } }, { ...body, tool_choice: { type: 'auto' } }];
    },
    read: readMessage,
  };
  return httpDrafter(provider, options);
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

const readMessage = (reply: unknown): Result<unknown, string> => {
  if (!isObject(reply) || !Array.isArray(reply['content'])) return fail('it is no message');
  if (reply['stop_reason'] === 'max_tokens') return fail('the draft is longer than the model may write: divide the document');
  if (reply['stop_reason'] === 'refusal') return fail('the model refuses');
  const blocks = (reply['content'] as readonly unknown[]).filter(isObject);
  const used = blocks.find((block) => block['type'] === 'tool_use' && block['name'] === TOOL);
  if (used) return ok(used['input']);
  return parseAnswer(blocks.map((block) => (block['type'] === 'text' && typeof block['text'] === 'string' ? block['text'] : '')).join('\n'));
};
