// Runs a document with Workflow Kit's own engine as often as it is told to. Each line on standard input is answered by one on
// standard output: `{ workflow, event }` by what its actions came to, `{ repeats }` by the nanoseconds that processors took.

import { createInterface } from "node:readline";
import { Engine } from "@inngest/workflow-kit";

/** How long it runs before anything is measured, so that what runs often is compiled: microseconds. */
const WARM_UP = 1_000_000;

const engine = new Engine({
  actions: [
    {
      kind: "count",
      name: "Count on",
      handler: async ({ workflowAction: { inputs } }) => ({ value: inputs.value + 1 }),
    },
    {
      kind: "count_both",
      name: "Count on from the larger",
      handler: async ({ workflowAction: { inputs } }) => ({ value: Math.max(inputs.left, inputs.right) + 1 }),
    },
  ],
});

const run = ({ workflow, event }) => engine.run({ event, step: {}, workflow });

/** What all threads take in microseconds, those that compile and collect garbage included. */
const time = async (subject, repeats) => {
  const before = process.cpuUsage();
  for (let repeat = 0; repeat < repeats; repeat += 1) await run(subject);
  const { user, system } = process.cpuUsage(before);
  return user + system;
};

let subject;
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let answer;
  if ("repeats" in asked) {
    answer = { nanoseconds: 1000 * (await time(subject, asked.repeats)) };
  } else {
    subject = asked;
    const { state } = await run(subject);
    answer = { outputs: subject.workflow.actions.map(({ id }) => state.get(id)) };
    for (let spent = process.cpuUsage(); spent.user + spent.system < WARM_UP; spent = process.cpuUsage()) {
      await run(subject);
    }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
