//! Many callers who ask, allow, repeat, come late and try what belongs to others, in any order,
//! against a model that only counts; and the same yes from many threads at once.

use std::collections::BTreeSet;
use std::thread::scope;

use crate::numbers::Numbers;
use crate::world::{Client, Question, Said, World};

const SEEDS: u64 = 400;
const STEPS: usize = 60;
const TOOL: &str = "test_delete_label";

struct Open {
    who: usize,
    way: usize,
    record: usize,
    asked: Question,
    at: u64,
}

fn client(way: usize, who: usize, now: u64) -> Client {
    let client = [Client::stateless(), Client::older(), Client::plain()][way].clone();
    client.named(["alice", "bob", "carol"][who]).later(now)
}

fn arguments(record: usize) -> String {
    format!(r#"{{"label_id":"{}"}}"#, 41_001 + record)
}

#[test]
fn exactly_what_was_allowed_is_done_whatever_is_tried() {
    let (mut allowed, mut tried) = (0, 0);
    for seed in 0..SEEDS {
        let mut dice = Numbers(seed);
        let world = World::new();
        let mut open: Vec<Open> = Vec::new();
        let mut spent = BTreeSet::new();
        let (mut now, mut wanted) = (0, Vec::new());
        for _ in 0..STEPS {
            now += u64::try_from(dice.below(40)).unwrap();
            let (who, way, record) = (dice.below(3), dice.below(3), dice.below(3));
            if open.is_empty() || dice.below(3) == 0 {
                let asked = world.ask(TOOL, &arguments(record), &client(way, who, now));
                open.push(Open { who, way, record, asked, at: now });
                continue;
            }
            let place = dice.below(open.len());
            let one = &open[place];
            // Mostly as it was asked; else something of somebody else's.
            let (who, way, record) = match dice.below(6) {
                0 => (who, one.way, one.record),
                1 => (one.who, one.way, record),
                2 => (one.who, way, one.record),
                _ => (one.who, one.way, one.record),
            };
            // The two forms of a question carry the same state; a token is another thing.
            let same_way = (way == 2) == (one.way == 2);
            let is_right = (who, record) == (one.who, one.record)
                && same_way
                && now < one.at + 300 + u64::from(way == 2)
                && !spent.contains(&place);
            let said = world.yes(TOOL, &arguments(record), &client(way, who, now), &one.asked);
            tried += 1;
            assert_eq!(matches!(said, Said::Done(_)), is_right, "seed {seed}: {said:?}");
            if is_right {
                spent.insert(place);
                wanted.push(format!("/zia/api/v1/ruleLabels/{}", 41_001 + record));
                allowed += 1;
            }
        }
        assert_eq!(world.deleted(), wanted, "seed {seed}");
    }
    assert!(allowed > 2_000 && tried > 2 * allowed, "{allowed} of {tried}");
}

#[test]
fn the_same_yes_from_many_threads_is_done_once() {
    for way in 0..3 {
        let world = World::new();
        let client = client(way, 0, 0);
        let asked = world.ask(TOOL, &arguments(0), &client);
        let done: usize = scope(|scope| {
            let threads: Vec<_> = (0..16)
                .map(|_| {
                    scope.spawn(|| {
                        let said = world.yes(TOOL, &arguments(0), &client, &asked);
                        usize::from(matches!(said, Said::Done(_)))
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!((done, world.deleted().len()), (1, 1), "{way}");
    }
}
