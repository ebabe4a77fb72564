// Runs documents with Workflow Kit's own engine: `[{ workflow, event }]` on standard input, and what each came to on
// standard output: `[{ calls, state }]`. Its package is that of examples/editor, where this is run.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

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

const ran = [];
for (const { workflow, event } of JSON.parse(readFileSync(0, "utf8"))) {
  const calls = [];
  const noting = (handler) => (given) => (calls.push(given.workflowAction.id), handler(given));
  const own = Object.entries(functions).map(([kind, call]) => ({
    kind,
    handler: noting(async ({ workflowAction }) => call(workflowAction.inputs)),
  }));
  const builtin = builtinActions["builtin:if"];
  const engine = new Engine({ actions: [...own, { ...builtin, handler: noting(builtin.handler) }] });
  const { state } = await engine.run({ event, step: {}, workflow });
  ran.push({ calls, state: Object.fromEntries(state) });
}
process.stdout.write(JSON.stringify(ran));
