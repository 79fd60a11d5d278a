/** The AI SDK: a middleware for `wrapLanguageModel`, and a model wrapped without it. */
import { compress, type CompressOptions } from "./compress.js";

interface Call {
  prompt: unknown[];
  [key: string]: unknown;
}

interface Model {
  modelId: string;
  doGenerate(call: Call): unknown;
  doStream(call: Call): unknown;
}

/** For `wrapLanguageModel({ model, middleware: headroomMiddleware() })`. */
export function headroomMiddleware(options: CompressOptions = {}) {
  return {
    specificationVersion: "v3" as const,
    async transformParams<Params extends object>(call: {
      params: Params;
      model?: { modelId: string };
    }): Promise<Params> {
      const prompt = (call.params as unknown as Call).prompt;
      const wishes = { model: call.model?.modelId ?? "", ...options };
      const found = await compress(prompt, wishes);
      return found.compressed ? { ...call.params, prompt: found.messages } : call.params;
    },
  };
}

/** A model whose prompts leave with shorter tool results. */
export function withHeadroom<Given extends object>(
  model: Given,
  options: CompressOptions = {},
): Given {
  return isModel(model) ? (wrapModel(model, options) as Given) : model;
}

/** Whether a value is a language model of the AI SDK. */
export function isModel(value: object): value is Model {
  const model = value as Partial<Model>;
  return typeof model.doGenerate === "function" && typeof model.doStream === "function";
}

/** See `withHeadroom`. */
export function wrapModel(model: Model, options: CompressOptions): Model {
  const middleware = headroomMiddleware(options);
  const through =
    (name: "doGenerate" | "doStream") =>
    async (params: Call): Promise<unknown> =>
      model[name](await middleware.transformParams({ params, model }));
  const calls = { doGenerate: through("doGenerate"), doStream: through("doStream") };
  return new Proxy(model, {
    get: (target, key) =>
      key in calls ? calls[key as keyof typeof calls] : Reflect.get(target, key, target),
  });
}
