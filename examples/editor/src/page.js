// Workflow Kit's editor as a product embeds it: actions come in, every change of the workflow goes out.
import { createElement as make, Fragment, useState } from "react";
import { createRoot } from "react-dom/client";
import { Editor, Provider, Sidebar } from "@inngest/workflow-kit/ui";
import "@xyflow/react/dist/style.css";
import "@inngest/workflow-kit/ui/ui.css";

const empty = { name: "New workflow", actions: [], edges: [] };

/** What is edited: what a script has put in place, or else an empty workflow and the actions that were exported. */
async function given() {
  window.flowright ??= { actions: await (await fetch("/actions.json")).json(), workflow: empty };
  return window.flowright;
}

function Page({ flowright }) {
  const [workflow, setWorkflow] = useState(flowright.workflow);
  const onChange = (changed) => {
    flowright.workflow = changed;
    setWorkflow(changed);
  };
  const text = encodeURIComponent(JSON.stringify(workflow, null, 2));
  const save = { className: "save", download: "workflow.json", href: `data:application/json,${text}` };
  const trigger = { event: { name: "start" } };
  const editor = make(Editor, { direction: "down" }, make(Sidebar, { position: "right" }));
  return make(
    Fragment,
    null,
    make(Provider, { workflow, trigger, onChange, availableActions: flowright.actions }, editor),
    make("a", save, "Save as workflow.json"),
  );
}

given().then((flowright) => createRoot(document.getElementById("root")).render(make(Page, { flowright })));
