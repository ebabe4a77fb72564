//! What the workflow for orders does, without a bank, and at a time of the test's choosing.

use flowright::testing::{ManualClock, MockActions, assert_report};
use flowright::{ActionError, Engine, Event, Outcome, Source};
use flowright_examples_shop::{Warehouse, registry};
use serde_json::json;
use std::error::Error;
use std::time::{Duration, UNIX_EPOCH};

/// Runs the workflow for one order, an hour into 1970.
async fn order(mocks: &MockActions) -> Result<Outcome, Box<dyn Error>> {
    let registry = registry();
    let workflow = registry.check(Source::file("workflows/order.json")?)?;
    let clock = ManualClock::at(UNIX_EPOCH + Duration::from_hours(1));
    let engine = mocks.apply_to(Engine::builder(registry))?.resource(Warehouse).clock(clock).build()?;
    let data = json!({ "item": "teapot", "cents": 2500, "email": "ada@example.com" });
    Ok(engine.run(&workflow, Event::new("order.placed", data)).await?)
}

#[tokio::test]
async fn a_card_is_charged_once_and_the_customer_is_told() -> Result<(), Box<dyn Error>> {
    let mocks = MockActions::new().returns("charge", "receipt 7");
    let outcome = order(&mocks).await?;
    assert_eq!(mocks.calls("charge"), [json!({ "cents": 2500 })]);
    let told = "to ada@example.com: Your teapot is on its way. receipt 7";
    assert_eq!(outcome.output::<String>("notify")?, told);
    Ok(())
}

#[tokio::test]
async fn the_item_is_put_aside_for_a_quarter_of_an_hour() -> Result<(), Box<dyn Error>> {
    let outcome = order(&MockActions::new().returns("charge", "")).await?;
    assert_eq!(outcome.value("reserve"), Some(&json!({ "item": "teapot", "until": 3600 + 15 * 60 })));
    Ok(())
}

#[tokio::test]
async fn nobody_is_told_of_a_charge_that_failed() -> Result<(), Box<dyn Error>> {
    let mocks = MockActions::new().fails("charge", ActionError::fatal("the card expired"));
    let mocks = mocks.handler("notify", |_| unreachable!("nothing starts after a failure"));
    let outcome = order(&mocks).await?;
    assert!(!outcome.is_completed());
    assert!(mocks.calls("notify").is_empty());
    Ok(())
}

#[test]
fn an_order_for_too_long_is_refused_as_before() {
    let text = include_str!("../workflows/gifts/wrapped.json").replace("60", "90");
    let report = registry().check(Source::named("wrapped.json", &text)).expect_err("90 is too long");
    assert_report!(report, "tests/reports/too-long.txt");
}
