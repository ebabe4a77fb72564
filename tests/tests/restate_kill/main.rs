//! Services and servers that are killed while they work, and what is left of their runs. `FLOWRIGHT_CLUSTER_KILLS` makes it
//! the long run, with so many kills.

mod balance;
mod long;
mod replica;
mod trial;
mod witness;

use balance::balanced;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::time::Duration;
use trial::Trial;

/// How long anything here may take.
const PATIENCE: Duration = Duration::from_mins(3);

/// How often is killed, unless in the long run.
const KILLS: u32 = 6;

#[tokio::test(flavor = "multi_thread")]
async fn runs_survive_kills_of_the_service_of_the_server_and_of_both() {
    if let Ok(kills) = std::env::var("FLOWRIGHT_CLUSTER_KILLS") {
        return long::run(kills.parse().expect("a number")).await;
    }
    let Some(mut trial) = Trial::of(1, 1) else { return };
    trial.server.register(trial.replicas[0].port);
    let expected = trial.undisturbed().await;
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut runs: Vec<(String, usize)> = Vec::new();
    for kill in 0..KILLS {
        for _ in 0..2 {
            let (id, which) = (format!("run-{}", runs.len()), random.random_range(0..2_usize));
            trial.submit(&id, u32::try_from(which).unwrap() + 1).await;
            runs.push((id, which));
        }
        let latest = runs.last().unwrap().0.clone();
        trial.until_begun(&latest, "first").await;
        tokio::time::sleep(Duration::from_millis(random.random_range(0..300))).await;
        if kill % 3 != 1 {
            trial.replicas[0].kill();
        }
        if kill % 3 != 0 {
            trial.server.kill();
        }
        trial.begin();
        if random.random_bool(0.5) {
            trial.approve(&latest).await;
        } else {
            trial.until_begun(&latest, "approval").await;
            trial.approve(&latest).await;
        }
        let other = runs[runs.len() - 2].0.clone();
        trial.approve(&other).await;
    }
    for (id, which) in &runs {
        let outcome = trial.end(id).await;
        assert_eq!(outcome["state"], expected[*which], "{id}: {outcome}");
    }
    assert_eq!(trial.court.complaints(), [] as [String; 0]);
    println!("{KILLS} kills, {} runs, {} executions", runs.len(), trial.court.executions());
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_survive_the_loss_of_one_of_three_nodes_and_of_one_of_two_services() {
    let Some(mut trial) = Trial::of(3, 2) else { return };
    trial.server.register(balanced(trial.replicas.iter().map(|replica| replica.port).collect()).await);
    let expected = trial.undisturbed().await;
    let ids: Vec<String> = (0..10).map(|at| format!("run-{at}")).collect();
    for id in &ids {
        trial.submit(id, 1).await;
    }
    trial.until_begun(&ids[9], "parts").await;
    trial.server.lose_node(0);
    for id in &ids[..5] {
        trial.approve(id).await;
    }
    trial.until_begun(&ids[9], "join").await;
    trial.replicas[0].retire();
    for id in &ids[5..] {
        trial.approve(id).await;
    }
    for id in &ids {
        assert_eq!(trial.end(id).await["state"], expected[0], "{id}");
    }
    assert_eq!(trial.court.complaints(), [] as [String; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_in_flight_go_on_when_an_action_changes() {
    let Some(mut trial) = Trial::of(1, 1) else { return };
    trial.server.register(trial.replicas[0].port);
    let expected = trial.undisturbed().await;
    let ids: Vec<String> = (0..6).map(|at| format!("run-{at}")).collect();
    for id in &ids[..3] {
        trial.submit(id, 2).await;
    }
    trial.until_begun(&ids[2], "parts").await;
    let changed = trial.add(1, &["changed"]);
    trial.server.register(changed[0]);
    for id in &ids[3..] {
        trial.submit(id, 2).await;
    }
    for id in &ids {
        trial.approve(id).await;
    }
    for id in &ids[..3] {
        assert_eq!(trial.end(id).await["state"], expected[1], "{id}");
    }
    // Nothing goes on at the first service any more.
    trial.replicas[0].retire();
    for id in &ids[3..] {
        assert_eq!(trial.end(id).await["state"], expected[1], "{id}");
    }
    assert_eq!(trial.court.complaints(), [] as [String; 0]);
}
