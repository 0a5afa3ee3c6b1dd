"""Trains the learned channel: features in, shared/domain/src/channels/learned_trees.rs out.

    cargo run --release -p detection-lab --bin features > target/features.csv
    python3 tests/detection-lab/learned/train.py target/features.csv

Needs the packages of requirements.txt beside this file. The same features give the same trees.
"""

import argparse
import csv
import pathlib

import lightgbm
import numpy

HERE = pathlib.Path(__file__).resolve().parent
TREES = HERE.parents[2] / "shared/domain/src/channels/learned_trees.rs"
LABELS = 6

# More of these is never less unusual; more of those never more. The rest is free.
RISING = {
    "hour_over_mean", "hour_over_most", "six_hours_over_mean", "six_hours_over_most",
    "four_days_over_old", "four_days", "launches_hour", "launches_six_hours",
    "launches_hour_over_most", "launches_six_hours_over_most", "open_over_mean", "rate",
    "rate_of_one", "rate_over_most", "account_seen", "age",
}
FALLING = {
    "actor_type_seen", "actor_region_seen", "type_seen", "region_seen", "actor_seen",
}
ROUNDS = 150
PARAMETERS = {
    "objective": "binary",
    "learning_rate": 0.06,
    "num_leaves": 8,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "monotone_constraints_method": "intermediate",
    "verbose": -1,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
}


def read(path):
    """Names of the features, their values, labels and weights."""
    with open(path, newline="") as file:
        rows = csv.reader(file)
        names = next(rows)[LABELS:]
        values, incidents, groups = [], [], []
        for row in rows:
            values.append([int(value) for value in row[LABELS:]])
            account, actor, half_day, incident, _, young = row[:LABELS]
            incidents.append(incident != "-1")
            # What alerts together counts together: an incident, or half a day of an actor.
            rest = incident if incident != "-1" else (actor, half_day)
            groups.append((account, young, rest))
    sizes = {}
    for group in groups:
        sizes[group] = sizes.get(group, 0) + 1
    weights = numpy.array([sizes[group] ** -0.5 for group in groups])
    return names, numpy.array(values, dtype=float), numpy.array(incidents), weights


def train(names, values, incidents, weights):
    constraint = {**dict.fromkeys(RISING, 1), **dict.fromkeys(FALLING, -1)}
    parameters = {**PARAMETERS, "monotone_constraints": [constraint.get(n, 0) for n in names]}
    data = lightgbm.Dataset(values, incidents, weight=weights, feature_name=names)
    return lightgbm.train(parameters, data, ROUNDS)


def nodes(tree):
    """A tree as a list: a split names its children by their places behind it."""
    found = []

    def walk(node):
        place = len(found)
        found.append(None)
        if "leaf_value" in node:
            found[place] = f"Node::Leaf({round(node['leaf_value'] * 1e6)})"
            return place
        left, right = walk(node["left_child"]), walk(node["right_child"])
        at = int(numpy.floor(node["threshold"]))
        feature = node["split_feature"]
        found[place] = (
            f"Node::Split {{ feature: {feature}, at: {at}, left: {left}, right: {right} }}"
        )
        return place

    walk(tree["tree_structure"])
    return found


def rust(names, model):
    trees = [nodes(tree) for tree in model.dump_model()["tree_info"]]
    features = "".join(f'    "{name}",\n' for name in names)
    body = "".join(
        f"    &[{', '.join(tree)}],\n" for tree in trees
    )
    return f"""//! Written by `tests/detection-lab/learned/train.py`; not by hand.

/// One node of a tree; a child stands behind its parent.
pub(super) enum Node {{
    /// To `left` where the feature is at most `at`, in millionths; else to `right`.
    Split {{ feature: u8, at: i64, left: u8, right: u8 }},
    /// What the tree adds, in millionths.
    Leaf(i32),
}}

/// Names of the features, in order.
pub const FEATURES: [&str; {len(names)}] = [
{features}];

#[rustfmt::skip]
pub(super) static TREES: [&[Node]; {len(trees)}] = [
{body}];
"""


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("features", type=pathlib.Path)
    names, values, incidents, weights = read(arguments.parse_args().features)
    print(f"{len(values)} events, {incidents.sum()} of them part of an incident")
    model = train(names, values, incidents, weights)
    TREES.write_text(rust(names, model))
    gain = sorted(zip(model.feature_importance("gain"), names), reverse=True)
    for share, name in gain[:10]:
        print(f"{share / sum(g for g, _ in gain):6.1%}  {name}")


if __name__ == "__main__":
    main()
