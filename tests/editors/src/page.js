// The editor as a product embeds it: actions come in, every change of the workflow goes out.
import { createElement, useState } from "react";
import { createRoot } from "react-dom/client";
import { Editor, Provider, Sidebar } from "@inngest/workflow-kit/ui";
import "@xyflow/react/dist/style.css";
import "@inngest/workflow-kit/ui/ui.css";

const { actions, workflow: first } = window.flowright;

function Page() {
  const [workflow, setWorkflow] = useState(first);
  const onChange = (changed) => {
    window.flowright.workflow = changed;
    setWorkflow(changed);
  };
  const trigger = { event: { name: "user.signed_up" } };
  const editor = createElement(Editor, { direction: "down" }, createElement(Sidebar, { position: "right" }));
  return createElement(Provider, { workflow, trigger, onChange, availableActions: actions }, editor);
}

createRoot(document.getElementById("root")).render(createElement(Page));
