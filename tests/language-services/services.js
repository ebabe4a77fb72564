// The language services behind VS Code's editors of JSON and YAML, each knowing one schema.
import json from "vscode-json-languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";
import yaml from "yaml-language-server";

const URI = "file:///schema.json";

/** What answers questions about documents of one language that are to be of the schema. */
export function service(language, schema) {
  return language === "json" ? ofJson(schema) : ofYaml(schema);
}

function ofJson(schema) {
  const service = json.getLanguageService({ clientCapabilities: json.ClientCapabilities.LATEST });
  service.configure({ validate: true, allowComments: false, schemas: [{ uri: URI, fileMatch: ["*"], schema }] });
  const opened = (text) => {
    const document = TextDocument.create("file:///workflow.json", "json", 1, text);
    return [document, service.parseJSONDocument(document)];
  };
  return {
    validate: async (text) => {
      const [document, parsed] = opened(text);
      return (await service.doValidation(document, parsed)).map((found) => told(document, found));
    },
    complete: async (text, offset) => {
      const [document, parsed] = opened(text);
      const completed = await service.doComplete(document, document.positionAt(offset), parsed);
      return completed.items.map(offered);
    },
    hover: async (text, offset) => {
      const [document, parsed] = opened(text);
      return words((await service.doHover(document, document.positionAt(offset), parsed))?.contents);
    },
  };
}

function ofYaml(schema) {
  const failures = [];
  const service = yaml.getLanguageService({
    schemaRequestService: async (uri) => Promise.reject(new Error(`nothing is fetched: ${uri}`)),
    telemetry: { send() {}, sendTrack() {}, sendError: (name, error) => failures.push(error) },
    workspaceContext: { resolveRelativePath: (path) => path },
    clientCapabilities: { textDocument: { completion: { completionItem: { snippetSupport: true, documentationFormat: ["markdown"] } } } },
  });
  const schemas = [{ uri: URI, fileMatch: ["*"], schema }];
  service.configure({ validate: true, completion: true, hover: true, indentation: "  ", hoverSchemaSource: false, schemas });
  // It keeps what it has read, by version.
  let version = 0;
  const opened = (text) => TextDocument.create("file:///workflow.yaml", "yaml", ++version, text);
  const succeeded = (result) => {
    if (failures.length > 0) throw failures[0];
    return result;
  };
  return {
    validate: async (text) => {
      const document = opened(text);
      return succeeded(await service.doValidation(document, false)).map((found) => told(document, found));
    },
    complete: async (text, offset) => {
      const document = opened(text);
      const completed = succeeded(await service.doComplete(document, document.positionAt(offset), false));
      return completed.items.map(offered);
    },
    hover: async (text, offset) => {
      const document = opened(text);
      return words(succeeded(await service.doHover(document, document.positionAt(offset)))?.contents);
    },
  };
}

/** A mistake: what is said, how bad it is, and the text that it is about. */
function told(document, { message, severity, range }) {
  return { message, severity: severity === 1 ? "error" : "warning", about: document.getText(range) };
}

/** What a completion offers, and what it would write. */
function offered({ label, textEdit, insertText, documentation }) {
  return { label, writes: textEdit?.newText ?? insertText, says: words(documentation) };
}

function words(contents) {
  if (contents === undefined || contents === null) return "";
  if (typeof contents === "string") return contents;
  return Array.isArray(contents) ? contents.map(words).join("\n\n") : contents.value;
}
