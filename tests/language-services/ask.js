// Reads [{ schema, questions: [{ language, ask, text }] }] from standard input, and prints the answers to all questions.
// What is asked is "validate", "complete" or "hover"; the last two are about the place of "¦" in the text.
import { readFileSync } from "node:fs";
import { service } from "./services.js";

const answers = [];
for (const { schema, questions } of JSON.parse(readFileSync(0, "utf8"))) {
  const services = {};
  for (const { language, ask, text } of questions) {
    services[language] ??= service(language, structuredClone(schema));
    const offset = text.indexOf("¦");
    answers.push(await services[language][ask](text.replace("¦", ""), offset));
  }
}
process.stdout.write(JSON.stringify(answers));
