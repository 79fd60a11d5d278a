/** The official clients of OpenAI and Anthropic, sending shorter tool results. */
import { compress, type CompressOptions } from "./compress.js";
import { HeadroomError } from "./errors.js";
import { isModel, wrapModel } from "./vercel.js";

type Fetch = (url: any, init?: any) => Promise<any>;

interface Copyable {
  withOptions(options: { fetch: Fetch }): unknown;
  fetch?: Fetch;
}

const PATHS = /\/(?:chat\/completions|messages|responses)$/;
const KEYS = ["messages", "input"] as const;

/**
 * A copy of a client (`new OpenAI()`, `new Anthropic()`) or of a model of the AI SDK, whose
 * requests leave with shorter tool results. The client itself stays as it is.
 */
export function withHeadroom<Client extends object>(
  client: Client,
  options: CompressOptions = {},
): Client {
  if (isModel(client)) return wrapModel(client, options) as Client;
  const given = client as Client & Partial<Copyable>;
  if (typeof given.withOptions !== "function") {
    throw new HeadroomError("this is no client of `openai` or `@anthropic-ai/sdk`");
  }
  const send = (given.fetch ?? globalThis.fetch) as Fetch;
  const shortening: Fetch = async (url, init) => send(url, await shortened(url, init, options));
  return given.withOptions({ fetch: shortening }) as Client;
}

async function shortened(url: unknown, init: any, options: CompressOptions): Promise<any> {
  const body = posted(url, init);
  const key = body && KEYS.find((each) => Array.isArray(body[each]));
  if (!body || !key) return init;
  const wishes = { model: String(body.model ?? ""), ...options };
  const found = await compress(body[key] as unknown[], wishes);
  if (!found.compressed) return init;
  return { ...init, body: JSON.stringify({ ...body, [key]: found.messages }) };
}

function posted(url: unknown, init: any): Record<string, unknown> | undefined {
  const place = url instanceof URL || typeof url === "string" ? String(url) : "";
  if (!PATHS.test(place.split("?")[0] ?? "") || typeof init?.body !== "string") return undefined;
  try {
    const body: unknown = JSON.parse(init.body);
    return body && typeof body === "object" ? (body as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
