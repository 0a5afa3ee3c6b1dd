//! Nothing that is secret, and no name of anybody's, gets into texts and logs. In a process of its
//! own: what is logged is decided for a whole process.

#![expect(clippy::unwrap_used, reason = "a test may end here")]

use customer_aws::{CustomerAws, Failing, Fault};
use customer_cloud::{CustomerCloud, Limits, OwnCredentials};
use domain::ids::{AccountId, Region};
use domain::zombie::Part;
use pipeline::cloud::{Access, Cloud};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tracing_subscriber::fmt::MakeWriter;

const PLANTED: [&str; 7] = [
    OUR_SECRET,
    EXTERNAL_ID,
    ACCOUNT,
    "played-secret",
    "played-session-token",
    "arn:aws",
    "planted-in-an-error",
];

const ACCOUNT: &str = "111122223333";
const EXTERNAL_ID: &str = "6f1b2d1e-5a3c-4d2e-8f10-0123456789ab";
const OUR_SECRET: &str = "our-own-planted-secret";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn access() -> Access {
    Access {
        account: AccountId::parse(ACCOUNT).unwrap(),
        role_arn: CustomerAws::role_arn(ACCOUNT),
        external_id: EXTERNAL_ID.to_owned(),
    }
}

fn clean(text: &str) {
    for planted in PLANTED {
        assert!(!text.contains(planted), "{planted} in {text}");
    }
}

#[tokio::test]
async fn logs_errors_and_debug_hold_none_of_it() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let aws = CustomerAws::start().await.unwrap();
    aws.deploy(ACCOUNT, EXTERNAL_ID, "999988887777", "bus", &["us-east-1"]);
    aws.with_zombies(ACCOUNT);
    let own = OwnCredentials {
        key_id: "AKIAOURSEXAMPLE".to_owned(),
        secret: OUR_SECRET.into(),
        session_token: None,
    };
    let limits = Limits { pause: Duration::ZERO, ..Limits::default() };
    let cloud = CustomerCloud::new(&own, Some(aws.url()), limits).unwrap();
    clean(&format!("{cloud:?} {own:?} {:?}", access()));
    assert!(cloud.check_role(&access()).await.unwrap().is_ok());
    let here = Region::parse("us-east-1").unwrap();
    for part in Part::ALL {
        let now = jiff::Timestamp::now();
        let (_, scanned) = cloud.scan(&access(), (&here, part), now, &|| true).await;
        for (check, why) in &scanned.unwrap().unwrap().unjudged {
            clean(&format!("{check:?} {why}"));
        }
    }
    for failing in [Failing::Broken, Failing::Throttled, Failing::Expired, Failing::Nonsense] {
        aws.fail("ec2:DescribeRegions", failing, 3);
        clean(&cloud.regions(&access()).await.unwrap_err().to_string());
        aws.heal();
    }
    aws.inject(ACCOUNT, Fault::ActionMissing("ec2:Describe*".to_owned()));
    clean(&cloud.regions(&access()).await.unwrap_err().to_string());
    aws.inject(ACCOUNT, Fault::RoleMissing);
    let problem = cloud.check_role(&access()).await.unwrap().unwrap_err();
    clean(&format!("{problem:?} {}", problem.text()));
    drop(guard);
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("ec2:DescribeVolumes") && log.contains("scanned a part"), "{log}");
    // Below us, HTTP may name hosts; of ours and of the signer's nothing may be there.
    let ours: Vec<&str> = log.lines().filter(|line| line.contains("customer_cloud")).collect();
    assert!(ours.len() > 40);
    clean(&log);
}
