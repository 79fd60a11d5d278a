/** Finds a running `headroom proxy`, or starts one that ends when this process does. */
import type { ChildProcess } from "node:child_process";
import { HeadroomError } from "./errors.js";

/** Where the proxy is, and what happens when there is none. */
export interface ProxyOptions {
  /** The proxy's URL. Default: HEADROOM_BASE_URL, then port 8787 of this machine, then our own. */
  baseUrl?: string;
  /** Its token, where it has one. Default: HEADROOM_TOKEN. */
  apiKey?: string;
  /** Whether to start `headroom proxy` where none runs. Default: yes. */
  start?: boolean;
  /** The program to start. Default: HEADROOM_COMMAND, then `headroom`. */
  command?: string;
  /** Milliseconds to wait for an answer. Default: 10,000. */
  timeout?: number;
}

const USUAL = "http://127.0.0.1:8787";
const START_PATIENCE = 30_000;
const LOOK_PATIENCE = 1_000;

const known = new Map<string, Promise<string>>();
/** The proxies that we started, by command, as long as they live. */
const started = new Map<string, Promise<string>>();

/** The URL of the proxy, without a slash at its end. */
export function locate(options: ProxyOptions): Promise<string> {
  const key = JSON.stringify([options.baseUrl, options.start, options.command, options.apiKey]);
  let found = known.get(key);
  if (!found) {
    found = look(options);
    known.set(key, found);
    // A failure is not for ever: the next call looks again.
    found.catch(() => known.delete(key));
  }
  return found;
}

/** Forgets where the proxy was: it may have been restarted elsewhere. */
export function forget(): void {
  known.clear();
}

/**
 * One request to the proxy; its answer as JSON. Rejects with HeadroomError where the proxy fails,
 * and with TypeError at a body that JSON cannot say.
 */
export async function ask(path: string, body: unknown, options: ProxyOptions): Promise<unknown> {
  const base = await locate(options);
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(base + path, {
      method: body === undefined ? "GET" : "POST",
      headers: { ...credentials(options), "content-type": "application/json" },
      ...sent,
      signal: AbortSignal.timeout(options.timeout ?? 10_000),
    });
  } catch (cause) {
    forget();
    throw new HeadroomError(`no answer from the proxy at ${base}`, { cause });
  }
  const answer = (await response.json().catch(() => ({}))) as { error?: { message?: string } };
  if (!response.ok) {
    const message = answer.error?.message ?? `the proxy answered ${response.status}`;
    throw new HeadroomError(message, { status: response.status });
  }
  return answer;
}

async function look(options: ProxyOptions): Promise<string> {
  const given = options.baseUrl ?? process.env.HEADROOM_BASE_URL;
  if (given) return given.replace(/\/+$/, "");
  if (await healthy(USUAL, options)) return USUAL;
  if (options.start === false) {
    throw new HeadroomError(`no proxy at ${USUAL}: start one with \`headroom proxy\``);
  }
  const command = options.command ?? process.env.HEADROOM_COMMAND ?? "headroom";
  let found = started.get(command);
  if (!found) {
    found = start(command);
    started.set(command, found);
    found.catch(() => started.delete(command));
  }
  return found;
}

function credentials(options: ProxyOptions): Record<string, string> {
  const token = options.apiKey ?? process.env.HEADROOM_TOKEN;
  return token ? { "x-headroom-token": token } : {};
}

async function healthy(base: string, options: ProxyOptions): Promise<boolean> {
  try {
    // A proxy with a token tells nobody without it that it is there.
    const headers = credentials(options);
    const answer = await fetch(`${base}/health`, { headers, signal: AbortSignal.timeout(LOOK_PATIENCE) });
    const facts = (await answer.json()) as { status?: string };
    return answer.ok && facts.status === "healthy";
  } catch {
    return false;
  }
}

async function start(command: string): Promise<string> {
  const { spawn } = await import("node:child_process");
  // The proxy ends with the pipe, however this process ends.
  const child = spawn(command, ["proxy", "--port", "0", "--until-eof"], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  const url = await listening(child, command);
  child.unref();
  for (const pipe of [child.stdin, child.stderr]) (pipe as { unref?: () => void } | null)?.unref?.();
  return url;
}

function listening(child: ChildProcess, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    const fail = (cause: unknown): void => {
      child.kill();
      const advice = "install it with `pip install headroom-wrap`";
      reject(new HeadroomError(`cannot start \`${command} proxy\`: ${advice}\n${said}`, { cause }));
    };
    const timer = setTimeout(() => fail(new Error("it took too long")), START_PATIENCE);
    child.on("error", (cause) => {
      clearTimeout(timer);
      fail(cause);
    });
    child.on("exit", (code) => {
      started.delete(command);
      forget();
      clearTimeout(timer);
      fail(new Error(`it ended with ${code}`));
    });
    child.stdin?.on("error", () => undefined);
    child.stderr?.on("data", (piece: Buffer) => {
      said = (said + piece.toString()).slice(-4_000);
      const found = /listening on (\S+)/.exec(said);
      if (found?.[1]) {
        clearTimeout(timer);
        resolve(found[1]);
      }
    });
  });
}
