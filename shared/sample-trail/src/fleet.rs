//! Many accounts at work: a stream of records of any length, for benchmarks of throughput and
//! memory. Three in four start or end something that costs.

use crate::call::{Call, Caller, Record, scramble};
use jiff::{SignedDuration, Timestamp};
use std::collections::VecDeque;

const REGIONS: [&str; 4] = ["us-east-1", "eu-west-1", "eu-central-1", "ap-southeast-2"];
const TYPES: [&str; 6] =
    ["t3.micro", "t3.medium", "m5.large", "c6i.xlarge", "r6g.large", "m7g.medium"];
/// Instances that an account keeps before it ends the oldest.
const KEPT: usize = 20;

/// An endless stream of records in the order of time, five seconds apart.
pub struct Fleet {
    accounts: Vec<VecDeque<String>>,
    at: Timestamp,
    serial: u64,
    seed: u64,
}

impl Fleet {
    /// `accounts` accounts; the same seed gives the same records.
    pub fn new(seed: u64, accounts: usize) -> Self {
        Self {
            accounts: vec![VecDeque::new(); accounts.max(1)],
            at: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 365 * 56),
            serial: 0,
            seed,
        }
    }

    fn pick(&self, nth: u64, of: usize) -> usize {
        let random = scramble(self.seed ^ scramble(self.serial ^ (nth << 48)));
        usize::try_from(random % of.max(1) as u64).unwrap_or(0)
    }
}

impl Iterator for Fleet {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        self.serial += 1;
        self.at += SignedDuration::from_secs(5);
        let account = self.pick(1, self.accounts.len());
        let call = Call {
            account: format!("{:012}", 100_000_000_000 + account),
            region: REGIONS.get(self.pick(2, REGIONS.len())).copied().unwrap_or("us-east-1"),
            at: self.at,
            caller: Caller::User(if self.pick(3, 4) == 0 { "ci" } else { "platform" }),
            serial: self.serial ^ (self.seed << 40),
        };
        let instance_type = TYPES.get(self.pick(4, TYPES.len())).copied().unwrap_or("t3.micro");
        let action = self.pick(5, 8);
        let running = self.accounts.get_mut(account)?;
        Some(match action {
            0 => call.list_buckets(),
            1 => call.configure_function("resize", 512),
            2 => call.create_volume(50),
            _ if running.len() > KEPT => {
                call.terminate_instances(&running.pop_front().into_iter().collect::<Vec<_>>())
            }
            _ => {
                running.push_back(call.instance_id(0));
                call.run_instances(instance_type, 1, None)
            }
        })
    }
}
