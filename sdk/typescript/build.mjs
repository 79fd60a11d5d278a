// Compiles src/ twice, for `import` and for `require`.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const here = import.meta.dirname ?? dirname(new URL(import.meta.url).pathname);
const packaged = createRequire(import.meta.url).resolve("typescript/package.json");
const tsc = join(dirname(packaged), "bin", "tsc");
process.chdir(here);
rmSync("dist", { recursive: true, force: true });
for (const [kind, type] of [["esm", "module"], ["cjs", "commonjs"]]) {
  const out = join("dist", kind);
  mkdirSync(out, { recursive: true });
  const format = kind === "esm" ? ["--module", "esnext"] : ["--module", "commonjs"];
  const options = ["-p", "tsconfig.json", "--outDir", out, ...format];
  execFileSync(process.execPath, [tsc, ...options], { stdio: "inherit" });
  writeFileSync(join(out, "package.json"), JSON.stringify({ type }) + "\n");
}
copyFileSync(join("..", "..", "LICENSE"), "LICENSE");
