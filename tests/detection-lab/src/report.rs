//! The report: which seeds and how large, how good each candidate was, and where ours is behind.

use crate::evaluate::{
    AtRate, COLD_DEV_SEEDS, COLD_RATE, COLD_TEST_SEEDS, Evaluation, Fleets, GRACE_DAYS, MAIN_RATE,
    RATES, Scale,
};
use crate::metrics::{LATE_WITHIN_HOURS, Part, Summary};
use crate::observed::Account;
use crate::ours::{OURS, is_ours};
use crate::trail::{Archetype, Kind};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What was run and what came out.
#[derive(Debug)]
pub struct Report<'a> {
    /// How it was called.
    pub command: &'a str,
    /// How large the fleets were.
    pub scale: &'a Scale,
    /// The fleets.
    pub fleets: &'a Fleets,
    /// One for each candidate.
    pub evaluations: &'a [Evaluation],
}

/// Goals of `shared/design/detection.md` for the product's detector.
struct Goal {
    what: &'static str,
    least: f64,
    reached: fn(&Evaluation) -> Option<f64>,
}

const GOALS: [Goal; 6] = [
    Goal {
        what: "recall at 0.5 benign alerts an account and week",
        least: 0.90,
        reached: |ours| Some(ours.main()?.test.found.share()),
    },
    Goal {
        what: "recall of the worst kind of incident",
        least: 0.5,
        reached: |ours| {
            let shares = ours.main()?.test.by_kind.values().map(|part| part.share());
            shares.min_by(f64::total_cmp)
        },
    },
    Goal {
        what: "recall on kinds left out of tuning",
        least: 0.85,
        reached: |ours| Some(ours.left_out_total().share()),
    },
    Goal {
        what: "cold start: recall with thresholds for 0.4 benign alerts an account and week",
        least: 0.75,
        reached: |ours| Some(ours.cold.test.found.share()),
    },
    Goal {
        what: "detections within an hour of the first event",
        least: 0.90,
        reached: |ours| Some(ours.main()?.test.within_an_hour()),
    },
    Goal {
        what: "share of the first 24 hours' dollars saved",
        least: 0.85,
        reached: |ours| Some(ours.main()?.test.saved),
    },
];

impl Report<'_> {
    /// As Markdown.
    pub fn markdown(&self) -> String {
        let parts = [
            self.head(),
            self.recall(),
            self.at_main_rate(),
            self.by_kind(),
            self.by_archetype(),
            self.left_out(),
            self.cold(),
            self.goals(),
            self.behind(),
            self.rules(),
        ];
        parts.join("\n")
    }

    fn head(&self) -> String {
        let Scale { accounts, days, .. } = self.scale;
        let mut text = format!("# Detection report\n\n`{}`\n\n", self.command);
        let seeds = |seeds: &[u64]| seeds.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
        let _ = writeln!(
            text,
            "{accounts} accounts × {days} days a seed. Thresholds are found on seeds {}, figures \
             come from seeds {}. Accounts in their first 14 days: seeds {} and {}.\n",
            seeds(&self.scale.dev_seeds()),
            seeds(&self.scale.test_seeds()),
            seeds(self.scale.some(&COLD_DEV_SEEDS)),
            seeds(self.scale.some(&COLD_TEST_SEEDS)),
        );
        let header = ["fleet", "accounts", "cost events", "incidents", "of each kind"];
        let fleets = [
            ("development", &self.fleets.dev),
            ("test", &self.fleets.test),
            ("young, development", &self.fleets.cold_dev),
            ("young, test", &self.fleets.cold_test),
        ];
        let rows = fleets.map(|(name, fleet)| fleet_row(name, fleet));
        text + &table(&header.map(str::to_owned), &rows)
    }

    fn recall(&self) -> String {
        let mut header = vec!["candidate".to_owned()];
        header.extend(RATES.iter().map(|rate| format!("≤ {rate} benign")));
        header.extend(["95 % (Wilson)", "95 % (accounts drawn again)"].map(str::to_owned));
        let rows = self.rows(|each| {
            let mut row: Vec<String> = each.at_rates.iter().map(recall_at).collect();
            let main = each.main();
            row.push(main.map(|at| interval(at.test.found.wilson())).unwrap_or_default());
            row.push(main.map(|at| interval(at.test.bootstrap)).unwrap_or_default());
            row
        });
        let title = "## Recall by benign alerts an account and week";
        let note = "In brackets the benign rate on the test seeds. Intervals: at 0.5.";
        section(title, note, &header, &rows)
    }

    fn at_main_rate(&self) -> String {
        let header = [
            "candidate",
            "threshold",
            "precision",
            "first event to alert, p50",
            "p90",
            "within 1 h",
            "dollars saved",
            "recall if late",
        ];
        let rows = self.rows(|each| each.main().map(main_row).unwrap_or_default());
        let title = format!("## At {MAIN_RATE} benign alerts an account and week");
        let note = format!(
            "Dollars saved: of what incidents cost in their first 24 hours, the share after the \
             alert. Recall if late: alerts up to {LATE_WITHIN_HOURS} hours after an incident's last \
             event count too, for candidates that judge whole days."
        );
        section(&title, &note, &header.map(str::to_owned), &rows)
    }

    fn by_kind(&self) -> String {
        let of = |each: &Evaluation| each.main().map(|at| at.test.by_kind.clone());
        let row = |kind: Kind| {
            (kind.code(), move |parts: &BTreeMap<Kind, Part>| parts.get(&kind).copied())
        };
        self.crossed("## Recall by kind of incident", &Kind::ALL.map(row), of)
    }

    fn left_out(&self) -> String {
        let of = |each: &Evaluation| Some(each.left_out.clone());
        let row = |kind: Kind| {
            (kind.code(), move |parts: &BTreeMap<Kind, Part>| parts.get(&kind).copied())
        };
        let mut text =
            self.crossed("## Recall of kinds that were left out", &Kind::ALL.map(row), of);
        text.push_str(
            "\nThe threshold is found on development fleets in which the kind never happened. What \
             the product ships (weights, calibration) is not fitted anew.\n",
        );
        text
    }

    fn by_archetype(&self) -> String {
        let of = |each: &Evaluation| each.main().map(|at| at.test.by_archetype.clone());
        let row = |archetype: Archetype| {
            (archetype.code(), move |parts: &BTreeMap<Archetype, Part>| {
                parts.get(&archetype).copied()
            })
        };
        self.crossed("## Recall by kind of account", &Archetype::ALL.map(row), of)
    }

    fn cold(&self) -> String {
        let header = ["candidate", "recall", "95 % (Wilson)", "benign rate", "precision"];
        let rows = self.rows(|each| {
            let test = &each.cold.test;
            vec![
                percent(test.found.share()),
                interval(test.found.wilson()),
                format!("{:.2}", test.benign_rate()),
                percent(test.precision.share()),
            ]
        });
        let note = format!(
            "Thresholds for {COLD_RATE} benign alerts an account and week, from young development \
             fleets; every day counts."
        );
        section("## Accounts in their first 14 days", &note, &header.map(str::to_owned), &rows)
    }

    fn goals(&self) -> String {
        let Some(ours) = self.ours() else { return String::new() };
        let header = ["goal", "at least", "reached", ""].map(str::to_owned);
        let rows = GOALS.iter().map(|goal| {
            let reached = (goal.reached)(ours).unwrap_or(0.0);
            let verdict = if reached >= goal.least { "met" } else { "**missed**" };
            vec![goal.what.to_owned(), percent(goal.least), percent(reached), verdict.to_owned()]
        });
        section("## Goals", "", &header, &rows.collect::<Vec<_>>())
    }

    /// Every figure in which a rival is better than ours.
    fn behind(&self) -> String {
        let mut text = "## Where ours is behind\n\n".to_owned();
        let before = text.len();
        for (what, figure) in figures() {
            let Some(ours) = self.ours().and_then(&figure) else { continue };
            let rivals =
                self.rivals().filter_map(|each| Some((each.candidate.name, figure(each)?)));
            let best = rivals.max_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((name, best)) = best.filter(|(_, best)| *best > ours) {
                let (ours, best) = (percent(ours), percent(best));
                let _ = writeln!(text, "- {what}: ours {ours}, {name} {best}");
            }
        }
        if text.len() == before {
            text.push_str("Nowhere among the figures above.\n");
        }
        text
    }

    fn rules(&self) -> String {
        let mut text = "## Rules, the same for all\n\n".to_owned();
        let _ = writeln!(
            text,
            "- An incident is found by an alert on one of its events, or by a daily alert of its \
             service while it costs, no later than 24 hours after its last event.\n\
             - Alerts of one actor within 12 hours of the first are one alert; a daily one is one a \
             service and day. One with nothing of an incident in it is benign.\n\
             - Two hours after an alert somebody answers: \"Not expected\" keeps an event out of what \
             is learned, \"Expected\" covers the same actor, type and region up to 1.5 times the \
             count and rate for 90 days.\n\
             - Daily alerts come 24 hours after the end of the day, the delay that AWS states.\n\
             - Alerts of an account's first {GRACE_DAYS} days do not count, except for young \
             accounts.\n"
        );
        for each in self.evaluations {
            let _ = writeln!(text, "- `{}`: {}", each.candidate.name, each.candidate.about);
        }
        text
    }

    fn ours(&self) -> Option<&Evaluation> {
        self.evaluations.iter().find(|each| each.candidate.name == OURS.name)
    }

    fn rivals(&self) -> impl Iterator<Item = &Evaluation> {
        self.evaluations.iter().filter(|each| !is_ours(&each.candidate))
    }

    fn rows(&self, row: impl Fn(&Evaluation) -> Vec<String>) -> Vec<Vec<String>> {
        let named = |each: &Evaluation| {
            let mut cells = vec![each.candidate.name.to_owned()];
            cells.extend(row(each));
            cells
        };
        self.evaluations.iter().map(named).collect()
    }

    /// A table with a column for each candidate.
    fn crossed<K: Ord + Clone, F: Fn(&BTreeMap<K, Part>) -> Option<Part>>(
        &self,
        title: &str,
        rows: &[(&str, F)],
        of: impl Fn(&Evaluation) -> Option<BTreeMap<K, Part>>,
    ) -> String {
        let mut header = vec![String::new(), "n".to_owned()];
        header.extend(self.evaluations.iter().map(|each| each.candidate.name.to_owned()));
        let parts: Vec<BTreeMap<K, Part>> =
            self.evaluations.iter().map(|each| of(each).unwrap_or_default()).collect();
        let rows = rows.iter().map(|(name, get)| {
            let all = parts.iter().find_map(get).unwrap_or_default().all;
            let mut cells = vec![(*name).to_owned(), all.to_string()];
            let share = |parts| get(parts).filter(|part| part.all > 0);
            cells.extend(parts.iter().map(|p| share(p).map_or("–".into(), |p| percent(p.share()))));
            cells
        });
        section(title, "", &header, &rows.collect::<Vec<_>>())
    }
}

type Figure = Box<dyn Fn(&Evaluation) -> Option<f64>>;

/// What candidates are compared by, each the more the better.
fn figures() -> Vec<(String, Figure)> {
    let mut figures = by_rate();
    figures.extend(overall());
    figures.extend(by_part());
    figures
}

fn by_rate() -> Vec<(String, Figure)> {
    let figure = |(index, rate): (usize, f64)| {
        let share = move |each: &Evaluation| Some(each.at_rates.get(index)?.test.found.share());
        (format!("recall at {rate}"), Box::new(share) as Figure)
    };
    RATES.into_iter().enumerate().map(figure).collect()
}

fn overall() -> [(String, Figure); 5] {
    let figures: [(&str, Figure); 5] = [
        ("precision", Box::new(|each| Some(each.main()?.test.precision.share()))),
        ("within an hour", Box::new(|each| Some(each.main()?.test.within_an_hour()))),
        ("dollars saved", Box::new(|each| Some(each.main()?.test.saved))),
        ("left-out kinds", Box::new(|each| Some(each.left_out_total().share()))),
        ("young accounts", Box::new(|each| Some(each.cold.test.found.share()))),
    ];
    figures.map(|(name, figure)| (name.to_owned(), figure))
}

fn by_part() -> Vec<(String, Figure)> {
    let kinds = Kind::ALL.into_iter().map(|kind| {
        let share = move |each: &Evaluation| Some(each.main()?.test.by_kind.get(&kind)?.share());
        (format!("kind {}", kind.code()), Box::new(share) as Figure)
    });
    let archetypes = Archetype::ALL.into_iter().map(|archetype| {
        let share =
            move |each: &Evaluation| Some(each.main()?.test.by_archetype.get(&archetype)?.share());
        (format!("account {}", archetype.code()), Box::new(share) as Figure)
    });
    kinds.chain(archetypes).collect()
}

fn fleet_row(name: &str, fleet: &[Account]) -> Vec<String> {
    let mut kinds: BTreeMap<Kind, usize> = BTreeMap::new();
    for incident in fleet.iter().flat_map(|account| &account.incidents) {
        *kinds.entry(incident.kind).or_default() += 1;
    }
    let events: usize = fleet.iter().map(|account| account.events.len()).sum();
    let each = kinds.iter().map(|(kind, n)| format!("{} {n}", kind.code()));
    vec![
        name.to_owned(),
        fleet.len().to_string(),
        events.to_string(),
        kinds.values().sum::<usize>().to_string(),
        each.collect::<Vec<_>>().join(", "),
    ]
}

fn recall_at(at: &AtRate) -> String {
    format!("{} ({:.2})", percent(at.test.found.share()), at.test.benign_rate())
}

fn main_row(at: &AtRate) -> Vec<String> {
    let test: &Summary = &at.test;
    let time =
        |share| test.hours_at(share).map_or("–".to_owned(), |hours| format!("{hours:.1} h"));
    vec![
        format!("{:.4}", at.threshold),
        percent(test.precision.share()),
        time(0.5),
        time(0.9),
        percent(test.within_an_hour()),
        percent(test.saved),
        percent(test.found_late.share()),
    ]
}

fn percent(share: f64) -> String {
    format!("{share:.3}")
}

fn interval((low, high): (f64, f64)) -> String {
    format!("{low:.3}–{high:.3}")
}

fn section(title: &str, note: &str, header: &[String], rows: &[Vec<String>]) -> String {
    let note = if note.is_empty() { String::new() } else { format!("{note}\n\n") };
    format!("{title}\n\n{note}{}", table(header, rows))
}

/// A Markdown table with cells of equal width, so that it reads as plain text too.
fn table(header: &[String], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).chain(header.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let line = |cells: &[String]| {
        let padded = widths.iter().enumerate().map(|(column, width)| {
            let cell = cells.get(column).map_or("", String::as_str);
            format!(" {cell:width$} |")
        });
        format!("|{}\n", padded.collect::<String>())
    };
    let rule = widths.iter().map(|width| format!("{}|", "-".repeat(width + 2)));
    let mut text = line(header) + "|" + &rule.collect::<String>() + "\n";
    text.extend(rows.iter().map(|row| line(row)));
    text
}
