import assert from "node:assert/strict";
import { test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { generateText, isStepCount, stepCountIs, jsonSchema, streamText, tool, wrapLanguageModel } from "ai";
import OpenAI from "openai";
import { headroomMiddleware, withHeadroom } from "headroom-wrap";
import { question, rows, text, world } from "./world.mjs";

const schema = { type: "object", properties: { command: { type: "string" } } };

test("openai: a tool loop, whole and streamed, and responses", async (t) => {
  const { url, bodies } = await world(t);
  const bare = new OpenAI({ apiKey: "sk-1", baseURL: `${url}/v1` });
  const client = withHeadroom(bare);
  const tools = [{ type: "function", function: { name: "bash", parameters: schema } }];
  const messages = [{ role: "user", content: question }];
  const first = (await client.chat.completions.create({ model: "gpt-5.5", messages, tools })).choices[0].message;
  messages.push(first, { role: "tool", tool_call_id: first.tool_calls[0].id, content: text });
  const last = await client.chat.completions.create({ model: "gpt-5.5", messages, tools });
  assert.match(last.choices[0].message.content, /all done now/);
  assert.ok(bodies().at(-1).length < text.length / 3);
  assert.equal(messages[2].content, text);
  let said = "";
  for await (const chunk of await client.chat.completions.create({ model: "gpt-5.5", messages, tools, stream: true })) {
    said += chunk.choices[0]?.delta?.content ?? "";
  }
  assert.match(said, /all done now/);
  assert.ok(bodies().at(-1).length < text.length / 3);
  await bare.chat.completions.create({ model: "gpt-5.5", messages, tools });
  assert.ok(bodies().at(-1).length > text.length);
  const input = [
    { role: "user", content: question },
    { type: "function_call", call_id: "call_0123456789ab", name: "bash", arguments: "{}" },
    { type: "function_call_output", call_id: "call_0123456789ab", output: text },
  ];
  const answer = await client.responses.create({ model: "gpt-5.5", input });
  assert.match(answer.output_text, /all done now/);
  assert.ok(bodies().at(-1).length < text.length / 3);
});

test("anthropic: a tool loop, whole and streamed", async (t) => {
  const { url, bodies } = await world(t);
  const client = withHeadroom(new Anthropic({ apiKey: "sk-1", baseURL: url }));
  const asked = { model: "claude-opus-4-8", max_tokens: 99, tools: [{ name: "bash", input_schema: schema }] };
  const messages = [{ role: "user", content: question }];
  const first = await client.messages.create({ ...asked, messages });
  const call = first.content.find((block) => block.type === "tool_use");
  messages.push({ role: "assistant", content: first.content });
  messages.push({ role: "user", content: [{ type: "tool_result", tool_use_id: call.id, content: text }] });
  const last = await client.messages.create({ ...asked, messages });
  assert.match(last.content[0].text, /all done now/);
  assert.ok(bodies().at(-1).length < text.length / 3);
  const streamed = await client.messages.stream({ ...asked, messages }).finalMessage();
  assert.match(streamed.content[0].text, /all done now/);
  assert.ok(bodies().at(-1).length < text.length / 3);
});

test("ai: a tool loop through the middleware and through a wrapped model", async (t) => {
  const { url, bodies } = await world(t);
  const provider = createOpenAICompatible({ name: "fake", baseURL: `${url}/v1`, apiKey: "sk-1" });
  const stopWhen = (isStepCount ?? stepCountIs)(4);
  const tools = { bash: tool({ inputSchema: jsonSchema(schema), execute: async () => rows }) };
  const models = [
    wrapLanguageModel({ model: provider("gpt-5.5"), middleware: headroomMiddleware() }),
    withHeadroom(provider("gpt-5.5")),
  ];
  for (const model of models) {
    const found = await generateText({ model, tools, stopWhen, prompt: question });
    assert.match(found.text, /all done now/);
    assert.ok(bodies().at(-1).includes("svc-") && bodies().at(-1).length < text.length / 3);
    assert.deepEqual(found.steps[0].toolResults[0].output, rows);
    let said = "";
    for await (const piece of streamText({ model, tools, stopWhen, prompt: question }).textStream) said += piece;
    assert.match(said, /all done now/);
    assert.ok(bodies().at(-1).length < text.length / 3);
  }
});

test("what is no client is refused at once", () => {
  assert.throws(() => withHeadroom({}), /no client/);
});
