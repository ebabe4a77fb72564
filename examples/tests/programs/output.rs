//! What the examples print.

use crate::program::{Ran, root, run};
use std::fs;
use std::path::PathBuf;

const FOLDER: &str = "examples/social-posts";

/// What a program that succeeds prints.
fn printed(name: &str) -> String {
    let Ran { stdout, stderr, code } = run(name, &[]);
    assert_eq!((&*stderr, code), ("", Some(0)));
    stdout
}

#[test]
fn hello_greets() {
    assert_eq!(printed("hello"), "Hello, Ada!\n");
}

#[test]
fn branching_takes_one_way_for_each_event() {
    insta::assert_snapshot!(printed("branching"));
}

#[test]
fn actions_by_hand_are_listed_checked_and_run() {
    insta::assert_snapshot!(printed("by-hand"));
}

#[test]
fn social_posts_prints_what_each_action_did_and_the_state() {
    insta::assert_snapshot!(printed("social-posts"));
}

#[test]
fn a_faulty_workflow_is_refused_with_a_report_of_every_mistake() {
    let Ran { stdout, stderr, code } = run("social-posts", &[&format!("{FOLDER}/faulty.json")]);
    assert_eq!((&*stdout, code), ("", Some(1)));
    insta::assert_snapshot!(stderr);
}

#[test]
fn the_workflow_is_the_instance_of_workflow_kits_reference() {
    let text = fs::read_to_string(root().join(FOLDER).join("workflow.json")).expect("the workflow is there");
    let in_one_line: String = text.lines().map(str::trim_start).collect();
    assert_eq!(
        in_one_line,
        concat!(
            r#"{"name": "Generate social posts","edges": ["#,
            r#"{"to": "1","from": "$source"},"#,
            r#"{"to": "2","from": "1"}"#,
            r#"],"actions": ["#,
            r#"{"id": "1","kind": "generate_tweet_posts","name": "Generate Twitter posts"},"#,
            r#"{"id": "2","kind": "generate_linkedin_posts","name": "Generate LinkedIn posts"}"#,
            "]}"
        )
    );
    for (number, line) in text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        assert!(indent <= 6 && indent % 2 == 0, "line {} is indented by {indent}", number + 1);
    }
}

#[test]
fn posts_for_twitter_are_as_short_as_twitter_wants_them() {
    let long = "word ".repeat(200);
    let event = scratch("long-event.json", &event_of(&long));
    let workflow = scratch("opening.json", &workflow_of(r#"{ "count": 5, "opening": "🎉 New:" }"#));
    let Ran { stdout, code, .. } = run("social-posts", &[&workflow, "--event", &event]);
    assert_eq!(code, Some(0), "{stdout}");
    let characters: Vec<usize> = stdout
        .lines()
        .filter_map(|line| line.trim().strip_prefix(r#""characters": "#)?.trim_end_matches(',').parse().ok())
        .collect();
    assert_eq!(characters.len(), 1, "{stdout}");
    assert!(characters.iter().all(|characters| (200..=280).contains(characters)), "{characters:?}");
    assert!(stdout.contains(r#""text": "🎉 New: word word "#), "{stdout}");
}

#[test]
fn a_ref_that_yields_nothing_leaves_the_optional_input_out() {
    let event = scratch("empty-event.json", &event_of(""));
    let workflow = scratch(
        "quote.json",
        r#"{
            "actions": [
                { "id": "1", "kind": "generate_tweet_posts" },
                { "id": "2", "kind": "generate_linkedin_posts", "inputs": { "quote": "!ref($.state.1.posts[7].text)" } }
            ],
            "edges": [{ "from": "$source", "to": "1" }, { "from": "1", "to": "2" }]
        }"#,
    );
    let Ran { stdout, code, stderr } = run("social-posts", &[&workflow, "--event", &event]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stdout.ends_with("\ncompleted\n") && !stdout.contains('“'), "{stdout}");
}

#[test]
fn what_cannot_be_read_is_named_and_ends_with_2() {
    for (arguments, message) in [
        (&["nowhere.json"][..], "error: cannot read `nowhere.json`: "),
        (&[FOLDER], "error: `examples/social-posts` is a directory: name a file in it\n"),
        (&["--event", "nowhere.json"], "error: cannot read `nowhere.json`: "),
        (&["--evnt", "e.json"], "error: unexpected argument '--evnt' found"),
    ] {
        let Ran { stdout, stderr, code } = run("social-posts", arguments);
        assert_eq!((&*stdout, code), ("", Some(2)), "{arguments:?}: {stderr}");
        assert!(stderr.starts_with(message), "{arguments:?}: {stderr}");
    }
}

#[test]
fn an_event_that_is_no_json_or_holds_what_no_number_can_is_reported_like_a_document() {
    let large = r#"{ "name": "blog-post.updated", "data": { "title": -9223372036854775809 } }"#;
    for (text, message) in [
        ("{", "error[syntax]: the text ends before a `}`\n"),
        (large, "error[out-of-range]: the number `-9223372036854775809` is too large\n"),
    ] {
        let Ran { stdout, stderr, code } = run("social-posts", &["--event", &scratch("event.json", text)]);
        assert_eq!((&*stdout, code), ("", Some(1)), "{stderr}");
        assert!(stderr.starts_with(message), "{stderr}");
    }
}

#[test]
fn an_event_that_the_workflow_is_not_for_is_refused() {
    for (event, message) in [
        (r#"{ "name": "order.placed", "data": {} }"#, "is started by `blog-post.updated`"),
        (
            r#"{ "name": "blog-post.updated", "data": { "id": "42" } }"#,
            "the event is refused: `$.event.data.id`: expected `integer ≥ 0`",
        ),
    ] {
        let event = scratch("other-event.json", event);
        let Ran { stdout, stderr, code } = run("social-posts", &["--event", &event]);
        assert_eq!((&*stdout, code), ("", Some(1)), "{stderr}");
        assert!(stderr.starts_with("error: ") && stderr.contains(message), "{stderr}");
    }
}

#[test]
fn warnings_are_shown_and_the_workflow_runs() {
    let document = workflow_of("{}").replacen("\"actions\"", "\"colour\": \"red\", \"actions\"", 1);
    let workflow = scratch("warned.json", &document);
    let Ran { stdout, stderr, code } = run("social-posts", &[&workflow]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.starts_with("warning[unknown-member]: "), "{stderr}");
    assert!(stdout.ends_with("\ncompleted\n"), "{stdout}");
}

/// A file for one test.
fn scratch(name: &str, text: &str) -> String {
    let file = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&file, text).expect("the file can be written");
    file.into_os_string().into_string().expect("the path is UTF-8")
}

fn event_of(body: &str) -> String {
    format!(
        r#"{{ "name": "blog-post.updated", "data": {{ "id": 1, "title": "T", "url": "https://blog.example.com/t",
            "author": "A", "tags": ["rust"], "body": "{body}" }} }}"#
    )
}

fn workflow_of(inputs: &str) -> String {
    format!(
        r#"{{ "actions": [{{ "id": "1", "kind": "generate_tweet_posts", "inputs": {inputs} }}],
            "edges": [{{ "from": "$source", "to": "1" }}] }}"#
    )
}
