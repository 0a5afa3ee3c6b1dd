//! Accounts: set up, connected, renamed, governed, disconnected and taken back.

use domain::setup::{Setup, Stage};
use jiff::{SignedDuration, Timestamp};
use journeys::front::{Answer, Front};
use pipeline::onboarding::Job;
use serde_json::{Value, json};
use store::{Task, TenantScope};

const ACCOUNT: &str = "777766665555";
const ROLE: &str = "arn:aws:iam::777766665555:role/dd0c-cost-readonly";

/// A tenant who has nothing yet: his token, his right, and a setup that he has begun.
async fn newcomer(front: &Front) -> (String, TenantScope, Value) {
    let token = front.token("newcomer");
    let begun = front.ask("POST", "/v1/accounts/setup").by(&token).send().await;
    assert_eq!(begun.status, 201, "{begun:?}");
    let subject = journeys::front::subject(&front.login, "newcomer");
    let scope = front.table.tenant_of_login(&subject).await.unwrap().unwrap();
    (token, scope, begun.json())
}

async fn connect(front: &Front, token: &str, setup: &Value) -> Answer {
    let body = json!({
        "awsAccountId": ACCOUNT, "roleArn": ROLE, "setupId": setup, "regions": ["eu-west-1"],
    });
    front.ask("POST", "/v1/accounts").by(token).json(&body).send().await
}

async fn stage(front: &Front, scope: &TenantScope, id: &Value, stage: Stage) {
    let setup = front.table.setup(scope, id.as_str().unwrap()).await.unwrap().unwrap();
    assert!(front.table.change_setup(scope, &Setup { stage, ..setup }).await.unwrap());
}

fn conflict(answer: &Answer, why: &str) {
    assert_eq!((answer.status, answer.code().as_str()), (409, "conflict"), "{answer:?}");
    assert!(answer.detail().contains(why), "{}", answer.detail());
}

#[tokio::test]
async fn a_setup_hands_out_a_link_and_ids_of_its_own() {
    let front = Front::open().await;
    let (token, scope, setup) = newcomer(&front).await;
    assert_eq!(setup["stage"], "waiting");
    let external = setup["externalId"].as_str().unwrap();
    assert!(external.len() == 36 && external.as_bytes()[14] == b'4', "{external}");
    let kept =
        front.table.setup(&scope, setup["setupId"].as_str().unwrap()).await.unwrap().unwrap();
    let url = setup["quickCreateUrl"].as_str().unwrap();
    for part in [external, &kept.handshake, "999988887777", "dd0c-cost-callback", "us-east-1"] {
        assert!(url.contains(part), "{part} is not in {url}");
    }
    let path = format!("/v1/accounts/setup/{}", kept.id);
    assert_eq!(front.read(&token, &path).await, setup);
    let other = front.ask("POST", "/v1/accounts/setup").by(&token).send().await.json();
    assert_ne!(other["externalId"], setup["externalId"]);
    for _ in 0..8 {
        front.ask("POST", "/v1/accounts/setup").by(&token).send().await;
    }
    conflict(&front.ask("POST", "/v1/accounts/setup").by(&token).send().await, "waiting already");
}

#[tokio::test]
async fn a_role_is_handed_to_the_worker_and_not_kept() {
    let front = Front::open().await;
    let (token, scope, setup) = newcomer(&front).await;
    let answer = connect(&front, &token, &setup["setupId"]).await;
    assert_eq!((answer.status, &answer.json()["stage"]), (202, &json!("checking")), "{answer:?}");
    assert_eq!(answer.json()["accountId"], ACCOUNT);
    let mut batch = front.jobs.receive(10).await;
    let bodies: Vec<String> = batch.messages().map(|message| message.body.clone()).collect();
    batch.done(0);
    let job = Job::Connect {
        tenant: scope.tenant().clone(),
        setup: setup["setupId"].as_str().unwrap().to_owned(),
        account: domain::ids::AccountId::parse(ACCOUNT).unwrap(),
        role_arn: ROLE.to_owned(),
        regions: vec![domain::ids::Region::parse("eu-west-1").unwrap()],
        by_hand: true,
    };
    assert_eq!(bodies.iter().map(|body| Job::from_json(body).unwrap()).collect::<Vec<_>>(), [job]);
    assert!(!format!("{:?}", front.items().await).contains(ROLE), "it was not looked at yet");
    conflict(&connect(&front, &token, &setup["setupId"]).await, "just now");
}

#[tokio::test]
async fn a_role_by_another_name_or_with_a_path_is_refused_and_told_why() {
    let front = Front::open().await;
    let (token, _, setup) = newcomer(&front).await;
    for role in ["audit/dd0c-cost-readonly", "cost-reader", "dd0c-cost-readonly-2"] {
        let body = json!({
            "awsAccountId": ACCOUNT, "roleArn": format!("arn:aws:iam::{ACCOUNT}:role/{role}"),
            "setupId": setup["setupId"],
        });
        let answer = front.ask("POST", "/v1/accounts").by(&token).json(&body).send().await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_request"), "{role}");
        for part in ["under the name dd0c-cost-readonly", "without a path", "our own rights"] {
            assert!(answer.detail().contains(part), "{}", answer.detail());
        }
        assert!(!answer.detail().contains(ACCOUNT), "{}", answer.detail());
    }
    assert!(front.jobs.is_empty());
}

#[tokio::test]
async fn a_refused_role_may_be_named_again_and_a_done_setup_not() {
    let front = Front::open().await;
    let (token, scope, setup) = newcomer(&front).await;
    let id = &setup["setupId"];
    let account = domain::ids::AccountId::parse(ACCOUNT).unwrap();
    let finding = domain::setup::Finding {
        code: "role_open".to_owned(),
        region: None,
        text: "The role answers without the external id: ask for it.".to_owned(),
    };
    let refused = Stage::Refused { account: account.clone(), findings: vec![finding] };
    stage(&front, &scope, id, refused).await;
    let path = format!("/v1/accounts/setup/{}", id.as_str().unwrap());
    let shown = front.read(&token, &path).await;
    assert_eq!(
        (&shown["stage"], &shown["findings"][0]["code"]),
        (&json!("refused"), &json!("role_open"))
    );
    assert_eq!(connect(&front, &token, id).await.status, 202);
    stage(&front, &scope, id, Stage::Connected { account }).await;
    conflict(&connect(&front, &token, id).await, "done");
    let unknown = connect(&front, &token, &json!("01ARZ3NDEKTSV4RRFFQ69G5FAV")).await;
    assert_eq!((unknown.status, unknown.code().as_str()), (404, "not_found"));
}

#[tokio::test]
async fn a_setup_whose_link_has_ended_connects_nothing() {
    let front = Front::open().await;
    let (token, scope, setup) = newcomer(&front).await;
    let kept =
        front.table.setup(&scope, setup["setupId"].as_str().unwrap()).await.unwrap().unwrap();
    let old = Timestamp::now().checked_sub(SignedDuration::from_hours(25)).unwrap();
    assert!(front.table.change_setup(&scope, &Setup { created_at: old, ..kept }).await.unwrap());
    conflict(&connect(&front, &token, &setup["setupId"]).await, "too old");
    assert!(front.jobs.is_empty());
}

#[tokio::test]
async fn a_disconnected_account_can_be_taken_back_and_go_again() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let path = format!("/v1/accounts/{}", front.acme.account);
    let undo = || front.ask("POST", &format!("{path}/undo")).by(&ana);
    conflict(&undo().send().await, "nothing to take back");
    for _ in 0..2 {
        for _ in 0..2 {
            let gone = front.ask("DELETE", &path).by(&ana).send().await;
            assert_eq!((gone.status, &gone.json()["status"]), (202, &json!("disconnecting")));
            let purge: Timestamp = gone.json()["purgeAt"].as_str().unwrap().parse().unwrap();
            let left = purge.duration_since(Timestamp::now());
            assert!(left > SignedDuration::ZERO && left < SignedDuration::from_hours(72), "{left}");
        }
        let back = undo().send().await;
        assert_eq!((back.status, &back.json()["status"]), (200, &json!("active")), "{back:?}");
        assert_eq!(back.json()["purgeAt"], Value::Null);
        assert_eq!(looks(&front).await, 1, "nobody has looked at it meanwhile");
    }
}

/// Looks at acme's account that are due by now.
async fn looks(front: &Front) -> usize {
    let due = front.table.due(Timestamp::now(), 100).await.unwrap().tasks;
    let look = Task::Check { account: front.acme.account.clone() };
    due.iter().filter(|due| due.task == look).count()
}

#[tokio::test]
async fn the_stack_of_an_account_can_be_made_anew_though_the_free_tier_is_used_up() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let again = |account: &str| {
        front.ask("POST", &format!("/v1/accounts/setup?accountId={account}")).by(&ana)
    };
    let own = again(front.acme.account.as_str()).once("k").send().await;
    assert_eq!(own.status, 201, "{own:?}");
    let foreign = again(front.initech.account.as_str()).send().await;
    assert_eq!((foreign.status, foreign.code().as_str()), (404, "not_found"));
    // The link comes again, and is not kept with the answer.
    let repeated = again(front.acme.account.as_str()).once("k").send().await;
    assert_eq!((repeated.status, &repeated.text), (201, &own.text));
    let link = own.json()["quickCreateUrl"].as_str().unwrap().to_owned();
    let handshake = link.split("param_Handshake=").nth(1).unwrap().split('&').next().unwrap();
    let items = front.items().await;
    let kept = items.iter().map(|item| format!("{item:?}"));
    let kept = kept.filter(|item| item.contains("IDEMPOTENCY#") && item.contains(handshake));
    assert_eq!(kept.count(), 0);
}

#[tokio::test]
async fn a_disconnection_that_was_taken_back_is_answered_again_as_before() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let path = format!("/v1/accounts/{}", front.acme.account);
    assert_eq!(front.ask("DELETE", &path).by(&ana).send().await.status, 202);
    let undo = || front.ask("POST", &format!("{path}/undo")).by(&ana).once("u1").send();
    let (first, again) = (undo().await, undo().await);
    assert_eq!((first.status, again.status, &first.text), (200, 200, &again.text), "{again:?}");
}

#[tokio::test]
async fn what_is_due_to_be_deleted_cannot_be_taken_back() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let (scope, account) = (&front.acme.scope, &front.acme.account);
    let path = format!("/v1/accounts/{account}");
    assert_eq!(front.ask("DELETE", &path).by(&ana).send().await.status, 202);
    let before = front.table.connection(scope, account).await.unwrap().unwrap();
    let after = store::Connection { purge_at: Some(Timestamp::now()), ..before.clone() };
    let asker = domain::governance::Asker::Rules;
    let entry = pipeline::lifecycle::entry(
        "test",
        &asker,
        (Some(&before), &after),
        String::new(),
        Timestamp::now(),
    );
    assert!(front.table.change_connection(scope, &before, &after, &entry).await.unwrap());
    let refused = front.ask("POST", &format!("{path}/undo")).by(&ana).send().await;
    conflict(&refused, "Its data are being deleted already.");
}

#[tokio::test]
async fn a_name_is_given_cleaned_and_taken_away() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let path = format!("/v1/accounts/{}", front.acme.account);
    for (sent, kept) in [
        (json!("  shop  "), json!("shop")),
        (json!("Läden \u{202e}<b>"), json!("Läden \u{fffd}<b>")),
        (Value::Null, Value::Null),
    ] {
        let body = json!({"alias": sent});
        let named = front.ask("PATCH", &path).by(&ana).json(&body).send().await;
        assert_eq!((named.status, &named.json()["alias"]), (200, &kept), "{named:?}");
        assert_eq!(front.read(&ana, &path).await, named.json());
    }
}

#[tokio::test]
async fn a_customer_makes_his_account_quieter_and_no_louder_than_the_rules() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let fresh = domain::ids::AccountId::parse("222233334444").unwrap();
    front.acme.connect_also(&front.table, &fresh, "fresh").await;
    let path = format!("/v1/accounts/{fresh}/governance");
    let put = async |mode: &str, strict: bool| {
        let body = json!({"mode": mode, "customerStrict": strict});
        front.ask("PUT", &path).by(&ana).json(&body).send().await
    };
    let quiet = put("strict", true).await;
    assert_eq!(
        (quiet.status, &quiet.json()["mode"], &quiet.json()["customerStrict"]),
        (200, &json!("strict"), &json!(true))
    );
    let before = front.items().await;
    let louder = put("audit", false).await;
    conflict(&louder, "days of baseline");
    assert!(louder.detail().ends_with('.') && front.items().await == before, "{louder:?}");
    assert_eq!(put("strict", false).await.status, 200);
    // The rules would let an account out that has learned for two months.
    let path = format!("/v1/accounts/{}/governance", front.acme.account);
    for mode in ["strict", "audit"] {
        let put = front.ask("PUT", &path).by(&ana).json(&json!({ "mode": mode })).send().await;
        assert_eq!((put.status, &put.json()["mode"]), (200, &json!(mode)), "{put:?}");
    }
}

#[tokio::test]
async fn a_busy_table_is_no_change_of_somebody_else() {
    let front = Front::open().await;
    let ana = front.token("ana");
    let path = format!("/v1/accounts/{}", front.acme.account);
    front.watch.refuse_transactions(true);
    let busy = front.ask("PATCH", &path).by(&ana).json(&json!({"alias": "shop"})).send().await;
    assert_eq!((busy.status, busy.code().as_str()), (503, "unavailable"), "{busy:?}");
    assert_eq!(busy.header("retry-after"), "1");
    front.watch.refuse_transactions(false);
    let done = front.ask("PATCH", &path).by(&ana).json(&json!({"alias": "shop"})).send().await;
    assert_eq!(done.status, 200, "{done:?}");
}
