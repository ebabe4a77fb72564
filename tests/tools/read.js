// Serves tools by the Model Context Protocol's own SDK, lists and calls them as its client does.
// Reads `{ "tools": [tool], "instructions": text, "samples": { "<tool>": { "inputs": [any], "outputs": [any] } } }`, prints
// `{ "instructions": text, "listed": [tool], "problems": [text] }`.
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  ListToolsResultSchema,
  ToolSchema,
} from "@modelcontextprotocol/sdk/types.js";

const { tools, instructions, samples } = JSON.parse(readFileSync(0, "utf8"));
const problems = [];
const problem = (name, error) => problems.push(`${name}: ${error.message ?? error}`);

ListToolsResultSchema.parse({ tools });
for (const tool of tools) {
  const read = ToolSchema.safeParse(tool);
  if (!read.success) problem(tool.name, read.error);
}

let output;
const server = new Server(
  { name: "flowright", version: "1.0.0" },
  { capabilities: { tools: {} }, instructions },
);
server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
server.setRequestHandler(CallToolRequestSchema, () => ({ content: [], structuredContent: output }));
const client = new Client({ name: "test", version: "1.0.0" });
const [ours, theirs] = InMemoryTransport.createLinkedPair();
await Promise.all([server.connect(ours), client.connect(theirs)]);
const listed = (await client.listTools()).tools;

const ajv = new Ajv({ strict: false, validateFormats: false, ownProperties: true });
for (const tool of listed) {
  try {
    const takes = ajv.compile(tool.inputSchema);
    for (const inputs of samples[tool.name].inputs) {
      if (!takes(inputs)) problem(tool.name, `${JSON.stringify(inputs)}: ${ajv.errorsText(takes.errors)}`);
    }
    if (!tool.outputSchema) continue;
    const gives = ajv.compile(tool.outputSchema);
    for (output of samples[tool.name].outputs) {
      if (!gives(output)) problem(tool.name, `${JSON.stringify(output)}: ${ajv.errorsText(gives.errors)}`);
      await client.callTool({ name: tool.name, arguments: {} });
    }
  } catch (error) {
    problem(tool.name, error);
  }
}
console.log(JSON.stringify({ instructions: client.getInstructions(), listed, problems }));
await client.close();
