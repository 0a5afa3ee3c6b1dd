#!/usr/bin/env python3
"""Carries published price figures over into the tables of this folder (standard library only).

    python3 pricing-tables/carry_over.py --from ../shared/data/prices

README.md in this folder says where the figures come from. Figures are copied digit by digit,
only trailing zeros are cut off; a price of 0 never enters.
"""

import argparse
import csv
import gzip
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
WATCHER = "AWS pricing-page feed (kept by v0rts/aws-price-watcher c4a0470f, MIT)"
PAGES = "AWS pricing pages (kept by lamngockhuong/aws-price)"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="origin", required=True, type=Path)
    origin = parser.parse_args().origin
    ec2(origin)
    dedicated(origin)
    ebs(origin)
    nat_and_ipv4(origin)
    aws_lambda(origin)
    rds(origin)
    rds_ratio(origin)
    rds_storage(origin)
    cluster_engine(origin, "docdb", "docdb_2025-11.csv.gz", docdb_product)
    cluster_engine(origin, "neptune", "neptune_2025-11_nonambiguous.csv.gz", neptune_product)
    services(origin)


def rows(path):
    with gzip.open(path, "rt", newline="") as file:
        yield from csv.DictReader(file)


def plain(text):
    """The figure without trailing zeros, or None for 0."""
    number = Decimal(text)
    if number <= 0:
        return None
    return format(number.normalize(), "f")


class Grid:
    """A table of products by regions."""

    def __init__(self, title):
        self.title = title
        self.sources = {}
        self.products = {}
        self.cells = defaultdict(dict)

    def source(self, name, as_of):
        return self.sources.setdefault((name, as_of), f"s{len(self.sources) + 1}")

    def put(self, product, unit, region, usd, source):
        figure = plain(usd)
        if figure is None or not region:
            return
        before = self.cells[product].get(region)
        if before is not None and before != figure:
            raise SystemExit(f"{product} in {region} has two prices: {before} and {figure}")
        self.products.setdefault(product, (unit, source))
        self.cells[product][region] = figure

    def write(self, name):
        regions = sorted({region for cells in self.cells.values() for region in cells})
        used = {source for _, source in self.products.values()}
        with open(HERE / f"{name}.csv", "w", newline="") as file:
            for line in self.title.splitlines():
                file.write(f"# {line}\n")
            for (source, as_of), key in self.sources.items():
                if key in used:
                    file.write(f"#@source {key} {as_of} {source}\n")
            out = csv.writer(file, lineterminator="\n")
            out.writerow(["product", "unit", "source", *regions])
            for product in sorted(self.products):
                unit, source = self.products[product]
                cells = self.cells[product]
                out.writerow([product, unit, source, *(cells.get(region, "") for region in regions)])


SYSTEMS = ["linux", "mswin", "rhel", "sles", "ubuntu"]


def ec2(origin):
    prices, spot = defaultdict(dict), defaultdict(dict)
    for row in rows(origin / "ec2_ondemand_flat_linux_windows_rhel_sles_ubuntu.csv.gz"):
        key, system = (row["instance_type"], row["region_code"]), row["operating_system"]
        prices[key][system] = plain(row["ondemand_usd_per_hour"]) or ""
        if system in ("linux", "mswin") and row["spot_avg_usd_per_hour"]:
            spot[key][system] = plain(row["spot_avg_usd_per_hour"]) or ""
    with open(HERE / "ec2.csv", "w", newline="") as file:
        file.write("# EC2 instances, shared tenancy, US dollars an hour: on demand by operating system,\n")
        file.write("# and the average Spot price (RHEL, SUSE and Ubuntu Pro add the same fee on Spot).\n")
        file.write("#@source list 2026-07 AWS price list (Vantage's public table)\n")
        file.write("#@source spot 2026-07 average Spot price (Vantage's public table)\n")
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["type", "region", "linux", "windows", "rhel", "suse", "ubuntu-pro",
                      "spot-linux", "spot-windows"])
        for key in sorted(prices):
            cells = prices[key]
            out.writerow([*key, *(cells.get(system, "") for system in SYSTEMS),
                          spot[key].get("linux", ""), spot[key].get("mswin", "")])


def terracost(origin):
    for row in rows(origin / "terracost_eu-west-1_2023-02-23_flat.csv.gz"):
        row["attributes"] = json.loads(row["attributes_json"])
        yield row


PLAIN = {"service": "AmazonEC2", "term": "OnDemand", "family": "Compute Instance"}
PLAIN_LINUX = {"OperatingSystem": "Linux", "CapacityStatus": "Used", "PreInstalledSW": "NA",
               "LicenseModel": "No License required"}


def is_plain_linux(row):
    """An instance by the hour, without anything that has a price of its own."""
    return PLAIN.items() <= row.items() and PLAIN_LINUX.items() <= row["attributes"].items()


def dedicated(origin):
    """What dedicated tenancy adds, as a share of the Linux price: the dearest size of a family."""
    price = {}
    for row in terracost(origin):
        a = row["attributes"]
        if is_plain_linux(row):
            price[a["InstanceType"], a["Tenancy"]] = Decimal(row["price"])
    grid = Grid("What dedicated tenancy adds to an EC2 instance, as a share of its Linux price by family:\n"
                "the largest share among the sizes of the family. Bare metal adds nothing. The fee of $2 an\n"
                "hour and region is not in here.")
    source = grid.source("AWS price list of eu-west-1, by rule (cycloidio/terracost 23cf94d2, MIT)", "2023-02-23")
    shares = defaultdict(Decimal)
    for (name, tenancy), usd in price.items():
        shared = price.get((name, "Shared"))
        family, size = name.split(".")
        if tenancy == "Dedicated" and shared and usd > shared and "metal" not in size:
            share = (usd / shared - 1).quantize(Decimal("0.0001"), rounding="ROUND_CEILING")
            shares[family] = max(shares[family], share)
    for family, share in shares.items():
        grid.put(family, "ratio", "any", str(share), source)
    grid.write("dedicated")


EBS = {
    "Storage General Purpose gp2 GB Mo": ("gp2/storage", "GiB-month"),
    "Storage General Purpose gp3 GB Mo": ("gp3/storage", "GiB-month"),
    "Provisioned EBS IOPS gp3 Volumes per IOPS Mo": ("gp3/iops", "IOPS-month"),
    "Provisioned Throughput gp3 per GiBps mo": ("gp3/throughput", "MiB/s-month"),
    "Storage Provisioned IOPS io1 GB Mo": ("io1/storage", "GiB-month"),
    "Provisioned EBS IOPS io1 Volumes per IOPS Mo": ("io1/iops", "IOPS-month"),
    "Storage Provisioned IOPS io2 GB month": ("io2/storage", "GiB-month"),
    "Provisioned EBS IOPS io2 Volumes per IOPS Mo": ("io2/iops", "IOPS-month"),
    "Provisioned EBS IOPS Tier 2 io2 Volumes per IOPS Mo": ("io2/iops-above-32000", "IOPS-month"),
    "Provisioned EBS IOPS Tier 3 io2 Volumes per IOPS Mo": ("io2/iops-above-64000", "IOPS-month"),
    "Storage Throughput Optimized HDD st1 GB Mo": ("st1/storage", "GiB-month"),
    "Storage Cold HDD sc1 GB Mo": ("sc1/storage", "GiB-month"),
    "Storage Magnetic standard GB Mo": ("standard/storage", "GiB-month"),
    "Provisioned EBS I O Requests standard Volumes per IOs": ("standard/request", "request"),
}


def ebs(origin):
    grid = Grid("EBS volumes: storage, provisioned IOPS and throughput by the month of 730 hours, US dollars.\n"
                "io2 IOPS above 32,000 and above 64,000 have prices of their own.")
    source = grid.source("AWS pricing-page feed (kept by yeo/ec2.shop 74c9fd8a, MIT)", "2024-07-18")
    for row in rows(origin / "ebs_2024-07-18.csv.gz"):
        if row["metric"] not in EBS:
            continue
        product, unit = EBS[row["metric"]]
        usd = row["usd"]
        if product == "gp3/throughput":  # published by the GiB/s
            usd = str(Decimal(usd) / 1024)
        grid.put(product, unit, row["region"], usd, source)
    grid.write("ebs")


PAGE_NAMES = {
    "Hourly charge for NAT Gateways": ("nat", "nat-gateway/hour", "hour"),
    "Charge for per GB data processed by NatGateways": ("nat", "nat-gateway/traffic", "GB"),
    "Hourly charge for In use Public IPv4 Addresses per Hrs": ("ipv4", "public-ipv4/hour", "hour"),
}


def nat_and_ipv4(origin):
    grids = {"nat": Grid("NAT gateways: by the hour and by the GB, US dollars."),
             "ipv4": Grid("Public IPv4 addresses, used or idle, US dollars an hour.")}
    for row in rows(origin / "aws_pricing_pages_2025-11_flat.csv.gz"):
        if row["name"] in PAGE_NAMES:
            table, product, unit = PAGE_NAMES[row["name"]]
            grid = grids[table]
            grid.put(product, unit, row["region_code"], row["price_usd"], grid.source(PAGES, "2025-11"))
    for name, grid in grids.items():
        grid.write(name)


LAMBDA = {
    "Lambda Duration": ("x86/duration", "GB-second"),
    "Lambda Duration-ARM": ("arm/duration", "GB-second"),
    "Lambda Requests": ("x86/request", "request"),
    "Lambda Requests-ARM": ("arm/request", "request"),
    "Lambda Storage-Duration": ("x86/ephemeral-storage", "GB-second"),
    "Lambda Storage-Duration-ARM": ("arm/ephemeral-storage", "GB-second"),
    "Lambda Provisioned-Concurrency": ("x86/provisioned", "GB-second"),
    "Lambda Provisioned-Concurrency-ARM": ("arm/provisioned", "GB-second"),
    "Lambda Duration-Provisioned": ("x86/provisioned-duration", "GB-second"),
    "Lambda Duration-Provisioned-ARM": ("arm/provisioned-duration", "GB-second"),
}


def aws_lambda(origin):
    grid = Grid("Lambda: duration by the GB-second (first tier), requests, storage above 512 MB, and\n"
                "provisioned concurrency, US dollars.")
    for row in rows(origin / "aws_pricing_pages_2025-11_flat.csv.gz"):
        if row["service"] == "lambda" and row["name"] in LAMBDA:
            product, unit = LAMBDA[row["name"]]
            grid.put(product, unit, row["region_code"], row["price_usd"], grid.source(PAGES, "2025-11"))
    grid.write("lambda")


ENGINES = {
    "PostgreSQL": "postgres", "MySQL": "mysql", "MariaDB": "mariadb",
    "Oracle Enterprise": "oracle-ee", "Oracle Standard Two": "oracle-se2",
    "SQL Server Enterprise": "sqlserver-ee", "SQL Server Standard": "sqlserver-se",
    "SQL Server Web": "sqlserver-web", "SQL Server Express": "sqlserver-ex",
    "SQL Server Developer": "sqlserver-dev", "Db2": "db2",
    "Aurora MySQL": "aurora-mysql", "Aurora PostgreSQL": "aurora-postgresql",
}
LICENCES = {
    "No license required": "none", "License included": "license-included",
    "Bring your own license": "bring-your-own-license", "Marketplace": "marketplace-license",
    "Customer-provided": "bring-your-own-license", "AWS-provided": "license-included",
}
DEPLOYMENTS = {"Single-AZ": "single-az", "Multi-AZ": "multi-az",
               "Multi-AZ readable standbys": "readable-standbys"}


def rds(origin):
    grid = Grid("RDS and Aurora instances, US dollars an hour: engine/licence/deployment/class.\n"
                "readable-standbys is the price of all three instances. io-optimized stands in the\n"
                "place of the licence. db.serverless is Aurora Serverless v2 by the ACU-hour.")
    for row in rows(origin / "rds_instances_2025-12.csv.gz"):
        engine = ENGINES.get(row["engine"])
        if engine is None:  # Oracle Standard: one row, no longer sold
            continue
        if row["service"] == "RDS Custom":
            engine = f"custom-{engine}"
        licence = "io-optimized" if row["storage_mode"] else LICENCES[row["license"]]
        name = row["instance_class"].split(",")[0]  # "db.m6i.large, vCPU: 2"
        product = f"{engine}/{licence}/{DEPLOYMENTS[row['deployment']]}/{name}"
        grid.put(product, "hour", row["region"], row["usd"], grid.source(WATCHER, row["price_date"]))
    for row in rows(origin / "aurora_storage_acu_2025-12.csv.gz"):
        engine, _, rest = row["metric"].partition(" ServerlessV2")
        if engine in ENGINES and (row["metric"] != engine):
            licence = "io-optimized" if "IO Optimization" in rest else "none"
            product = f"{ENGINES[engine]}/{licence}/single-az/db.serverless"
            grid.put(product, "ACU-hour", row["region"], row["usd"], grid.source(WATCHER, row["price_date"]))
    grid.write("rds")


def rds_ratio(origin):
    grid = Grid("Price of a region / price in us-east-1 by class family, PostgreSQL Single-AZ: the median of\n"
                "the classes. Used only for a class that rds.csv lacks in a region, never for SQL Server.")
    source = grid.source("derived from RDS prices in AWS pricing-page feeds", "2025-12")
    for row in rows(origin / "rds_region_ratio_postgresql_singleaz.csv.gz"):
        grid.put(row["family"], "ratio", row["region"], row["median_ratio_to_us_east_1"], source)
    grid.write("rds-ratio")


STORAGE_KINDS = {"General Purpose": "gp2", "General Purpose-GP3": "gp3", "Provisioned IOPS": "io1",
                 "Provisioned IOPS-IO2": "io2", "Magnetic": "standard"}
STORAGE_DEPLOYMENTS = {"Multi AZ SQL Server Mirror": "multi-az-sqlserver",
                       "Multi AZ readable standbys": "readable-standbys",
                       "Multi AZ": "multi-az", "Single AZ": "single-az"}
STORAGE_EXTRAS = {"Provisioned GP3 IOPS": ("gp3/iops", "IOPS-month"),
                  "Provisioned Throughput": ("gp3/throughput", "MiB/s-month"),
                  "Provisioned IOPS": ("io1/iops", "IOPS-month")}


def storage_product(metric):
    for words, deployment in STORAGE_DEPLOYMENTS.items():
        head = f"Database Storage {words} "
        if metric.startswith(head):
            kind = STORAGE_KINDS.get(metric[len(head):])
            return (f"{deployment}/{kind}/storage", "GiB-month") if kind else None
        for extra, (name, unit) in STORAGE_EXTRAS.items():
            if metric == f"{extra} {words}":
                return f"{deployment}/{name}", unit
    return None


AURORA_STORAGE = {
    "Database Storage DB Engine Aurora PostgreSQL General Purpose Aurora": ("aurora/none/storage", "GiB-month"),
    "Any IO Optimized Aurora": ("aurora/io-optimized/storage", "GiB-month"),
    "System Operation Aurora I O Operation": ("aurora/none/request", "request"),
}


def rds_storage(origin):
    grid = Grid("Storage of RDS instances, deployment/kind/what, by the month of 730 hours, and storage of\n"
                "Aurora clusters, US dollars. The figures hold for the whole deployment: Multi-AZ counts twice.\n"
                "io2 pays io1's IOPS price.")
    for row in rows(origin / "rds_storage_2025-12.csv.gz"):
        found = storage_product(row["metric"])
        if found:
            grid.put(*found, row["region"], row["usd"], grid.source(WATCHER, row["price_date"]))
    for row in rows(origin / "aurora_storage_acu_2025-12.csv.gz"):
        found = AURORA_STORAGE.get(row["metric"])
        if found:
            grid.put(*found, row["region"], row["usd"], grid.source(WATCHER, row["price_date"]))
    grid.write("rds-storage")


def docdb_product(row):
    metric, name = row["metric"], row["instance_type"]
    if metric.startswith("[OnDemand Y"):  # extended support
        return None
    if name:
        group = metric.split("]")[0]
        if "OnDemand" not in group:
            return None
        return f"docdb/{'io-optimized' if 'IO-Optimized' in group else 'none'}/single-az/{name}", "hour"
    return {"Database Storage": ("docdb/none/storage", "GiB-month"),
            "Database Storage IO-Optimized-DocDB": ("docdb/io-optimized/storage", "GiB-month"),
            "1 million IO requests": ("docdb/none/request", "request")}.get(metric)


def neptune_product(row):
    metric, name = row["metric"], row["instance_type"]
    if name:
        return f"neptune/{'io-optimized' if 'IO optimized' in metric else 'none'}/single-az/{name}", "hour"
    return {"Serverless": ("neptune/none/single-az/db.serverless", "ACU-hour"),
            "IO optimized Serverless General Purpose-Aurora":
                ("neptune/io-optimized/single-az/db.serverless", "ACU-hour"),
            "Storage Rate": ("neptune/none/storage", "GiB-month"),
            "IO optimized Storage Rate General Purpose-Aurora": ("neptune/io-optimized/storage", "GiB-month"),
            "IO Rate": ("neptune/none/request", "request")}.get(metric)


def cluster_engine(origin, name, file, product_of):
    label = {"docdb": "DocumentDB", "neptune": "Neptune"}[name]
    extra = "\ndb.serverless is by the NCU-hour (written ACU-hour)." if name == "neptune" else ""
    grid = Grid(f"{label} instances and storage, US dollars: engine/storage mode/deployment/class.{extra}")
    for row in rows(origin / file):
        found = product_of(row)
        if found:
            grid.put(*found, row["region"], row["usd"], grid.source(WATCHER, row["price_date"]))
    grid.write(name)


BALANCERS = {f"{name} Load Balancer Hours": f"load-balancer/{name.lower()}"
             for name in ("Application", "Network", "Gateway", "Classic")}
SMALL_PAGES = {
    ("vpc", "Hourly charge for VPC Endpoints per Hrs"): ("vpc-endpoint/hour", "hour"),
    ("dynamodb", "Provisioned Read Units"): ("dynamodb/read-unit", "hour"),
    ("dynamodb", "Provisioned Write Units"): ("dynamodb/write-unit", "hour"),
    ("cloudwatch", "Stored Data"): ("log-storage/kept", "GiB-month"),
}


def services(origin):
    """What is looked for in a customer's account and has no table of its own."""
    grid = Grid("What stands in an account and is paid by the hour or by the month, US dollars: snapshots, load\n"
                "balancers, interface endpoints (by the zone), DynamoDB capacity units, kept logs, SageMaker\n"
                "notebooks (the only prices of SageMaker instances that are known).")
    source = grid.source("AWS pricing-page feed (kept by yeo/ec2.shop 74c9fd8a, MIT)", "2024-07-18")
    for row in rows(origin / "ebs_2024-07-18.csv.gz"):
        if row["metric"] == "Storage Snapshot Amazon S3 GB Mo":
            grid.put("ebs-snapshot/storage", "GiB-month", row["region"], row["usd"], source)
    for row in rows(origin / "rds_storage_2025-12.csv.gz"):
        if row["metric"] == "Storage Snapshot":
            source = grid.source(WATCHER, row["price_date"])
            grid.put("rds-snapshot/storage", "GiB-month", row["region"], row["usd"], source)
    for row in rows(origin / "elb_2025-11.csv.gz"):
        if row["metric"] in BALANCERS:
            source = grid.source(WATCHER, row["price_date"])
            grid.put(BALANCERS[row["metric"]], "hour", row["region"], row["usd"], source)
    for row in rows(origin / "aws_pricing_pages_2025-11_flat.csv.gz"):
        found = SMALL_PAGES.get((row["service"], row["name"]))
        if found:
            grid.put(*found, row["region_code"], row["price_usd"], grid.source(PAGES, "2025-11"))
    for row in rows(origin / "sagemaker_studio_notebook_2025-12.csv.gz"):
        source = grid.source(WATCHER, row["price_date"])
        grid.put(f"sagemaker-notebook/{row['instance_type']}", "hour", row["region"], row["usd"], source)
    grid.write("services")


if __name__ == "__main__":
    main()
