// Runs documents with Workflow Kit's own engine: `[{ workflow, event }]` on standard input, and what each came to on
// standard output: `[{ calls, state, workflow, error? }]`. Its package is that of examples/editor, where this is run.
//
// A join is run once for every way to it, so that a few actions can be run for days: a run that takes too long is named on
// standard error, and ends the process.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";

const LONGEST = 20_000;

const require = createRequire(join(process.cwd(), "package.json"));
const kit = require.resolve("@inngest/workflow-kit");
const { Engine } = require(kit);
const { builtinActions } = require(join(dirname(kit), "builtin.js"));

const functions = {
  add: ({ a, b }) => a + b,
  concat: ({ parts }) => parts.join(""),
  echo: ({ value }) => value,
  make_user: ({ name, age, email = null }) => ({ name, age, email }),
  upper: ({ text }) => text.toUpperCase(),
};

const guard = `
  const { writeSync } = require("node:fs");
  const { workerData: { current, cases, longest } } = require("node:worker_threads");
  let seen = -1;
  setInterval(() => {
    const now = Atomics.load(current, 0);
    if (now === seen) {
      writeSync(2, "Workflow Kit does not end with " + cases[now] + "\\n");
      process.kill(process.pid, "SIGKILL");
    }
    seen = now;
  }, longest);
`;

const cases = JSON.parse(readFileSync(0, "utf8"));
const current = new Int32Array(new SharedArrayBuffer(4));
const workerData = { current, cases: cases.map((each) => JSON.stringify(each)), longest: LONGEST };
const worker = new Worker(guard, { eval: true, workerData });
worker.unref();

const ran = [];
for (const [at, { workflow, event }] of cases.entries()) {
  Atomics.store(current, 0, at);
  const calls = [];
  const noting = (handler) => (given) => (calls.push(given.workflowAction.id), handler(given));
  const own = Object.entries(functions).map(([kind, call]) => ({
    kind,
    handler: noting(async ({ workflowAction }) => call(workflowAction.inputs)),
  }));
  const builtin = builtinActions["builtin:if"];
  const engine = new Engine({ actions: [...own, { ...builtin, handler: noting(builtin.handler) }] });
  try {
    const { state } = await engine.run({ event, step: {}, workflow });
    // What JSON cannot say fails here, and not after all the others have run.
    ran.push(JSON.stringify({ calls, state: Object.fromEntries(state), workflow }));
  } catch (error) {
    ran.push(JSON.stringify({ error: String(error), calls, state: {}, workflow: null }));
  }
}
process.stdout.write(`[${ran.join(",")}]`, () => process.exit(0));
