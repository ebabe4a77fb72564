//! What the documentation asks of the file with `sqlite3`.

use crate::trial::Trial;
use serde_json::json;

#[tokio::test]
async fn what_is_documented_to_be_asked_of_the_tables_has_an_answer() {
    let trial = Trial::new();
    trial.submit("a", &[("say", json!({ "text": "one" }))]).await;
    let worker = trial.worker();
    trial.end("a").await;
    worker.stop().await;
    let documentation = include_str!("../../src/lib.rs");
    let asked = documentation
        .lines()
        .filter_map(|line| line.strip_prefix("//! sqlite3 runs.db \"")?.strip_suffix('"'));
    let asked: Vec<&str> = asked.collect();
    assert_eq!(asked.len(), 2);
    for sql in asked {
        let connection = trial.connection();
        let mut select = connection.prepare(sql).unwrap();
        let mut rows = select.query([]).unwrap();
        assert!(rows.next().unwrap().is_some(), "{sql}");
    }
}

#[tokio::test]
async fn every_table_is_documented() {
    let trial = Trial::new();
    let connection = trial.connection();
    let mut select = connection
        .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
        .unwrap();
    let tables: Vec<String> = select.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert!(tables.len() > 3, "{tables:?}");
    for table in tables {
        assert!(include_str!("../../src/lib.rs").contains(&format!("//! | `{table}` | ")), "{table}");
    }
}
