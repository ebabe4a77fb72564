// Reads `{ actions, screenshot }` from standard input, drives the editor with them, and prints what it saw:
// `{ forms: [{ kind, labels, fields }], built, branched, problems }`.
import { execFileSync } from "node:child_process";
import { createServer } from "node:http";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, extname, join } from "node:path";
import { chromium } from "playwright-core";

const { actions, screenshot } = JSON.parse(readFileSync(0, "utf8"));
const folder = await mkdtemp(join(tmpdir(), "editor-"));
const example = join(import.meta.dirname, "../../examples/editor");
const build = ["run", "--silent", "build", "--", "--logLevel", "error", "--outDir", join(folder, "page"), "--emptyOutDir"];
execFileSync("npm", build, { cwd: example, stdio: ["ignore", "ignore", "inherit"] });

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };
const server = createServer(async ({ url }, answer) => {
  const path = url === "/" ? "/index.html" : url;
  try {
    const body = await readFile(join(folder, "page", path));
    answer.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" }).end(body);
  } catch {
    answer.writeHead(404).end();
  }
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));

const args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const onPath = process.env.PATH.split(delimiter).map((folder) => join(folder, "chromium")).find(existsSync);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || onPath,
  args: [...args, "--disable-component-update", "--disable-sync"],
});
const problems = [];

/** A page with this workflow in the editor. */
async function open(workflow) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  await page.addInitScript((given) => { window.flowright = given; }, { actions, workflow });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.locator(".wf-trigger-node").waitFor();
  return page;
}

const nodeOf = (page, id) => page.locator(id === "$source" ? ".wf-trigger-node" : `.react-flow__node[data-id="${id}"]`);

/** Adds an action below another, by clicking; along one of its own edges where it has any. */
async function add(page, below, name, edge) {
  await nodeOf(page, below).locator(".wf-add-handle").click();
  if (edge !== undefined) {
    await page.locator(".wf-add-handle-menu-item").getByText(edge, { exact: true }).click();
  }
  await page.locator(".wf-sidebar-action-list-item").getByText(name, { exact: true }).click();
  await page.locator(".wf-sidebar-action-name").waitFor();
}

const current = (page) => page.evaluate(() => window.flowright.workflow);
const empty = { name: "Built by clicking", actions: [], edges: [] };

const forms = [];
for (const action of actions) {
  const page = await open(empty);
  await add(page, "$source", action.name);
  const form = page.locator(".wf-sidebar-form label");
  const labels = (await form.allTextContents()).map((text) => text.trim());
  const fields = await form.evaluateAll((all) => all.map((label) => label.querySelector("input, textarea")?.tagName));
  const { actions: added } = await current(page);
  forms.push({ kind: added[0]?.kind, shown: await page.locator(".wf-sidebar-action-name").textContent(), labels, fields });
  await page.close();
}

let page = await open(empty);
await add(page, "$source", "Nothing");
await add(page, "1", "Choose a plan");
await add(page, "2", "Nothing", "Free");
await nodeOf(page, "2").click();
await page.locator(".wf-sidebar-form label input").first().fill("team");
await page.screenshot({ path: screenshot });
const built = await current(page);
await page.close();

page = await open(empty);
await add(page, "$source", "If");
await add(page, "1", "Nothing", "True");
await add(page, "1", "Choose a plan", "False");
const branched = await current(page);
await page.close();

await browser.close();
server.close();
await rm(folder, { recursive: true, force: true });
console.log(JSON.stringify({ forms, built, branched, problems }));
