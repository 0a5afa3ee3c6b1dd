//! The door: who comes in, and who does not.

use crate::cards::dear;
use domain::ids::TenantId;
use journeys::office::{Office, account};
use journeys::tenant;
use pipeline::install::{ReturnTo, invite};
use slack_double::{CHANNEL, Channel, Fault, Mischief, WORKSPACE};
use store::{StateKind, TenantScope};

#[tokio::test]
async fn who_was_invited_installs_once_and_from_his_own_browser() {
    let office = Office::open().await;
    let page = office.install(&tenant(), WORKSPACE, CHANNEL).await;
    assert!(page.contains("Connected") && page.contains("cost-alerts"), "{page}");
    let installation = office.table.installation(&tenant()).await.unwrap().unwrap();
    assert_eq!((installation.team.as_str(), installation.channel.as_str()), (WORKSPACE, CHANNEL));
    assert!(!format!("{installation:?}").contains("xoxb"), "the token is encrypted");

    let unknown = office.follow("never-given-out").await;
    assert_eq!(unknown, (String::new(), String::new()), "nobody was invited so");
    let now = office.now();
    office.table.give_state(&tenant(), (StateKind::SlackInstall, "s1"), now).await.unwrap();
    let (cookie, to) = office.follow("s1").await;
    assert!(cookie.starts_with("dd0c_slack=") && to.contains("scope=chat%3Awrite"), "{to}");
    let back = office.slack.allow(&to, WORKSPACE, CHANNEL).unwrap();
    let (status, page) = office.visit(&back, "dd0c_slack=another").await;
    assert!(status == 400 && page.contains("another browser"), "{page}");
    assert_eq!(office.visit(&back, &cookie).await.0, 200);
    let (status, page) = office.visit(&back, &cookie).await;
    assert!(status == 400 && page.contains("has been used"), "{page}");
}

#[tokio::test]
async fn who_says_no_or_comes_too_late_changes_nothing() {
    let office = Office::open().await;
    let now = office.now();
    office.table.give_state(&tenant(), (StateKind::SlackInstall, "s1"), now).await.unwrap();
    let (cookie, to) = office.follow("s1").await;
    let back = office.slack.cancel(&to).unwrap();
    let (status, page) = office.visit(&back, &cookie).await;
    assert!(status == 200 && page.contains("nothing has changed"), "{page}");
    let long_ago = now - jiff::SignedDuration::from_mins(11);
    office.table.give_state(&tenant(), (StateKind::SlackInstall, "old"), long_ago).await.unwrap();
    assert_eq!(office.follow("old").await.1, "", "older than ten minutes");
    assert_eq!(office.table.installation(&tenant()).await.unwrap(), None);
}

#[tokio::test]
async fn each_way_in_which_an_installation_fails_has_its_word_and_none_another_s() {
    let office = Office::open_beside(Some("https://app.example.com")).await;
    let come_back = async |nth: usize, allow: &dyn Fn(&str) -> String| {
        let (state, now) = (format!("s{nth}"), office.now());
        office.table.give_state(&tenant(), (StateKind::SlackInstall, &state), now).await.unwrap();
        let (cookie, to) = office.follow(&state).await;
        office.led_from(&allow(&to), &cookie).await
    };
    let allow = |to: &str| office.slack.allow(to, WORKSPACE, CHANNEL).unwrap();
    let error = |word: &str| Fault::Error(word.to_owned());
    for (nth, (fault, word)) in [
        (error("code_already_used"), "link_used_up"),
        (error("invalid_code"), "link_used_up"),
        (error("missing_scope"), "not_granted"),
        (error("team_access_not_granted"), "not_granted"),
        (error("request_timeout"), "busy"),
        (error("ratelimited"), "busy"),
        (Fault::RateLimited(Some("7".to_owned())), "busy"),
        (Fault::Status(503, String::new()), "busy"),
        (error("bad_client_secret"), "failed"),
        (error("never heard of"), "failed"),
    ]
    .into_iter()
    .enumerate()
    {
        office.slack.fail_next(fault.clone());
        let to = come_back(nth, &allow).await;
        let expected = format!("https://app.example.com/dashboard/connect?slack=failed&why={word}");
        assert_eq!(to, expected, "{fault:?}");
    }
    let less =
        come_back(100, &|to| allow(&to.replace("chat%3Awrite%2Ccommands", "commands"))).await;
    assert!(less.ends_with("why=not_granted"), "a right is missing: {less}");
    assert_eq!(office.table.installation(&tenant()).await.unwrap(), None, "nothing is kept");
    let good = come_back(101, &allow).await;
    assert_eq!(good, "https://app.example.com/dashboard/connect?slack=connected");
}

#[tokio::test]
async fn he_comes_back_to_the_page_from_which_he_went() {
    let app = "https://app.example.com";
    let office = Office::open_beside(Some(app)).await;
    for page in [ReturnTo::Settings, ReturnTo::Connect] {
        let back_at = format!("{app}/dashboard/{}", page.code());
        let state = format!("from-{}", page.code());
        invite(&office.table, &tenant(), (&state, page), office.now()).await.unwrap();
        let (cookie, to) = office.follow(&state).await;
        let no = office.slack.cancel(&to).unwrap();
        let led = office.led_from(&no, &cookie).await;
        assert_eq!(led, format!("{back_at}?slack=failed&why=cancelled"));
        // The same link holds still.
        let yes = office.slack.allow(&to, WORKSPACE, CHANNEL).unwrap();
        assert_eq!(office.led_from(&yes, &cookie).await, format!("{back_at}?slack=connected"));
        let used_up = format!("{app}/dashboard/connect?slack=failed&why=link_used_up");
        assert_eq!(office.led_from(&yes, &cookie).await, used_up);
    }
    // An invitation of an earlier release names no page.
    let now = office.now();
    office.table.give_state(&tenant(), (StateKind::SlackInstall, "old"), now).await.unwrap();
    let (cookie, to) = office.follow("old").await;
    let no = office.slack.cancel(&to).unwrap();
    let led = office.led_from(&no, &cookie).await;
    assert_eq!(led, format!("{app}/dashboard/connect?slack=failed&why=cancelled"));
}

#[tokio::test]
async fn a_workspace_belongs_to_one_tenant() {
    let office = Office::furnished().await;
    let stranger = TenantScope::of_operator(TenantId::parse("stranger").unwrap());
    let page = office.install(&stranger, WORKSPACE, CHANNEL).await;
    assert!(page.contains("another customer"), "{page}");
    assert_eq!(office.table.tenant_of_team(WORKSPACE).await.unwrap(), Some(tenant()));
    assert_eq!(office.table.installation(&stranger).await.unwrap(), None);
}

#[tokio::test]
async fn what_slack_has_not_signed_now_is_401_and_leaves_nothing() {
    let mut office = Office::furnished().await;
    let launch = office.call("ci");
    office.happens(&dear(&launch)).await;
    office.rest().await;
    let [card] = office.cards().try_into().unwrap();
    let claims =
        async || office.table.claim_work(("slack", "none"), (office.now(), office.now())).await;
    claims().await.unwrap();
    for mischief in [
        Mischief::Forged,
        Mischief::Unsigned,
        Mischief::Late(301),
        Mischief::Late(-301),
        Mischief::CutOnTheWay,
    ] {
        office.slack.misbehave_next(mischief);
        let pressed = office.slack.click("ana", &card.channel, &card.ts, "anomaly:expected").await;
        assert_eq!(pressed.unwrap().status, Some(401), "{mischief:?}");
        office.slack.misbehave_next(mischief);
        let asked = office.slack.command("ana", CHANNEL, "status").await.unwrap();
        assert_eq!(asked.status, Some(401), "{mischief:?}");
    }
    assert!(office.questions.is_empty(), "nothing was taken in");
    assert_eq!(office.anomalies().await[0].answered, None);
    // Signed, and yet not whole: taken for nothing.
    office.slack.misbehave_next(Mischief::Truncated);
    let cut = office.slack.click("ana", &card.channel, &card.ts, "anomaly:expected").await.unwrap();
    assert_ne!(cut.status, Some(200), "{cut:?}");
    assert!(office.questions.is_empty());
}

#[tokio::test]
async fn what_is_sent_twice_or_replayed_has_one_effect() {
    let mut office = Office::furnished().await;
    let launch = office.call("ci");
    office.happens(&dear(&launch)).await;
    office.rest().await;
    let [card] = office.cards().try_into().unwrap();
    office.slack.misbehave_next(Mischief::Twice);
    office.press(&card, "expected").await;
    let replayed = office.slack.replay().await.unwrap();
    assert_eq!(replayed.status, Some(200), "taken in, and known: {replayed:?}");
    office.rest().await;
    assert_eq!(office.replies().len(), 1, "{:?}", office.replies());
    assert_eq!(office.answers(), Vec::<String>::new(), "nobody is told that it was said before");
    let answers = office.table.answers(&account()).await.unwrap();
    assert_eq!((answers.expected, answers.not_expected), (1, 0));
}

#[tokio::test]
async fn an_event_that_slack_tries_again_is_done_once() {
    let office = Office::furnished().await;
    assert!(office.slack.verify_url().await.is_ok(), "it is there");
    office.slack.misbehave_next(Mischief::Twice);
    let tries = office.slack.uninstall(WORKSPACE).await.unwrap();
    assert!(tries.iter().all(slack_double::Exchange::is_ok), "{tries:?}");
    office.rest().await;
    assert_eq!(office.table.installation(&tenant()).await.unwrap(), None);
    assert_eq!(office.table.tenant_of_team(WORKSPACE).await.unwrap(), None);
}

#[tokio::test]
async fn without_slack_nothing_is_lost_and_with_it_what_runs_is_told() {
    let mut office = Office::open().await;
    let (first, over) = (office.call("ci"), office.call("bo"));
    office.happens(&dear(&first)).await;
    office.happens(&dear(&over)).await;
    let ids: Vec<String> = (0..4).map(|nth| over.instance_id(nth)).collect();
    let end = office.call("bo");
    office.happens(&end.terminate_instances(&ids)).await;
    office.rest().await;
    for anomaly in office.anomalies().await {
        assert_eq!(anomaly.told.undelivered.as_deref(), Some("not delivered: no Slack"));
    }
    office.install(&tenant(), WORKSPACE, CHANNEL).await;
    office.rest().await;
    let [card] = office.cards().try_into().unwrap();
    assert!(card.text.contains("user/ci"), "what has ended is not news: {card:?}");

    office.slack.uninstall(WORKSPACE).await.unwrap();
    office.rest().await;
    let next = office.call("eve");
    office.happens(&dear(&next)).await;
    office.rest().await;
    assert_eq!(office.cards().len(), 1);
    office.install(&tenant(), WORKSPACE, CHANNEL).await;
    office.rest().await;
    assert!(office.cards().iter().any(|card| card.text.contains("user/eve")));
}

#[tokio::test]
async fn a_token_that_was_taken_back_is_noted_and_asked_for_again() {
    let mut office = Office::furnished().await;
    // Slack's word of it is lost: it is the next post that finds out.
    office.slack.set_app_url("http://127.0.0.1:9");
    office.slack.revoke_tokens(WORKSPACE).await.unwrap();
    office.slack.set_app_url(&office.slack.base_url());
    let launch = office.call("ci");
    office.happens(&dear(&launch)).await;
    office.rest().await;
    let broken = office.table.installation(&tenant()).await.unwrap().unwrap().broken;
    assert!(broken.as_ref().is_some_and(|why| why.contains("install the app again")), "{broken:?}");
    assert_eq!(office.anomalies().await[0].told.undelivered, broken);
    office.install(&tenant(), WORKSPACE, CHANNEL).await;
    office.rest().await;
    assert_eq!(office.cards().len(), 1);
    assert_eq!(office.table.installation(&tenant()).await.unwrap().unwrap().broken, None);
}

#[tokio::test]
async fn a_tenant_who_moves_to_another_workspace_leaves_the_first() {
    let office = Office::furnished().await;
    office.slack.add_workspace("T0OTHER", "Other");
    let channel = Channel::new("C0OTHER", "alerts");
    office.slack.set_channel("T0OTHER", channel).unwrap();
    office.install(&tenant(), "T0OTHER", "C0OTHER").await;
    assert_eq!(office.table.installation(&tenant()).await.unwrap().unwrap().team, "T0OTHER");
    assert_eq!(office.table.tenant_of_team(WORKSPACE).await.unwrap(), None);
}
