import {
  arithmetic,
  calledFor,
  decisive,
  grouped,
  highestFirst,
  isHalf,
  lengths,
  meaning,
  nameOfChannel,
  verdict,
  type AnomalyEvent,
  type Term,
} from "@/features/anomaly/arithmetic";
import { describe, expect, test } from "vitest";

const term = (name: string, value: string, weight: string, points: string): Term => ({
  name,
  value,
  weight,
  points,
  text: "",
  inputs: [],
});

const event = (more: Partial<AnomalyEvent>): AnomalyEvent =>
  ({
    basis: "score",
    score: "23.94",
    threshold: "6",
    terms: [term("rate", "4", "0.35", "1.4"), term("novelty", "17.1", "1.4", "23.94")],
    ...more,
  }) as AnomalyEvent;

describe("digits", () => {
  test.each([
    ["0", "0"],
    ["999", "999"],
    ["1000", "1,000"],
    ["-1234567", "-1,234,567"],
    ["10000000000.500001", "10,000,000,000.500001"],
    [
      "170141183460469231731687303715884105727",
      "170,141,183,460,469,231,731,687,303,715,884,105,727",
    ],
    ["1e5", "1e5"],
    ["", ""],
  ])("%s is shown as %s", (digits, shown) => expect(grouped(digits)).toBe(shown));
});

describe("a term in words", () => {
  test("says value, weight and points as they were sent", () => {
    expect(arithmetic(term("rate", "12345.678901", "0.35", "4320.987615"))).toBe(
      "12,345.678901 × 0.35 = 4,320.987615 points",
    );
  });

  test("says how rare it is", () => {
    expect(meaning(term("rate", "17.1", "1.4", "23.94"))).toBe(
      "By chance this comes once in 17.1 weeks of one account.",
    );
    expect(meaning(term("rate", "1", "1.4", "1.4"))).toContain("once in 1 week of");
    expect(meaning(term("rate", "450.936552", "1", "1"))).toContain("once in 451 weeks of");
    expect(meaning(term("rate", "0.959531", "1", "1"))).toContain("once in 0.96 weeks of");
    expect(meaning(term("rate", "10000", "1", "1"))).toContain("once in 10,000 weeks or more of");
    expect(meaning(term("rate", "0", "1.4", "0"))).toBe("It finds nothing unusual.");
  });

  test("says that a channel does not count whose weight is nothing", () => {
    expect(meaning(term("rate", "17.1", "0", "0"))).toContain("It does not count");
  });

  test("names channels, those that came later too", () => {
    expect(nameOfChannel("novelty")).toBe("Never seen here");
    expect(nameOfChannel("moon_phase")).toBe("Moon phase");
  });
});

describe("the score in words", () => {
  test("the highest counts against the threshold", () => {
    expect(verdict(event({}))).toBe(
      "The highest counts: “Never seen here” makes the score 23.94. It alerts from 6 on.",
    );
  });

  test("half of it, where part was expected", () => {
    expect(verdict(event({ score: "11.97" }))).toContain(
      "with 23.94. Part of it was expected, so half of that is the score: 11.97.",
    );
    expect(isHalf("11.969999", "23.939999")).toBe(true);
    expect(isHalf("23.94", "23.94")).toBe(false);
    expect(isHalf("0", "0")).toBe(false);
  });

  test("the safety net says so instead", () => {
    const words = verdict(event({ basis: "safety_net", score: "2", threshold: "6" }));
    expect(words).toContain("safety net called for the alert");
    expect(words).not.toContain("reaches");
    expect(calledFor("safety_net")).toContain("safety net");
  });

  test("says so where it is not reached", () => {
    expect(verdict(event({ threshold: "32" }))).toContain("which it does not reach");
  });

  test("without terms there is no arithmetic", () => {
    expect(verdict(event({ terms: [] }))).toBe("The terms of this score are no longer kept.");
    expect(verdict(event({ terms: [], basis: "safety_net" }))).toContain("No score was taken");
  });
});

describe("the chart", () => {
  test("shows the highest first and leaves what was sent as it is", () => {
    const sent = event({}).terms;
    expect(highestFirst(sent).map(({ name }) => name)).toEqual(["novelty", "rate"]);
    expect(sent[0]?.name).toBe("rate");
  });

  test("lengths rise with points and stay within the chart", () => {
    const { of, threshold } = lengths(event({}));
    expect(of("23.94")).toBe(1);
    expect(of("1.4")).toBeLessThan(threshold);
    expect(of("0")).toBe(0);
    expect(of("-3")).toBe(0);
    expect(threshold).toBeLessThan(1);
  });

  test("the threshold is seen among many thousands, and above next to nothing", () => {
    const many = lengths(event({ terms: [term("rate", "1", "1", "10000000")] }));
    expect(many.threshold).toBeGreaterThan(0.1);
    const few = lengths(event({ terms: [term("rate", "1", "1", "0.01")] }));
    expect(few.threshold).toBeLessThan(1);
  });

  test("the event with the highest score is shown first", () => {
    const events = [event({ score: "9" }), event({ score: "10" })];
    expect(decisive(events)?.score).toBe("10");
    expect(decisive([])).toBeUndefined();
  });
});
