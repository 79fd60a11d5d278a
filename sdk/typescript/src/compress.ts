/** Messages in, shorter messages out; the originals where anything of ours fails. */
import { HeadroomError } from "./errors.js";
import { ask, type ProxyOptions } from "./proxy.js";

export interface CompressOptions extends ProxyOptions {
  model?: string;
  /** How far to go. */
  level?: "exact" | "safe" | "lean";
  /** What must not be left out, beside what the messages ask for themselves. */
  query?: string;
  /** At most so many tokens in all, if that is possible. */
  tokenBudget?: number;
  /** The tools that are offered to the model. */
  tools?: unknown;
  /** Whether messages come back as they are where the proxy fails. Default: yes. */
  fallback?: boolean;
}

export interface CompressResult<Message> {
  messages: Message[];
  tokensBefore: number;
  tokensAfter: number;
  tokensSaved: number;
  /** Tokens after over tokens before. */
  compressionRatio: number;
  transformsApplied: string[];
  /** Names of the originals, for `retrieve`. */
  ccrHashes: string[];
  compressed: boolean;
}

interface Answer<Message> {
  messages: Message[];
  tokens_before: number;
  tokens_after: number;
  tokens_saved: number;
  compression_ratio: number;
  transforms_applied: string[];
  ccr_hashes: string[];
}

let told = false;

/** The messages (OpenAI's, Anthropic's, Gemini's or the AI SDK's) with shorter tool results. */
export async function compress<Message>(
  messages: readonly Message[],
  options: CompressOptions = {},
): Promise<CompressResult<Message>> {
  try {
    const body = {
      messages,
      model: options.model,
      level: options.level,
      query: options.query,
      token_budget: options.tokenBudget,
      tools: options.tools,
    };
    const answer = (await ask("/v1/compress", body, options)) as Answer<Message>;
    return {
      messages: merged(messages, answer.messages),
      tokensBefore: answer.tokens_before,
      tokensAfter: answer.tokens_after,
      tokensSaved: answer.tokens_saved,
      compressionRatio: answer.compression_ratio,
      transformsApplied: answer.transforms_applied,
      ccrHashes: answer.ccr_hashes,
      compressed: answer.tokens_saved > 0,
    };
  } catch (problem) {
    if (options.fallback === false) throw problem;
    tell(problem);
    return unchanged(messages);
  }
}

/** Which part of an original is wanted; lines and rows as `5`, `5-9` or `5-`. */
export interface Part {
  lines?: string;
  grep?: string;
  context?: number;
  rows?: string;
  jq?: string;
}

/** The original behind a marker, or a part of it. */
export async function retrieve(
  hash: string,
  part: Part = {},
  options: ProxyOptions = {},
): Promise<string> {
  const answer = await ask("/v1/retrieve", { hash, ...part }, options);
  return (answer as { original_content: string }).original_content;
}

/** What the proxy's ledger adds up to. */
export async function stats(options: ProxyOptions = {}): Promise<Record<string, unknown>> {
  return (await ask("/stats", undefined, options)) as Record<string, unknown>;
}

function unchanged<Message>(messages: readonly Message[]): CompressResult<Message> {
  const counts = { tokensBefore: 0, tokensAfter: 0, tokensSaved: 0, compressionRatio: 1 };
  const nothing = { transformsApplied: [], ccrHashes: [], compressed: false };
  return { messages: [...messages], ...counts, ...nothing };
}

/** Once: an app that works without us should not be talked over. */
function tell(problem: unknown): void {
  if (told) return;
  told = true;
  const why = problem instanceof Error ? problem.message : String(problem);
  console.warn(`headroom: messages are sent as they are (${why})`);
}

/** The caller's own objects, but for those messages that were changed. */
function merged<Message>(before: readonly Message[], after: unknown): Message[] {
  if (!Array.isArray(after) || after.length !== before.length) {
    throw new HeadroomError("the proxy answered with other messages");
  }
  return before.map((message, at) => {
    const same = JSON.stringify(message) === JSON.stringify(after[at]);
    return same || !isJson(message) ? message : (after[at] as Message);
  });
}

/** Whether JSON says all of a value: bytes, dates and URLs would not come back. */
function isJson(value: unknown): boolean {
  if (value === null || typeof value !== "object") return typeof value !== "bigint";
  if (Array.isArray(value)) return value.every(isJson);
  const plain = [Object.prototype, null].includes(Object.getPrototypeOf(value));
  return plain && Object.values(value).every(isJson);
}
