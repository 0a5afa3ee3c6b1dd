//! Plots as plain SVG.

use crate::evaluate::{Evaluation, MAIN_RATE};
use crate::ours::{OURS, is_ours};
use crate::trail::Kind;
use std::fmt::Write as _;

const COLOURS: [&str; 10] = [
    "#1b6ac9", "#8a8a8a", "#c98a1b", "#7a4fc9", "#1ba39c", "#c94f7a", "#5c8a1b", "#b05c2e",
    "#4f5fc9", "#2e8ab0",
];
const OURS_COLOUR: &str = "#c2252b";

/// Names of files and their contents.
pub fn all(evaluations: &[Evaluation]) -> Vec<(&'static str, String)> {
    vec![
        ("recall-by-benign-rate.svg", recall_by_rate(evaluations)),
        ("recall-by-kind.svg", recall_by_kind(evaluations)),
        ("dollars-and-time.svg", dollars_and_time(evaluations)),
    ]
}

fn recall_by_rate(evaluations: &[Evaluation]) -> String {
    const MOST: f64 = 1.5;
    let place =
        |rate: f64, recall: f64| (60.0 + 460.0 * (rate / MOST).min(1.0), 340.0 - 290.0 * recall);
    let mut plot = Plot::new(700, 400, "Recall by benign alerts an account and week");
    for tenth in (0..=10).step_by(2) {
        let share = f64::from(tenth) / 10.0;
        let (x, y) = place(0.0, share);
        plot.line((x, y), (520.0, y), "#e3e3e3");
        plot.text((x - 8.0, y + 4.0), "end", &format!("{share:.1}"));
    }
    for quarter in 0..=6 {
        let rate = f64::from(quarter) * 0.25;
        let (x, y) = place(rate, 0.0);
        plot.text((x, y + 18.0), "middle", &format!("{rate:.2}"));
    }
    plot.text((290.0, 380.0), "middle", "benign alerts an account and week, on the test seeds");
    for (index, each) in evaluations.iter().enumerate() {
        let points: Vec<(f64, f64)> = (each.at_rates.iter())
            .map(|at| place(at.test.benign_rate(), at.test.found.share()))
            .collect();
        plot.curve(&points, colour(each, index));
        let key = 60.0 + 22.0 * real(index);
        plot.bar((545.0, key - 10.0), (14.0, 10.0), colour(each, index));
        plot.text((566.0, key), "start", each.candidate.name);
    }
    plot.end()
}

fn recall_by_kind(evaluations: &[Evaluation]) -> String {
    let share = |each: &Evaluation, kind| {
        each.main().and_then(|at| at.test.by_kind.get(&kind)).map(|part| part.share())
    };
    let ours = evaluations.iter().find(|each| each.candidate.name == OURS.name);
    let rivals = || evaluations.iter().filter(|each| !is_ours(&each.candidate));
    let mut plot =
        Plot::new(700, 480, &format!("Recall by kind at {MAIN_RATE}: ours and the best rival"));
    for (row, kind) in Kind::ALL.into_iter().enumerate() {
        let y = 50.0 + 42.0 * real(row);
        plot.text((190.0, y + 18.0), "end", kind.code());
        let best = rivals()
            .filter_map(|each| Some((each.candidate.name, share(each, kind)?)))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        let ours = ours.and_then(|ours| share(ours, kind)).map(|share| (OURS.name, share));
        for (bar, colour, y) in [(ours, OURS_COLOUR, y), (best, "#8a8a8a", y + 15.0)] {
            let Some((name, share)) = bar else { continue };
            plot.bar((200.0, y), (360.0 * share, 13.0), colour);
            plot.text((206.0 + 360.0 * share, y + 11.0), "start", &format!("{share:.2} {name}"));
        }
    }
    plot.end()
}

fn dollars_and_time(evaluations: &[Evaluation]) -> String {
    let height = 70 + 30 * u32::try_from(evaluations.len()).unwrap_or(0);
    let title = "Dollars of the first 24 hours saved, and hours to the alert";
    let mut plot = Plot::new(700, height, title);
    for (index, each) in evaluations.iter().enumerate() {
        let Some(test) = each.main().map(|at| &at.test) else { continue };
        let y = 50.0 + 30.0 * real(index);
        plot.text((120.0, y + 14.0), "end", each.candidate.name);
        plot.bar((130.0, y), (300.0 * test.saved, 20.0), colour(each, index));
        let hours = |share| test.hours_at(share).map_or("–".into(), |h| format!("{h:.1} h"));
        let label = format!("{:.2}   p50 {}, p90 {}", test.saved, hours(0.5), hours(0.9));
        plot.text((138.0 + 300.0 * test.saved, y + 14.0), "start", &label);
    }
    plot.end()
}

fn colour(each: &Evaluation, index: usize) -> &'static str {
    if each.candidate.name == OURS.name {
        return OURS_COLOUR;
    }
    COLOURS.get(index % COLOURS.len()).copied().unwrap_or("#000")
}

#[expect(clippy::cast_precision_loss, reason = "a row of a plot")]
fn real(index: usize) -> f64 {
    index as f64
}

struct Plot(String);

impl Plot {
    fn new(width: u32, height: u32, title: &str) -> Self {
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" font-family=\"sans-serif\" font-size=\"12\">\n\
             <title>{title}</title>\n<rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n"
        );
        let _ = writeln!(svg, "<text x=\"20\" y=\"26\" font-size=\"15\">{title}</text>");
        Self(svg)
    }

    fn line(&mut self, (x1, y1): (f64, f64), (x2, y2): (f64, f64), colour: &str) {
        let _ = writeln!(
            self.0,
            "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"{colour}\"/>"
        );
    }

    fn curve(&mut self, points: &[(f64, f64)], colour: &str) {
        let path: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let _ = writeln!(
            self.0,
            "<polyline points=\"{}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>",
            path.join(" ")
        );
        for (x, y) in points {
            let _ = writeln!(
                self.0,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{colour}\"/>"
            );
        }
    }

    fn bar(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), colour: &str) {
        let _ = writeln!(
            self.0,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{colour}\"/>"
        );
    }

    fn text(&mut self, (x, y): (f64, f64), anchor: &str, text: &str) {
        let _ = writeln!(
            self.0,
            "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
        );
    }

    fn end(mut self) -> String {
        self.0.push_str("</svg>\n");
        self.0
    }
}
