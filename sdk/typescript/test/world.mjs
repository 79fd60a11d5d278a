// The fake model and a home of its own; the proxy is started by the SDK itself.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, existsSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const root = resolve(import.meta.dirname, "../../..");
const bin = process.env.HEADROOM_TEST_BIN ?? join(root, ".venv/bin");

export const rows = Array.from({ length: 200 }, (_, id) => ({
  id, name: `svc-${id}`, status: "ok", latency: (id * 7) % 31, region: "eu-west-1",
}));
export const text = JSON.stringify(rows);
export const question = "What about svc-77? [[S: bash list | text all done now]]";

export async function world(t) {
  const folder = mkdtempSync(join(tmpdir(), "headroom-sdk-"));
  process.env.HEADROOM_HOME = join(folder, "home");
  process.env.HEADROOM_COMMAND = join(bin, "headroom");
  const fake = spawn(join(bin, "python"), ["-m", "tests.fake", join(folder, "fake")], { cwd: root, stdio: "inherit" });
  t.after(() => {
    fake.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  const port = join(folder, "fake", "port");
  for (let tries = 0; !existsSync(port); tries++) {
    if (tries > 200) throw new Error("the fake model does not start");
    await sleep(50);
  }
  const url = `http://127.0.0.1:${readFileSync(port, "utf8")}`;
  const bodies = () =>
    readFileSync(join(folder, "fake", "requests.jsonl"), "utf8").trim().split("\n")
      .map((line) => JSON.parse(line))
      .map((facts) => readFileSync(join(folder, "fake", `${String(facts.number).padStart(4, "0")}.body`), "utf8"));
  return { folder, url, bodies };
}

export const chat = () => [
  { role: "user", content: question },
  { role: "assistant", content: null, tool_calls: [{ id: "call_4f1c9e0a7b2d", type: "function", function: { name: "bash", arguments: "{}" } }] },
  { role: "tool", tool_call_id: "call_4f1c9e0a7b2d", content: text },
];
