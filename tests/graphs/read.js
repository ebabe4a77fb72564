// Reads [{ mermaid, dot, svg }] from standard input, and prints what the real readers of each understand.
import { instance } from "@viz-js/viz";
import { JSDOM } from "jsdom";
import { readFileSync } from "node:fs";

const { window } = new JSDOM("<!doctype html>", { pretendToBeVisual: true });
Object.assign(globalThis, { window, document: window.document });
const mermaid = (await import("mermaid")).default;
const graphviz = await instance();

/** Mermaid's nodes and edges. */
async function flowchart(text) {
  await mermaid.parse(text);
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(text);
  const { nodes, edges } = diagram.db.getData();
  return {
    type: diagram.type,
    nodes: nodes.map((node) => ({ id: node.id, label: decoded(node.label), classes: node.cssClasses })),
    edges: edges.map((edge) => ({ from: edge.start, to: edge.end, label: decoded(edge.label ?? "") })),
  };
}

/** A label as it is shown: Mermaid keeps entities in a spelling of its own until it draws. */
function decoded(label) {
  const html = label.replace(/ﬂ°°(\d+)¶ß/g, "&#$1;").replace(/ﬂ°(\w+)¶ß/g, "&$1;");
  const element = window.document.createElement("div");
  element.innerHTML = html.replaceAll(/<br *\/?>/g, "\n");
  return { text: element.textContent, elements: [...element.querySelectorAll("*")].map((found) => found.localName) };
}

/** What Graphviz draws: the title, and the lines of every node and edge. */
function drawn(text) {
  const xml = parsed(graphviz.renderString(text, { format: "svg" }));
  const lines = (group) => [...group.querySelectorAll("text")].map((found) => found.textContent.trim());
  const named = (group) => group.querySelector("title").textContent;
  const shape = (group) => group.querySelector("path, polygon, ellipse").getAttribute("stroke-dasharray");
  const order = (node) => (node.id === "source" ? -1 : Number(node.id.slice(1)));
  const nodes = [...xml.querySelectorAll("g.node")].map((node) => ({ id: named(node), lines: lines(node), dashes: shape(node) }));
  return {
    title: [...xml.querySelectorAll("g.graph > text")].map((found) => found.textContent),
    nodes: nodes.sort((one, other) => order(one) - order(other)),
    edges: [...xml.querySelectorAll("g.edge")].map((edge) => ({ ends: named(edge), lines: lines(edge), dashes: shape(edge) })),
  };
}

/** XML, any mistake in which is thrown. */
function parsed(text) {
  const xml = new window.DOMParser().parseFromString(text, "image/svg+xml");
  const mistake = xml.querySelector("parsererror");
  if (mistake) throw new Error(mistake.textContent);
  return xml;
}

/** An SVG's title, groups and texts. */
function picture(text) {
  const texts = (group) => [...group.querySelectorAll(":scope > text")].map((found) => found.textContent);
  const root = parsed(text).documentElement;
  const groups = [...root.querySelectorAll(":scope > g")].map((group) => ({
    class: group.getAttribute("class"),
    tip: group.querySelector("title")?.textContent,
    texts: texts(group),
    join: group.querySelector(".join") !== null,
  }));
  return {
    title: root.querySelector(":scope > title").textContent,
    elements: [...new Set([...root.querySelectorAll("*")].map((found) => found.localName))].sort(),
    words: texts(root),
    groups,
  };
}

const pictures = JSON.parse(readFileSync(0, "utf8"));
const read = [];
for (const { mermaid, dot, svg } of pictures) {
  read.push({ mermaid: await flowchart(mermaid), dot: drawn(dot), svg: picture(svg) });
}
process.stdout.write(JSON.stringify(read));
