// Asks json-logic-js what rules give, and writes ../matrix.json.gz:
//
//   { oracle, data: [value], cases: [[rule, index of its data, result]] }
//
// A result is JSON, but for { "object": {…} }, { "special": "undefined" | "NaN" | "Infinity" | "-Infinity" | "-0" }
// and { "throws": true }. Half of a character is written as U+FFFD.
//
// The order, the pseudo-random choices and the compression are fixed: the same bytes each time.

import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";

const require = createRequire(import.meta.url);
const jsonLogic = require("json-logic-js");
const { version } = JSON.parse(readFileSync(require.resolve("json-logic-js/package.json"), "utf8"));

// JSON that keeps the sign of zero.
function text(value) {
  if (Object.is(value, -0)) return "-0";
  if (Array.isArray(value)) return `[${value.map(text).join(",")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${text(member)}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

class Unsayable extends Error {}

function encode(value) {
  if (value === undefined) return { special: "undefined" };
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))) {
    return { special: Object.is(value, -0) ? "-0" : String(value) };
  }
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value === "function") throw new Unsayable();
  if (value !== null && typeof value === "object") {
    if (Object.getPrototypeOf(value) !== Object.prototype) throw new Unsayable();
    return { object: Object.fromEntries(Object.entries(value).map(([name, member]) => [name, encode(member)])) };
  }
  return value;
}

// What flowright does differently on purpose is no case: data that `missing` would run as a rule, and half
// characters that are worked on further.
let own = new WeakSet();
let depth = 0;
let different = false;
const apply = jsonLogic.apply;
jsonLogic.apply = (rule, data) => {
  if (jsonLogic.is_logic(rule) && !own.has(rule) && !["var", "missing"].includes(Object.keys(rule)[0])) {
    different = true;
  }
  depth += 1;
  try {
    const result = apply(rule, data);
    if (depth > 1 && typeof result === "string" && !result.isWellFormed()) different = true;
    return result;
  } finally {
    depth -= 1;
  }
};

function mark(value) {
  if (value !== null && typeof value === "object") {
    own.add(value);
    Object.values(value).forEach(mark);
  }
}

const data = [];
const seen = new Set();
const cases = [];
let left_out = 0;

function dataset(value) {
  data.push(value);
  return data.length - 1;
}

function add(rule, index = 0) {
  const line = text(rule);
  const key = `${index} ${line}`;
  if (seen.has(key)) return;
  seen.add(key);
  const parsed = JSON.parse(line);
  own = new WeakSet();
  mark(parsed);
  different = false;
  let result;
  try {
    result = encode(jsonLogic.apply(parsed, JSON.parse(text(data[index]))));
  } catch (error) {
    if (error instanceof Unsayable) different = true;
    result = { throws: true };
  }
  if (different) {
    left_out += 1;
    return;
  }
  cases.push(`[${line},${index},${text(result)}]`);
}

// Pseudo-random numbers (mulberry32).
let state = 0x5eed;
function random(below) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % below;
}
const pick = (from) => from[random(from.length)];
const several = (count, make) => Array.from({ length: count }, make);

const world = dataset({
  zero: 0,
  one: 1,
  text: "text",
  digits: "12",
  empty: "",
  nothing: null,
  yes: true,
  object: { a: 1 },
  other: { a: 1 },
  bare: {},
  list: [1, 2, 3],
  mixed: [0, "", null, "b", [], [0], { a: 1 }, { a: 0, b: 2 }, false, true, "0", -1.5],
  texts: ["a", "b", "", "10", "9", "😀"],
  rows: [
    { name: "apple", qty: 1, tags: ["x", "y"] },
    { name: "brownie", qty: 2, tags: [] },
    { name: "cupcake", qty: "3" },
    { name: null, qty: null },
  ],
  nested: { a: { b: [10, { c: "deep" }, [7, 8]], "": { "": 5 } } },
  keys: ["one", "gone", "nested.a.b.1.c", "empty", "nothing"],
  huge: 9007199254740993,
  rule: { "==": [1, 1] },
  matrix: [[1, 2], [3], [], [[4]]],
});
const scalars = [null, true, false, 0, 5, -1.5, "", "abc", "a😀b", [], {}].map(dataset);
const list = dataset([10, [20, 21], { a: { 0: "zero" } }, "abc", null]);
const odd = dataset({ "": 1, "a.b": 2, a: { "": 3, length: 4 }, length: 5, 0: "x", "-1": "y", "1e3": "z", null: "n", true: "t", "1,2": "l", "[object Object]": "o" });

const read = (path) => ({ var: path });
const UNDEFINED = { and: [] };
const NAN = { "+": ["x"] };
const INFINITY = { "/": [1, 0] };

const numbers = [0, -0, 1, 2, -1, -1.5, 0.1, 1e21, 123456789012345680000, 1e-7, 1e-6, 5e-324, 1.7976931348623157e308,
  9007199254740993, -9007199254740991, 4294967296, 0.30000000000000004, 100, 1e300, 123e-20];
const numeric = ["", " ", "0", "1", "-0", "+1", "-1.5", "0x10", "0X1f", "-0x10", "0x", "0xg", "0b11", "0b2", "0o17", "0o8",
  "0x1fffffffffffff1", "0x20000000000001", "0x20000000000003", `0x${"f".repeat(40)}`, `0x1${"0".repeat(39)}1`, `0x${"f".repeat(300)}`,
  `0x100000000000008${"0".repeat(20)}`, `0x100000000000008${"0".repeat(20)}1`, `0b1${"0".repeat(52)}1${"0".repeat(80)}1`, "1e3", "1E3", "1e", "1e+", "1e-7", "1e1000", "-1e1000", ".5", "5.", "5.e1", ".", "..", "-", "+", "- 1", "--1", "1_000", "1,000",
  "Infinity", "-Infinity", "+Infinity", "infinity", "INF", "Infinityx", "Infin", "NaN", "nan", "inf", "null", "undefined", "true",
  "12abc", "1 2", " 12 ", "\t\n12\r", "\u00a01\ufeff", "\u20031\u2029", "\u00851", "\u180e1", "01", "00", "1.2.3", "9007199254740993",
  "0.1e-400", `${"9".repeat(400)}`, `0.${"0".repeat(330)}1`, "１", "1n"];
const words = ["abc", "ab", "b", "a", "B", "é", "e\u0301", "😀", "a😀b", "\ue000", "\uffff", "[object Object]", "1,2", ",", "false", "length"];
const arrays = [[], [0], [1], [1, 2], [[]], ["a"], ["1"], [null], [[1], [2]], [[["abc"]]], [1, [2, [3, null]]], [true], [UNDEFINED], [""], [{}]];
const objects = [{}, { a: 1, b: 2 }, read("object"), read("bare")];
const computed = [UNDEFINED, NAN, INFINITY, { "-": [INFINITY] }, { "*": ["-0", 1] }, read("gone"), read("nothing"), read("list"), read("mixed"),
  read("texts"), read("digits"), read("rule"), read("matrix"), { map: [read("list"), read("")] }, { cat: ["a", "b"] }];

const core = [null, true, false, 0, -0, 1, 2, -1.5, 1e21, 1e-7, 9007199254740993, "", " ", "0", "1", "-0", "abc", "b", "0x10", "1e3", "Infinity",
  "12abc", "null", "true", "1,2", "[object Object]", "😀", "\uffff", ...arrays.slice(0, 10), {}, { a: 1, b: 2 }, read("object"), read("list"), read("gone"),
  read("digits"), UNDEFINED, NAN, INFINITY];
const everything = [null, true, false, ...numbers, ...numeric, ...words, ...arrays, ...objects, ...computed];

const pairwise = ["==", "===", "!=", "!==", ">", ">=", "<", "<=", "in", "%", "/", "-", "+", "*", "cat", "substr", "min", "max", "merge"];
const lazy = ["and", "or", "if", "?:"];
const iterating = ["map", "filter", "reduce", "all", "some", "none"];
const unary = ["!", "!!"];
const reading = ["var", "missing", "missing_some"];
const operators = [...pairwise, ...lazy, ...iterating, ...unary, ...reading];

// No rule at all.
for (const value of everything) add(value);

// Nothing, and one argument with and without its brackets.
for (const operator of operators) {
  add({ [operator]: [] });
  for (const value of everything) {
    if (!Array.isArray(value)) add({ [operator]: value });
    if (core.includes(value) || numeric.includes(value) && "+-*!".includes(operator[0])) add({ [operator]: [value] });
    if (Array.isArray(value)) add({ [operator]: [value] });
  }
}

// Two.
for (const [row, a] of core.entries()) {
  for (const [column, b] of core.entries()) {
    for (const [position, operator] of [...pairwise, ...lazy].entries()) {
      const whole = ["==", "<", "in"].includes(operator);
      if (whole || (row + column * 2 + position) % 5 === 0) add({ [operator]: [a, b] });
    }
  }
}
for (const value of numeric) {
  for (const operator of ["==", "<", "+", "*", "-", "max"]) {
    add({ [operator]: [value, pick(numbers)] });
    add({ [operator]: [pick(core), value] });
  }
}
for (const a of words) for (const b of words) for (const operator of ["<", ">=", "in", "=="]) add({ [operator]: [a, b] });
for (const a of numbers) for (const b of numbers) for (const operator of ["%", "/", "-", "*", "+", "min"]) add({ [operator]: [a, b] });
for (const a of numbers) add({ cat: [a, "|", { "-": [a] }, "|", { "/": [a, 3] }, "|", { "*": [a, 1e5] }] });

// Three and more.
for (const operator of [...pairwise, ...lazy, ...unary, ...iterating]) {
  for (let i = 0; i < 60; i += 1) add({ [operator]: several(3, () => pick(core)) });
  for (let i = 0; i < 25; i += 1) add({ [operator]: several(4 + random(4), () => pick(core)) });
}
for (const operator of ["<", "<=", ">", ">="]) {
  const between = [-1.5, 0, 1, 2, "1", "10", "9", "b", null, UNDEFINED, NAN, true, [1]];
  for (const a of between) for (const b of between) add({ [operator]: [a, b, pick(between)] });
  for (let i = 0; i < 60; i += 1) add({ [operator]: several(3, () => pick(between)) });
}
for (const a of ["-0", -1, 0, "x"]) for (const b of [0, 1, -1, "-0"]) for (const c of [-1, 1, 0]) add({ "*": [a, b, c] });

// Parts of texts.
const offsets = [0, -0, 1, 2, 3, 5, 8, 9, 10, -1, -2, -3, -9, -12, 1.7, -1.7, 1e21, -1e21, 4294967296, "2", "-2", " -3 ", "x", null, true, [], [1], [-1], {}, NAN, INFINITY, { "-": [INFINITY] }, UNDEFINED];
for (const source of ["jsonlogic", "a😀b😀", "", "é1", 12345, 1.5, null, true, [1, 2, 3], {}, UNDEFINED, read("text")]) {
  for (const start of offsets) {
    add({ substr: [source, start] });
    for (const end of several(source === "jsonlogic" ? 33 : 6, (_, i) => (source === "jsonlogic" ? offsets[i] : pick(offsets)))) add({ substr: [source, start, end] });
  }
}

// Data.
const paths = ["", "a", "a.b", "a.b.0", "a.", ".a", ".", "..", "0", "1", "01", "-1", "1.0", "2.a.0", "3.1", "3.length", "3.9", "length", "a.length", "length.length",
  "1e3", "null", "true", "one", "text.0", "text.length", "texts.5", "texts.5.0", "texts.5.length", "nested.a.b.1.c", "nested.a.b.2.1", "nested.a.b.-1", "nested.a.b.3", "nested.a..", "nested.a.b.length",
  "nothing", "nothing.a", "empty", "empty.length", "empty.0", "yes.a", "zero.a", "rows.0.name", "rows.3.name", "rows.3.name.x", "rows.9.name", "list.00", "list.4294967296", "huge",
  "[object Object]", "1,2", null, true, false, 0, 1, 2, 1.5, 1e3, -1, 1e21, [], [[]], [["a", "b"]], {}, UNDEFINED, NAN, read("text"), { cat: ["a", ".", "b"] }];
for (const index of [world, ...scalars, list, odd]) {
  for (const path of paths) {
    add({ var: path }, index);
    add({ var: [path, pick([null, "default", 7, [], { a: 1, b: 2 }, UNDEFINED, read("one")])] }, index);
  }
}
for (const index of [world, list, odd, scalars[0], scalars[6], scalars[7]]) {
  for (let i = 0; i < 40; i += 1) add({ missing: several(1 + random(3), () => pick(paths)) }, index);
  for (let i = 0; i < 15; i += 1) add({ missing: [several(random(4), () => pick(paths))] }, index);
  for (const need of [0, 1, 2, 3, -1, "1", "x", null, true, [], [2], UNDEFINED, NAN, INFINITY, 1.5]) {
    for (let i = 0; i < 4; i += 1) add({ missing_some: [need, several(random(5), () => pick(paths))] }, index);
    add({ missing_some: [need, pick([null, "a", "abc", 5, true, {}, { length: 3, b: 1 }, UNDEFINED, [["a", "b"]], read("keys"), [["a", "one"], "b"]])] }, index);
  }
}
add({ missing: read("keys") });
add({ missing: { merge: [read("keys"), "text"] } });

// Elements.
const lists = [read("list"), read("mixed"), read("texts"), read("rows"), read("matrix"), read("gone"), read("object"), read("text"), read("rows.0.tags"), [], [1, 2, 3], [[]], [{}],
  [null, UNDEFINED, NAN], [read("one"), read("text")], "abc", 3, null, true, {}, UNDEFINED, { filter: [read("list"), { ">": [read(""), 1] }] }];
const element_rules = [true, false, null, "", "x", 0, [], [read("")], read(""), read("a"), read("qty"), read("name.length"), read("0"), read("one"), {}, { a: 1, b: 2 }, UNDEFINED, NAN,
  { ">": [read(""), 1] }, { "==": [read(""), "0"] }, { "===": [read(""), read("")] }, { "!": read("") }, { "%": [read(""), 2] }, { "+": [read(""), 1] }, { cat: [read(""), "!"] },
  { in: ["x", read("tags")] }, { map: [read("tags"), { cat: [read(""), read("name")] }] }, { filter: [read(""), true] }, { some: [read("tags"), { "==": [read(""), "y"] }] }, { var: ["gone", 7] },
  { missing: ["a", "qty"] }, { missing_some: [1, ["a", "qty"]] }];
for (const operator of iterating.filter((name) => name !== "reduce")) {
  for (const values of lists) {
    add({ [operator]: [values] });
    for (const rule of element_rules) add({ [operator]: [values, rule] });
  }
}
const reducers = [{ "+": [read("current"), read("accumulator")] }, { "*": [read("current"), read("accumulator")] }, { cat: [read("accumulator"), read("current")] },
  { merge: [read("accumulator"), read("current")] }, { max: [read("current.qty"), read("accumulator")] }, read("accumulator"), read("current"), read(""), read("current.a"), 5, UNDEFINED,
  [read("accumulator"), read("current")], { "==": [read(""), read("")] }, { "===": [read("accumulator"), read("current")] }, { if: [read("current"), read("accumulator"), "x"] }, read("one"), { "-": [read("accumulator"), read("current")] }];
for (const values of lists) {
  for (const rule of reducers) {
    add({ reduce: [values, rule] });
    for (const initial of several(4, () => pick([0, 1, "", "s", null, [], [1], {}, UNDEFINED, read("one"), read("object"), NAN]))) add({ reduce: [values, rule, initial] });
  }
}

// Identity.
for (const operator of ["==", "===", "!=", "!=="]) {
  for (const path of ["object", "other", "list", "bare", "rows.0", "matrix.2", "mixed.4"]) {
    for (const other of ["object", "other", "list", "bare", "rows.0", "matrix.2", "mixed.4"]) add({ [operator]: [read(path), read(other)] });
    add({ [operator]: [read(path), { if: [true, read(path)] }] });
    add({ [operator]: [[read(path)], [read(path)]] });
    add({ [operator]: [{ "*": read(path) }, read(path)] });
    add({ [operator]: [{ merge: read(path) }, read(path)] });
    add({ some: [[read(path)], { [operator]: [read(""), read("")] }] });
    add({ in: [read(path), [1, read(path)]] });
    add({ in: [read(path), { map: [[read(path)], read("")] }] });
  }
  add({ reduce: [[1, 2, 3], { [operator]: [read("accumulator"), {}] }, {}] });
  add({ reduce: [[1, 2, 3], { if: [{ [operator]: [read("accumulator"), read("accumulator")] }, {}, 0] }, {}] });
  add({ reduce: [[[], []], { [operator]: [read("accumulator"), read("current")] }, []] });
}
add({ in: [read("rows.0"), read("rows")] });
add({ in: [read("object"), read("mixed")] });
add({ filter: [read("rows"), { in: [read(""), [read("")]] }] });

// Laziness, where the branch that is not taken would throw.
const throwing = { "*": [] };
for (const value of core) {
  add({ if: [value, "then", throwing] });
  add({ if: [value, throwing, "else"] });
  add({ and: [value, throwing] });
  add({ or: [value, throwing] });
  add({ "?:": [value, throwing, value, "second", throwing] });
}
for (const operator of [...iterating, "cat", "!", "var", "<"]) {
  add({ [operator]: [[], throwing] });
  add({ [operator]: [read("list"), throwing] });
  add({ [operator]: [throwing] });
  add({ [operator]: [1, 2, 3, throwing] });
}

// Operators that are none.
for (const name of ["nope", "", "=", "AND", "var ", "length", "toString", "hasOwnProperty", "__proto__x", "==.length", "cat.name", "a.b", ".", "var.", ".var", "missing.some"]) {
  add({ [name]: [1, 2] });
  add({ "!": { [name]: "a" } });
}
add({ "==": [1, 1], "!=": [1, 1] });

// Rules inside rules.
const leaf = () => pick([() => pick(core), () => pick(everything), () => read(pick(paths.slice(0, -8))), () => pick([0, 1, 2, "a", "1", true, false, null])])();
function rule(levels) {
  if (levels === 0 || random(6) === 0) return leaf();
  const operator = pick(operators);
  if (iterating.includes(operator)) {
    const values = random(4) ? pick(lists) : rule(levels - 1);
    const inner = random(3) ? pick(operator === "reduce" ? reducers : element_rules) : rule(levels - 1);
    return { [operator]: operator === "reduce" ? [values, inner, rule(levels - 1)] : [values, inner] };
  }
  if (random(8) === 0) return several(random(4), () => rule(levels - 1));
  if (random(10) === 0) {
    const argument = rule(levels - 1);
    return { [operator]: argument };
  }
  return { [operator]: several(random(4), () => rule(levels - 1)) };
}
for (let i = 0; i < 6000; i += 1) add(rule(2 + random(3)), random(4) ? world : pick([...scalars, list, odd]));

const matrix = `{"oracle":"json-logic-js ${version}",\n"data":[\n${data.map(text).join(",\n")}\n],\n"cases":[\n${cases.join(",\n")}\n]}\n`;
const packed = gzipSync(matrix, { level: 9 });
packed[9] = 255; // The operating system is nobody's business.
writeFileSync(new URL("../matrix.json.gz", import.meta.url), packed);
console.log(`${cases.length} cases, ${left_out} left out, ${packed.length} bytes`);
