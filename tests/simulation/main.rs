//! Many connections over one engine, with a clock, a network and workers of our own: partial writes,
//! stalls, resets, late and stale news, full queues, cancelled calls. What holds is looked at after
//! every step. Each run is a number; `SIMULATION_SEED=number` repeats one.
#![expect(clippy::disallowed_methods, reason = "a test is its own shell: it reads its variable")]

#[path = "../../fuzz/props/kit/mod.rs"]
#[expect(dead_code, unreachable_pub, reason = "the properties use the rest, from a library")]
mod kit;

#[path = "../../fuzz/props/input.rs"]
#[expect(dead_code, unreachable_pub, reason = "the kit reads inputs; the simulation has none")]
mod input;

mod client;
#[path = "../common/numbers.rs"]
mod numbers;
mod promises;
mod server;

use std::collections::BTreeSet;
use std::thread;

use client::Kind;
use numbers::Numbers;
use server::World;

/// Runs of an ordinary test, shared by two threads.
const SEEDS: u64 = 3_000;
/// Steps of one run before everything comes to its end.
const STEPS: usize = 90;

impl Numbers {
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// Says which run it was when it fails.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("SIMULATION_SEED={} repeats it", self.0);
        }
    }
}

#[test]
fn every_run_keeps_every_promise() {
    if let Ok(seed) = std::env::var("SIMULATION_SEED") {
        return run(seed.parse().expect("a number"));
    }
    thread::scope(|scope| {
        for half in 0..2 {
            scope.spawn(move || (0..SEEDS).filter(|seed| seed % 2 == half).for_each(run));
        }
    });
}

#[test]
fn a_run_depends_on_its_number_alone() {
    for seed in [7, 8] {
        let trace = || {
            let mut world = World::new(Numbers(seed));
            (0..STEPS).for_each(|_| step(&mut world));
            let clients = world.clients.iter();
            clients.map(|client| client.received.clone()).collect::<Vec<_>>()
        };
        assert!(trace() == trace(), "{seed}");
    }
}

/// A promise is worth little when nothing that could break it ever happens.
#[test]
fn some_runs_together_reach_every_outcome() {
    let mut reached = BTreeSet::new();
    for seed in 0..300 {
        let mut world = World::new(Numbers(seed));
        (0..STEPS).for_each(|_| step(&mut world));
        world.wind_down();
        world.clients.iter().for_each(|client| client.note_outcomes(&mut reached));
    }
    for outcome in [
        "200", "202", "204", "400", "404", "408", "409", "503", "answer", "stream", "comment",
        "question", "progress", "answered", "cut off", "last",
    ] {
        assert!(reached.contains(outcome), "{outcome} never happens: {reached:?}");
    }
}

fn run(seed: u64) {
    let _named = Named(seed);
    let mut world = World::new(Numbers(seed));
    for _ in 0..STEPS {
        step(&mut world);
        world.holds();
    }
    world.wind_down();
    world.holds();
    world.nothing_is_left();
}

/// One thing happens.
fn step(world: &mut World) {
    let connection = world.somebody();
    match world.numbers.below(100) {
        0..8 => world.connect(),
        8..14 => world.says(connection, Kind::Open),
        14..26 => world.says(connection, Kind::Call),
        26..32 => world.says(connection, Kind::Stateless),
        32..35 => world.says(connection, Kind::Health),
        35..37 => world.says(connection, Kind::Missing),
        37..41 => world.says(connection, Kind::Listen),
        41..43 => world.says(connection, Kind::Delete),
        43..46 => world.says(connection, Kind::Cancel),
        46..50 => world.says(connection, Kind::Answer),
        50..66 => world.arrive(connection),
        66..78 => world.take(connection),
        78..86 => world.work(),
        86..92 => world.pass(),
        92..94 => world.stale_news(),
        94..96 => world.half_close(connection),
        96..98 => world.reset(connection),
        98 => world.answer_the_dead(),
        _ => world.stop_now_and_then(),
    }
}
