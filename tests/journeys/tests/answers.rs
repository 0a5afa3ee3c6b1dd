//! What people answer: "not expected" leaves no trace of an incident in what is usual, "expected"
//! silences the same within its limits, and whatever breaks in between, an answer is taken once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use domain::anomaly::Anomaly;
use domain::answer::{Answer, Answered};
use domain::baseline::{Baseline, BaselineKey};
use domain::governance::Answers;
use domain::habits::Habits;
use domain::ids::AccountId;
use jiff::SignedDuration;
use journeys::faults::Fault;
use journeys::world::World;
use journeys::{account, call, events, run, table};
use pipeline::answer::{Given, answer};
use sample_trail::{Call, Record};
use store::Table;

/// Fewer days than are kept of an actor: a further day makes room for itself.
const MONTH: i64 = 27;

/// Starts something, and ends it an hour later.
fn for_an_hour(launch: &Call, instance_type: &str, count: u64) -> [Record; 2] {
    let ids: Vec<String> = (0..count).map(|nth| launch.instance_id(nth)).collect();
    let later = Call {
        at: launch.at + SignedDuration::from_hours(1),
        serial: launch.serial + 60,
        ..launch.clone()
    };
    [launch.run_instances(instance_type, count, None), later.terminate_instances(&ids)]
}

/// A month in which a job runs the same every day.
fn month() -> Vec<Record> {
    (0..MONTH).flat_map(|day| for_an_hour(&call("batch", day, 60), "m5.4xlarge", 1)).collect()
}

/// What somebody does on a day after the month, two hours after the job's time.
fn incident(user: &'static str, day: i64, count: u64) -> [Record; 2] {
    let launch = Call { region: "eu-west-3", ..call(user, day, 180) };
    for_an_hour(&launch, "p4d.24xlarge", count)
}

async fn grown() -> Table {
    let table = table(None).await;
    run(&table, &events(&month()), usize::MAX).await;
    table
}

async fn latest(table: &Table) -> Anomaly {
    table.anomalies(&account()).await.unwrap().pop().unwrap()
}

async fn say(table: &Table, about: &Anomaly, said: Answer) -> Given {
    let at = about.last_at + SignedDuration::from_hours(1);
    let answered = Answered { answer: said, by: "ana".to_owned(), at };
    let until = at + SignedDuration::from_hours(90 * 24);
    answer(table, &about.account, &about.id, &answered, until).await.unwrap()
}

/// How many anomalies some records begin.
async fn begun(table: &Table, records: &[Record]) -> usize {
    let before = table.anomalies(&account()).await.unwrap().len();
    run(table, &events(records), usize::MAX).await;
    table.anomalies(&account()).await.unwrap().len() - before
}

/// What is usual, without what an answer leaves as it is: the dearest event, the times of the first
/// and the last, and the sums that decay from one event to the next. Of those of whom nothing is left
/// there is nothing.
async fn usual(table: &Table) -> (Vec<(BaselineKey, Baseline)>, Vec<(BaselineKey, Habits)>) {
    let sums = |(key, baseline): (BaselineKey, Baseline)| {
        let staying = Baseline { sums: baseline.sums, ..Baseline::default() };
        (staying != Baseline::default()).then_some((key, staying))
    };
    let settled = |(key, habits): (BaselineKey, Habits)| {
        let settled = Habits { at: None, now: Default::default(), ..habits };
        (settled != Habits::default()).then_some((key, settled))
    };
    let baselines = table.baselines(&account()).await.unwrap();
    let habits = table.habits(&account()).await.unwrap();
    let baselines = baselines.into_iter().filter_map(sums).collect();
    (baselines, habits.into_iter().filter_map(settled).collect())
}

#[tokio::test]
async fn not_expected_leaves_what_is_usual_as_if_it_had_never_happened() {
    for user in ["batch", "thief"] {
        let (with, without) = (grown().await, grown().await);
        assert_eq!(begun(&with, &incident(user, MONTH, 4)).await, 1);
        assert_ne!(usual(&with).await, usual(&without).await, "{user}");
        assert_eq!(say(&with, &latest(&with).await, Answer::NotExpected).await, Given::Now(vec![]));
        assert_eq!(usual(&with).await, usual(&without).await, "{user}");
        let state = |table: &Table| {
            let table = table.clone();
            async move { table.load_for_scoring(&account(), &[]).await.unwrap().state }
        };
        assert_eq!(state(&with).await.history.regions(), state(&without).await.history.regions());
        // And so the same alerts again.
        assert_eq!(begun(&with, &incident(user, MONTH + 1, 4)).await, 1, "{user}");
    }
}

#[tokio::test]
async fn expected_silences_the_same_within_its_limits_and_not_beyond() {
    let table = grown().await;
    assert_eq!(begun(&table, &incident("ml", MONTH, 4)).await, 1);
    let Given::Now(expectations) = say(&table, &latest(&table).await, Answer::Expected).await
    else {
        unreachable!("it is the first answer");
    };
    assert_eq!(expectations.len(), 1);
    assert_eq!(expectations[0].max_count, Some(6));
    assert_eq!(begun(&table, &incident("ml", MONTH + 1, 4)).await, 0, "the same");
    assert_eq!(begun(&table, &incident("ml", MONTH + 2, 6)).await, 0, "half as much again");
    assert_eq!(begun(&table, &incident("ml", MONTH + 3, 7)).await, 1, "more");
    assert_eq!(begun(&table, &incident("thief", MONTH + 4, 4)).await, 1, "somebody else");
    let elsewhere = for_an_hour(&call("ml", MONTH + 5, 180), "p4d.24xlarge", 4);
    assert_eq!(begun(&table, &elsewhere).await, 1, "another region");
    assert_eq!(begun(&table, &incident("ml", MONTH + 91, 4)).await, 1, "when it has expired");
}

#[tokio::test]
async fn the_same_answer_again_changes_nothing() {
    for said in Answer::ALL {
        let table = grown().await;
        begun(&table, &incident("ml", MONTH, 4)).await;
        let about = latest(&table).await;
        assert!(matches!(say(&table, &about, said).await, Given::Now(_)));
        let before = everything(&table).await;
        assert_eq!(say(&table, &about, said).await, Given::Before);
        assert_eq!(everything(&table).await, before, "{said:?}");
    }
}

/// All that an answer could change.
async fn everything(table: &Table) -> impl PartialEq + std::fmt::Debug {
    let account = account();
    (
        table.baselines(&account).await.unwrap(),
        table.habits(&account).await.unwrap(),
        table.anomalies(&account).await.unwrap(),
        table.expectations(&account).await.unwrap(),
        table.answers(&account).await.unwrap(),
    )
}

#[tokio::test]
async fn a_changed_answer_replaces_the_first() {
    let table = grown().await;
    let untouched = usual(&table).await;
    begun(&table, &incident("ml", MONTH, 4)).await;
    let about = latest(&table).await;
    say(&table, &about, Answer::Expected).await;
    let usual_by_answer = usual(&table).await;

    let Given::Now(ended) = say(&table, &about, Answer::NotExpected).await else {
        unreachable!("it is another answer");
    };
    // What was expected of it is so no more.
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0].expires_at, about.first_at);
    assert_eq!(usual(&table).await.0, untouched.0);
    let counts = table.answers(&account()).await.unwrap();
    assert_eq!(counts, Answers { expected: 0, not_expected: 1 });
    assert_eq!(begun(&table, &incident("ml", MONTH + 1, 4)).await, 1);

    say(&table, &latest(&table).await, Answer::NotExpected).await;
    say(&table, &about, Answer::Expected).await;
    assert_eq!(usual(&table).await.0, usual_by_answer.0);
    let counts = table.answers(&account()).await.unwrap();
    assert_eq!(counts, Answers { expected: 1, not_expected: 1 });
    assert_eq!(begun(&table, &incident("ml", MONTH + 2, 4)).await, 0);
}

#[tokio::test]
async fn an_anomaly_that_is_not_there_is_said_so() {
    let table = grown().await;
    let answered =
        Answered { answer: Answer::Expected, by: "ana".to_owned(), at: call("batch", 40, 0).at };
    let given = answer(&table, &account(), "01NOSUCH", &answered, answered.at).await.unwrap();
    assert_eq!(given, Given::NoSuchAnomaly);
}

#[tokio::test]
async fn an_answer_beside_a_scorer_and_the_scoring_are_both_taken_once() {
    let next = |day| for_an_hour(&call("batch", MONTH + day, 60), "m5.4xlarge", 1);
    let next = events(&(1..6).flat_map(next).collect::<Vec<_>>());
    for said in Answer::ALL {
        let one_after_the_other = grown().await;
        begun(&one_after_the_other, &incident("ml", MONTH, 4)).await;
        say(&one_after_the_other, &latest(&one_after_the_other).await, said).await;
        run(&one_after_the_other, &next, 1).await;
        // The scorer comes between the answer's reading and its writing.
        for later in 0..8 {
            let at_once = grown().await;
            begun(&at_once, &incident("ml", MONTH, 4)).await;
            let about = latest(&at_once).await;
            let answers = async {
                for _ in 0..later {
                    tokio::task::yield_now().await;
                }
                say(&at_once, &about, said).await
            };
            let (_, given) = tokio::join!(run(&at_once, &next, 1), answers);
            assert!(matches!(given, Given::Now(_)));
            assert_eq!(usual(&at_once).await, usual(&one_after_the_other).await, "{said:?}");
            let counts = at_once.answers(&account()).await.unwrap();
            assert_eq!(counts, one_after_the_other.answers(&account()).await.unwrap());
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_broken_off_at_any_request_is_taken_once() {
    for fault in [Fault::DieBefore, Fault::DieAfter, Fault::LoseAnswer, Fault::Conflict] {
        for said in Answer::ALL {
            let expected = answered_world(said, None).await;
            for request in 1.. {
                let broken = answered_world(said, Some((request, fault))).await;
                assert_eq!(broken.stored, expected.stored, "{fault:?} at request {request}");
                if broken.requests < request {
                    assert!(request > 4, "only {request} requests were met");
                    break;
                }
            }
        }
    }
}

/// What is stored after an answer, and how many requests it took.
struct AfterAnswer {
    stored: String,
    requests: u64,
}

/// An account in which an answer is given until it is taken, with a fault at one of its requests.
async fn answered_world(said: Answer, fault: Option<(u64, Fault)>) -> AfterAnswer {
    let mut world = World::new(&[account().as_str()]).await;
    for record in incident("ml", 1, 4) {
        world.send(&record).await;
    }
    world.rest().await;
    let about = latest(&world.truth).await;
    let before = world.faults.requests();
    if let Some((request, fault)) = fault {
        world.faults.plan(before + request, fault);
    }
    let at = about.last_at + SignedDuration::from_hours(1);
    let answered = Answered { answer: said, by: "ana".to_owned(), at };
    while answer(&world.table, &about.account, &about.id, &answered, at).await.is_err() {
        world.faults.revive();
    }
    let requests = world.faults.requests() - before;
    world.faults.revive();
    AfterAnswer { stored: format!("{:?}", everything(&world.truth).await), requests }
}

/// Three weeks of the same incident, a day apart; gives the days on which it alerted.
async fn three_weeks(said: Option<Answer>) -> Vec<i64> {
    let (table, mut alerted) = (grown().await, Vec::new());
    for day in MONTH..MONTH + 21 {
        if begun(&table, &incident("thief", day, 1)).await > 0 {
            alerted.push(day - MONTH);
            if let Some(said) = said {
                say(&table, &latest(&table).await, said).await;
            }
        }
    }
    alerted
}

#[tokio::test]
async fn what_is_not_expected_alerts_each_day_for_three_weeks() {
    assert_eq!(three_weeks(Some(Answer::NotExpected)).await, (0..21).collect::<Vec<_>>());
}

#[tokio::test]
async fn what_nobody_answers_still_alerts_in_the_first_week() {
    let alerted = three_weeks(None).await;
    assert!(alerted.starts_with(&[0, 1, 2, 3, 4, 5, 6]), "{alerted:?}");
}

#[tokio::test]
async fn what_is_expected_alerts_once() {
    assert_eq!(three_weeks(Some(Answer::Expected)).await, [0]);
}

/// The same below the safety net, where only the score can alert.
fn quiet_incident(day: i64) -> [Record; 2] {
    let launch = Call { region: "eu-west-3", ..call("thief", day, 180) };
    for_an_hour(&launch, "m5.24xlarge", 3)
}

#[tokio::test]
async fn below_the_safety_net_poison_is_not_learned_either() {
    for (said, least) in [(Some(Answer::NotExpected), 21), (None, 7)] {
        let (table, mut alerted) = (grown().await, 0);
        for day in MONTH..MONTH + 21 {
            let alerts = begun(&table, &quiet_incident(day)).await;
            if alerts == 0 {
                break;
            }
            alerted += 1;
            if let Some(said) = said {
                say(&table, &latest(&table).await, said).await;
            }
        }
        assert!(alerted >= least, "{said:?}: {alerted} days");
    }
}

#[tokio::test]
async fn an_answer_does_not_reach_into_another_account() {
    let table = grown().await;
    begun(&table, &incident("ml", MONTH, 4)).await;
    let about = latest(&table).await;
    let answered = Answered { answer: Answer::Expected, by: "ana".to_owned(), at: about.last_at };
    let other = AccountId::parse("444455556666").unwrap();
    let given = answer(&table, &other, &about.id, &answered, about.last_at).await.unwrap();
    assert_eq!(given, Given::NoSuchAnomaly);
}
