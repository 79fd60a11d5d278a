import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { compress, retrieve, stats, HeadroomError } from "headroom-wrap";
import { chat, rows, text, world } from "./world.mjs";

const part = { toolCallId: "call_9b8c7d6e5f4a", toolName: "list" };
const shapes = {
  chat: chat(),
  anthropic: [
    { role: "user", content: "svc-77?" },
    { role: "assistant", content: [{ type: "tool_use", id: "toolu_0123456789", name: "list", input: {} }] },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_0123456789", content: text }] },
  ],
  responses: [
    { role: "user", content: "svc-77?" },
    { type: "function_call", call_id: "call_0123456789ab", name: "list", arguments: "{}" },
    { type: "function_call_output", call_id: "call_0123456789ab", output: text },
  ],
  gemini: [
    { role: "user", parts: [{ text: "svc-77?" }] },
    { role: "model", parts: [{ functionCall: { name: "list", args: {} } }] },
    { role: "user", parts: [{ functionResponse: { name: "list", response: { output: text } } }] },
  ],
  vercel: [
    { role: "user", content: [{ type: "file", data: new Uint8Array([1, 2]), mediaType: "image/png" }] },
    { role: "assistant", content: [{ type: "tool-call", ...part, input: {} }] },
    { role: "tool", content: [{ type: "tool-result", ...part, output: { type: "json", value: rows } }] },
  ],
};

// What each started proxy runs in, where the system tells: its command line and its environment.
function processes() {
  const read = (pid, name) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, "utf8");
    } catch {
      return "";
    }
  };
  const pids = existsSync("/proc/self/environ") ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  return pids.filter((pid) => read(pid, "cmdline").includes("--until-eof")).map((pid) => read(pid, "environ"));
}

test("a proxy with a token is found at its usual place", async (t) => {
  const server = createServer((request, response) => {
    const known = request.headers["x-headroom-token"] === "word";
    response.writeHead(known ? 200 : 403, { "content-type": "application/json" });
    response.end(JSON.stringify(request.url === "/health" ? { status: "healthy" } : { here: true }));
  });
  const free = await new Promise((done) => {
    server.once("error", () => done(false)).listen(8787, "127.0.0.1", () => done(true));
  });
  if (!free) return t.skip("port 8787 is in use");
  t.after(() => server.close());
  assert.deepEqual(await stats({ apiKey: "word", start: false }), { here: true });
  await assert.rejects(stats({ apiKey: "another", start: false }), /no proxy at/);
});

test("messages come back shorter, in their own shape", async (t) => {
  await world(t);
  for (const [shape, messages] of Object.entries(shapes)) {
    const before = structuredClone(messages);
    const found = await compress(messages, { model: "gpt-5.5" });
    assert.deepEqual(messages, before, shape);
    assert.equal(found.messages[0], messages[0], shape);
    assert.equal(found.messages[1], messages[1], shape);
    assert.notDeepEqual(found.messages[2], messages[2], shape);
    assert.ok(found.compressed && found.compressionRatio < 0.5, shape);
    assert.equal(found.tokensSaved, found.tokensBefore - found.tokensAfter);
    assert.deepEqual(JSON.parse(await retrieve(found.ccrHashes[0])), rows);
  }
  assert.match(await retrieve((await compress(shapes.chat)).ccrHashes[0], { rows: "78" }), /svc-77/);
  assert.ok((await stats()).tokens.saved > 0);
});

test("a call for something unknown says so", async (t) => {
  await world(t);
  await assert.rejects(retrieve("0123456789"), (problem) => problem instanceof HeadroomError && problem.status === 404);
});

test("without a proxy, messages are sent as they are, and that is said once", async (t) => {
  const warned = t.mock.method(console, "warn", () => undefined);
  const nowhere = { baseUrl: "http://127.0.0.1:1" };
  for (let i = 0; i < 2; i++) {
    const found = await compress(shapes.chat, nowhere);
    assert.deepEqual(found.messages, shapes.chat);
    assert.equal(found.compressed, false);
  }
  assert.equal(warned.mock.callCount(), 1);
  await assert.rejects(compress(shapes.chat, { ...nowhere, fallback: false }), HeadroomError);
  const missing = { command: "/nonexistent/headroom", fallback: false };
  await assert.rejects(compress(shapes.chat, missing), HeadroomError);
});

test("a script with a proxy of its own ends, and so does the proxy", async (t) => {
  const { folder } = await world(t);
  const code = `import { compress } from "headroom-wrap";
    const found = await compress(${JSON.stringify(shapes.chat)}); console.log(found.compressed);`;
  const ran = spawnSync(process.execPath, ["--input-type=module", "-e", code], { cwd: import.meta.dirname, encoding: "utf8", timeout: 60_000 });
  assert.deepEqual([ran.status, ran.stdout.trim()], [0, "true"], ran.stderr);
  const left = () => processes().filter((each) => each.includes(folder));
  for (let tries = 0; left().length && tries < 100; tries++) await sleep(100);
  assert.deepEqual(left(), []);
});

test("an answer that is late, and messages that JSON cannot say, start no second proxy", async (t) => {
  const { folder } = await world(t);
  const [counted, command] = [join(folder, "started"), join(folder, "headroom")];
  writeFileSync(command, `#!/bin/sh\necho >>'${counted}'\nexec '${process.env.HEADROOM_COMMAND}' "$@"\n`, { mode: 0o755 });
  const messages = JSON.stringify(shapes.chat);
  const code = `import { compress } from "headroom-wrap";
    const options = { command: ${JSON.stringify(command)} };
    await compress(${messages}, options);
    await compress(${messages}, { ...options, timeout: 1 });
    await compress([{ role: "user", content: 1n }], options);
    console.log((await compress(${messages}, options)).compressed);`;
  const ran = spawnSync(process.execPath, ["--input-type=module", "-e", code], { cwd: import.meta.dirname, encoding: "utf8", timeout: 60_000 });
  assert.deepEqual([ran.status, ran.stdout.trim()], [0, "true"], ran.stderr);
  assert.equal(readFileSync(counted, "utf8"), "\n");
});

test("both ways to load it give the same names", async () => {
  const required = createRequire(import.meta.url)("headroom-wrap");
  assert.deepEqual(Object.keys(required).sort(), Object.keys(await import("headroom-wrap")).filter((name) => !["default", "module.exports"].includes(name)).sort());
  for (const path of ["openai", "anthropic", "vercel-ai"]) {
    assert.equal(typeof (await import(`headroom-wrap/${path}`)).withHeadroom, "function");
  }
});

test("the package holds what it should, and needs nothing", () => {
  const options = { cwd: `${import.meta.dirname}/..`, encoding: "utf8" };
  const [packed] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], { ...options, stdio: ["ignore", "pipe", "ignore"] }));
  const names = packed.files.map((file) => file.path).sort();
  const outside = names.filter((name) => !/^dist\/(esm|cjs)\/(\w+\.(js|d\.ts)|package\.json)$/.test(name));
  assert.deepEqual(outside, ["LICENSE", "README.md", "package.json"]);
  assert.equal(names.length - outside.length, 26);
  const manifest = createRequire(import.meta.url)("../package.json");
  assert.equal(manifest.dependencies, undefined);
});
