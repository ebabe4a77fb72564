// Reads { schema, document } from standard input, and prints how long the language service of JSON validates the
// document with the schema, beside a schema that has each kind as one of a flat `oneOf`. Both are measured in turns.
import { readFileSync } from "node:fs";
import json from "vscode-json-languageservice";
import { TextDocument } from "vscode-languageserver-textdocument";

const ROUNDS = 25;

const { schema, document } = JSON.parse(readFileSync(0, "utf8"));

/** The same, with every kind in one list of alternatives. */
function flat(schema) {
  const { allOf, ...action } = schema.properties.actions.items;
  const cases = allOf.flatMap((group) => group.then.allOf);
  action.oneOf = cases.map(({ if: { properties, required }, then }) => ({
    ...then,
    properties: { ...then.properties, kind: properties.kind },
    required: [...required, ...(then.required ?? [])],
  }));
  const actions = { ...schema.properties.actions, items: action };
  return { ...schema, properties: { ...schema.properties, actions } };
}

/** Validates the document once, and says how many milliseconds that took. */
function validator(schema) {
  const service = json.getLanguageService({});
  service.configure({ validate: true, schemas: [{ uri: "file:///schema.json", fileMatch: ["*"], schema: structuredClone(schema) }] });
  let version = 0;
  return async () => {
    const opened = TextDocument.create("file:///workflow.json", "json", ++version, document);
    const parsed = service.parseJSONDocument(opened);
    const begun = process.hrtime.bigint();
    const found = await service.doValidation(opened, parsed);
    const ended = process.hrtime.bigint();
    if (found.length > 0) throw new Error(found.map((mistake) => mistake.message).join("\n"));
    return Number(ended - begun) / 1e6;
  };
}

const both = [validator(schema), validator(flat(schema))];
const times = [[], []];
for (let round = 0; round < ROUNDS + 5; round++) {
  for (const [at, validate] of both.entries()) {
    const time = await validate();
    // The first rounds resolve the schema and warm up.
    if (round >= 5) times[at].push(time);
  }
}
const sorted = times.map((each) => each.toSorted((one, other) => one - other));
const [grouped, ofOne] = sorted.map((each) => each[ROUNDS >> 1]);
const ratios = times[0].map((time, round) => time / times[1][round]).toSorted((one, other) => one - other);
const shown = (number) => number.toFixed(2);
console.log(
  `schema ${shown(grouped)} ms, flat oneOf ${shown(ofOne)} ms, ratio ${shown(grouped / ofOne)} ` +
    `spread ${shown(ratios[ROUNDS >> 2])}–${shown(ratios[ROUNDS - 1 - (ROUNDS >> 2)])}`,
);
