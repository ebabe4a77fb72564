//! Pictures of checked workflows, as Mermaid, Graphviz and an XML parser read them.

use flowright::prelude::*;
use flowright::{CheckedWorkflow, Graph};
use flowright_tests::actions::ACTIONS;
use flowright_tests::node::Package;
use serde_json::{Value, json};
use std::path::Path;

/// Actions, and an event with a flag and a mode.
fn registry() -> Registry {
    let data = json!({
        "type": "object",
        "properties": {
            "flag": { "type": "boolean" },
            "mode": { "enum": ["on", "off", "auto"] },
            "user": { "type": "object", "properties": { "name": { "type": "string" } }, "required": ["name"] },
        },
        "required": ["flag", "mode", "user"],
    });
    let event = json!({ "type": "object", "properties": { "data": data }, "required": ["data"] });
    Registry::builder().actions(ACTIONS).event_schema("user.changed", event).build().expect("it is right")
}

#[track_caller]
fn checked(document: &Value) -> CheckedWorkflow {
    registry().check(&*document.to_string()).unwrap_or_else(|report| panic!("{report}"))
}

fn upper(id: &str) -> Value {
    json!({ "id": id, "kind": "upper", "inputs": { "text": id } })
}

fn edge(from: &str, to: &str) -> Value {
    json!({ "from": from, "to": to })
}

fn when(from: &str, to: &str, test: &str, reference: &str) -> Value {
    json!({ "from": from, "to": to, "name": test, "conditional": { "type": test, "ref": reference } })
}

/// A branch that is joined again, one that may be skipped, and one that never runs.
fn branches() -> Value {
    let matching = |to: &str, value: &str| json!({ "from": "$source", "to": to, "conditional": { "type": "match", "ref": "!ref($.event.data.mode)", "value": value } });
    json!({
        "name": "Branches",
        "actions": [
            { "id": "if", "kind": "builtin:if", "inputs": { "condition": "!ref($.event.data.flag)" } },
            upper("yes"), upper("no"), upper("joined"), upper("on"), upper("on and off"),
            { "id": "user", "kind": "make_user", "name": "Make the user", "inputs": { "name": "a", "age": 7 } },
        ],
        "edges": [
            edge("$source", "if"),
            when("if", "yes", "if", "!ref($.output.result)"),
            when("if", "no", "else", "!ref($.output.result)"),
            edge("yes", "joined"), edge("no", "joined"), edge("joined", "user"),
            matching("on", "on"),
            { "from": "on", "to": "on and off", "conditional": { "type": "match", "ref": "!ref($.event.data.mode)", "value": "off" } },
        ],
    })
}

/// Texts that each of the formats could read as something else.
const HOSTILE: &str =
    "\"]; <script>alert('1')</script> & &lt; \\N \\\" `x` %%{init}%% #quot; --> | {a} 1. _b_ 名前 👋";

fn hostile() -> Value {
    json!({
        "name": HOSTILE,
        "actions": [
            { "id": "a\"]<b>", "kind": "upper", "name": "</text><script>x</script>\r\nend", "inputs": { "text": "x" } },
            { "id": "\\", "kind": "upper", "name": "1. first\\n", "description": HOSTILE, "inputs": { "text": "x" } },
            { "id": "`%%", "kind": "upper", "name": "\u{202e}#quot;&amp;_b_ --> {c}", "inputs": { "text": "x" } },
        ],
        "edges": [
            { "from": "$source", "to": "a\"]<b>", "name": "\"|<i>&amp;\\n" },
            edge("a\"]<b>", "\\"),
            edge("a\"]<b>", "`%%"),
        ],
    })
}

fn chain(length: usize) -> Value {
    let ids: Vec<String> = (0..length).map(|at| format!("a{at}")).collect();
    let first = edge("$source", "a0");
    let edges = ids.windows(2).map(|pair| edge(&pair[0], &pair[1]));
    let edges: Value = std::iter::once(first).chain(edges).collect();
    json!({ "actions": ids.iter().map(|id| upper(id)).collect::<Value>(), "edges": edges })
}

/// Thirty actions: many branches with conditions, joins over several rows.
fn thirty() -> Value {
    let mut actions = vec![
        json!({ "id": "start", "kind": "make_user", "name": "Load the user", "inputs": { "name": "a", "age": 7 } }),
    ];
    let mut edges = vec![edge("$source", "start")];
    let mut last = "start".to_owned();
    for group in 0..4 {
        let branch = format!("check {group}");
        let rule = json!({ "id": branch, "kind": "builtin:if", "inputs": { "condition": { "==": ["!ref($.event.data.mode)", "on"] } } });
        actions.push(rule);
        edges.push(edge(&last, &branch));
        let (yes, no, more, join) =
            (format!("yes {group}"), format!("no {group}"), format!("more {group}"), format!("join {group}"));
        actions.extend([
            upper(&yes),
            upper(&no),
            upper(&more),
            upper(&join),
            upper(&format!("side {group}")),
        ]);
        edges.push(when(&branch, &yes, "if", "!ref($.output.result)"));
        edges.push(when(&branch, &no, "else", "!ref($.output.result)"));
        edges.extend([
            edge(&yes, &more),
            edge(&more, &join),
            edge(&no, &join),
            edge("start", &format!("side {group}")),
        ]);
        last = join;
    }
    actions.extend(["end 1", "end 2", "end 3", "end 4", "done"].map(upper));
    for end in ["end 1", "end 2", "end 3", "end 4"] {
        edges.push(edge(&last, end));
        edges.push(edge(end, "done"));
    }
    json!({ "name": "Thirty", "actions": actions, "edges": edges })
}

/// What the readers understand. The pictures are left in `target/graphs`.
fn read(graphs: &[(&str, Graph)]) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../graphs");
    std::fs::create_dir_all(&folder).expect("the target folder is writable");
    let pictures = graphs.iter().map(|(name, graph)| {
        let (mermaid, dot, svg) = (graph.mermaid(), graph.dot(), graph.svg());
        for (ending, text) in [("mmd", &mermaid), ("dot", &dot), ("svg", &svg)] {
            std::fs::write(folder.join(format!("{name}.{ending}")), text).expect("the folder is writable");
        }
        json!({ "mermaid": mermaid, "dot": dot, "svg": svg })
    });
    let input: Value = pictures.collect();
    let printed = Package::at("tests/graphs").run("read.js", &[], &input.to_string());
    serde_json::from_str(&printed).expect("it prints JSON")
}

/// Of each node, in the document's order: the format's own id, what is written there, and how it is drawn.
fn strings(list: &Value, of: impl Fn(&Value) -> String) -> Vec<String> {
    list.as_array().expect("a list").iter().map(of).collect()
}

fn lines(value: &Value) -> String {
    strings(value, |line| line.as_str().expect("text").to_owned()).join("/")
}

#[test]
fn a_picture_shows_what_runs_what_may_be_skipped_and_what_flows() {
    let read = read(&[("branches", checked(&branches()).graph())]).remove(0);
    let boxes = [
        "$source/user.changed",
        "If/if · builtin:if",
        "Upper/yes · upper/may be skipped",
        "Upper/no · upper/may be skipped",
        "Upper/joined · upper/joins 2 edges",
        "Upper/on · upper/may be skipped",
        "Upper/on and off · upper/never runs",
        "Make the user/user · make_user",
    ];
    let data = r#"{ flag: boolean, mode: "on" | …, … }"#;
    let (yes, no) =
        ("if/if $.output.result/{ result: boolean }", "else/else $.output.result/{ result: boolean }");
    let on = format!("match $.event.data.mode \"on\"/{data}");
    let off = "match $.event.data.mode \"off\"/string";
    let arrows = [data, yes, no, "string", "string", "string", &on, off];
    let ends = ["source n0", "n0 n1", "n0 n2", "n1 n3", "n2 n3", "n3 n6", "source n4", "n4 n5"];

    let chart = &read["mermaid"];
    let label = |thing: &Value| thing["label"]["text"].as_str().expect("text").replace('\n', "/");
    assert_eq!(strings(&chart["nodes"], label), boxes);
    assert_eq!(strings(&chart["edges"], label), arrows);
    let of = |edge: &Value| format!("{} {}", edge["from"].as_str().unwrap(), edge["to"].as_str().unwrap());
    assert_eq!(strings(&chart["edges"], of), ends);
    let class = |node: &Value| node["classes"].as_str().unwrap().replace("default", "").trim().to_owned();
    assert_eq!(
        strings(&chart["nodes"], class),
        ["", "", "skippable", "skippable", "", "skippable", "never", ""]
    );

    let drawn = &read["dot"];
    assert_eq!(drawn["title"], json!(["Branches"]));
    assert_eq!(strings(&drawn["nodes"], |node| lines(&node["lines"])), boxes);
    let mut drawn_arrows = strings(&drawn["edges"], |edge| {
        format!("{} {}", edge["ends"].as_str().unwrap().replace("->", " "), lines(&edge["lines"]))
    });
    let mut expected: Vec<String> =
        ends.iter().zip(arrows).map(|(ends, arrow)| format!("{ends} {arrow}")).collect();
    drawn_arrows.sort();
    expected.sort();
    assert_eq!(drawn_arrows, expected);
    let dashes = |node: &Value| node["dashes"].as_str().unwrap_or("-").to_owned();
    assert_eq!(strings(&drawn["nodes"], dashes), ["-", "-", "5,2", "5,2", "-", "5,2", "1,5", "-"]);

    let picture = &read["svg"];
    assert_eq!(picture["title"], "Branches");
    let groups = picture["groups"].as_array().unwrap();
    let (shown, labels) = groups.split_at(boxes.len());
    let class = |group: &Value| group["class"].as_str().unwrap().to_owned();
    assert_eq!(shown.iter().map(|group| lines(&group["texts"])).collect::<Vec<_>>(), boxes);
    let classes = ["start", "always", "sometimes", "sometimes", "always", "sometimes", "never", "always"];
    assert_eq!(shown.iter().map(class).collect::<Vec<_>>(), classes);
    let joins: Vec<&str> =
        shown.iter().zip(boxes).filter(|(group, _)| group["join"] == true).map(|(_, text)| text).collect();
    assert_eq!(joins, ["Upper/joined · upper/joins 2 edges"]);
    assert_eq!(labels.iter().map(|group| lines(&group["texts"])).collect::<Vec<_>>(), arrows);
    let whole = r#"{ flag: boolean, mode: "on" | "off" | "auto", user: { name: string } }"#;
    assert_eq!(labels[0]["tip"], whole);
}

#[test]
fn users_texts_stay_texts() {
    let read = read(&[("hostile", checked(&hostile()).graph())]).remove(0);
    let headings = ["</text><script>x</script> end", "1. first\\n", "\u{fffd}#quot;&amp;_b_ --> {c}"];
    let details = ["a\"]<b> · upper", "\\ · upper", "`%% · upper"];
    let boxes: Vec<String> =
        headings.iter().zip(details).map(|(name, detail)| format!("{name}/{detail}")).collect();
    let edge = "\"|<i>&amp;\\n";

    let chart = &read["mermaid"];
    let shown =
        |thing: &Value| thing["label"]["text"].as_str().unwrap().replace('\u{200b}', "").replace('\n', "/");
    assert_eq!(strings(&chart["nodes"], shown)[1..], boxes);
    assert!(strings(&chart["edges"], shown)[0].starts_with(&format!("{edge}/")));
    let mut elements = strings(&chart["nodes"], |node| lines(&node["label"]["elements"]));
    elements.extend(strings(&chart["edges"], |edge| lines(&edge["label"]["elements"])));
    elements.sort();
    elements.dedup();
    assert_eq!(elements, ["", "small"]);

    assert_eq!(lines(&read["dot"]["title"]), HOSTILE);
    assert_eq!(strings(&read["dot"]["nodes"], |node| lines(&node["lines"]))[1..], boxes);

    let picture = &read["svg"];
    assert_eq!(picture["title"], HOSTILE);
    let groups = picture["groups"].as_array().unwrap();
    assert_eq!(groups[1..4].iter().map(|group| lines(&group["texts"])).collect::<Vec<_>>(), boxes);
    assert_eq!(groups[2]["tip"], format!("\\ (upper): {HOSTILE}"));
    let ours = ["defs", "g", "marker", "path", "rect", "style", "text", "title"];
    assert_eq!(strings(&picture["elements"], |name| name.as_str().unwrap().to_owned()), ours);
}

#[test]
fn thirty_actions_do_not_overlap() {
    let picture = checked(&thirty()).graph().svg();
    let number = |text: &str, name: &str| -> f64 {
        let from = text.find(&format!(" {name}=\"")).expect("it is there") + name.len() + 3;
        text[from..].split('"').next().unwrap().parse().expect("a number")
    };
    let (width, height) = (number(&picture, "width"), number(&picture, "height"));
    let rects = picture
        .split("<rect ")
        .filter(|rect| rect.starts_with("class=\"box\"") || rect.starts_with("class=\"label\""));
    let rects: Vec<[f64; 4]> = rects
        .map(|rect| {
            let rect = format!(" {rect}");
            let (x, y) = (number(&rect, "x"), number(&rect, "y"));
            [x, y, x + number(&rect, "width"), y + number(&rect, "height")]
        })
        .collect();
    assert!(rects.len() > 60, "{}", rects.len());
    for (at, one) in rects.iter().enumerate() {
        assert!(one[0] >= 0.0 && one[1] >= 0.0 && one[2] <= width && one[3] <= height, "{one:?}");
        for other in &rects[at + 1..] {
            let apart = one[2] <= other[0] || other[2] <= one[0] || one[3] <= other[1] || other[3] <= one[1];
            assert!(apart, "{one:?} and {other:?}");
        }
    }
}

#[test]
fn what_is_too_large_for_a_picture_says_so() {
    let graph = checked(&chain(10_000)).graph();
    let svg = graph.svg();
    assert!(svg.contains("10000 actions and 10000 edges are too many for this picture."), "{svg}");
    assert_eq!(graph.mermaid().lines().count(), 20_002);
    assert_eq!(graph.dot().lines().count(), 20_006);

    // Not only actions make a graph large: each of these leads to all that come after it.
    let ids: Vec<String> = (0..150).map(|at| format!("a{at}")).collect();
    let edges = ids.iter().enumerate().flat_map(|(at, to)| ids[..at].iter().map(|from| edge(from, to)));
    let edges: Value = std::iter::once(edge("$source", "a0")).chain(edges).collect();
    let actions: Value = ids.iter().map(|id| upper(id)).collect();
    let dense = checked(&json!({ "actions": actions, "edges": edges })).graph();
    assert!(dense.svg().contains("150 actions and 11176 edges are too many"));
    assert!(checked(&chain(1_000)).graph().svg().contains(">a999 · upper<"));
}

#[test]
fn an_empty_workflow_is_its_start() {
    let graph = checked(&json!({ "actions": [], "edges": [] })).graph();
    assert!(graph.svg().contains(">$source<"));
    assert_eq!(graph.mermaid().lines().count(), 2);
    assert!(graph.dot().contains("$source"));
}
