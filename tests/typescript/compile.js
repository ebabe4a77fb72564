// Compiles what stands in a folder, and prints what the compiler has against it.
// Reads `{ "folder": "/…", "options": ["--strict"] }`, prints `[{ "file", "line", "message" }]`.
const { execFileSync } = require("node:child_process");
const { readFileSync, readdirSync } = require("node:fs");
const path = require("node:path");

const { folder, options } = JSON.parse(readFileSync(0, "utf8"));
const compiler = path.join(path.dirname(require.resolve("typescript/package.json")), "bin", "tsc");
const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
const always = ["--noEmit", "--pretty", "false", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"];

function compile() {
  const run = { cwd: folder, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "pipe"] };
  try {
    return execFileSync(process.execPath, [compiler, ...always, ...options, ...files], run);
  } catch (error) {
    if (!error.stdout) throw error;
    return error.stdout;
  }
}

const found = [];
for (const line of compile().split("\n").filter((line) => line.trim() !== "")) {
  const error = /^(.+?)\((\d+),\d+\): error (TS\d+: .*)$/.exec(line);
  if (error) found.push({ file: error[1], line: Number(error[2]), message: error[3] });
  else if (/^\s/.test(line) && found.length > 0) found.at(-1).message += `\n${line}`;
  else throw new Error(line);
}
console.log(JSON.stringify(found));
