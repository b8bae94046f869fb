#!/bin/bash
# Metrics have one name everywhere: what the sources register is what the
# manual describes, alerts and dashboard use nothing else, names follow
# Prometheus' conventions; promtool takes every expression, and each alert has a
# test in which it fires and one in which it does not.
. "$(dirname "$0")/lib.sh"
PATH=$PATH:$PWD/build/tools # see config/install.sh
rules=config/monitoring/rewatch.rules.yaml
dashboard=config/monitoring/rewatch.dashboard.json
tests=tests/checks/rewatch.rules.test.yaml

# What promtool says when it is not content.
promtool_says() {
	local output
	output=$(promtool "$@" 2>&1) || echo "$output"
}

# The names, against each other.
names() {
	/usr/bin/python3 - "$rules" "$dashboard" <<'PY'
import pathlib
import re
import sys

NAME = r"(?:rewatch|process)_[a-z0-9_]+"
PARTS = {"common": "rewatch.7", "api-server": "api-server.8",
         "enrich-daemon": "enrich-daemon.8"}
KINDS = {"counter": r"_total$", "histogram": r"_seconds$",
         "gauge": r"(?<!_total)$"}


def registered(directory):
    """The names of metrics in the sources: they are written out there."""
    names = set()
    for source in pathlib.Path(directory).glob("**/*.c"):
        if "node_modules" not in source.parts:
            names.update(re.findall(rf'"({NAME})"', source.read_text()))
    return names


names = {directory: registered(directory) for directory in PARTS}
# What each program registers by itself, both have.
both = names["api-server"] & names["enrich-daemon"]
names["common"] |= both
names["api-server"] -= both
names["enrich-daemon"] -= both
everything = {}
for directory, page in PARTS.items():
    text = pathlib.Path("config/man", page).read_text()
    described = dict(re.findall(rf"^\.It Ic ({NAME}) Pq (\w+)", text, re.M))
    everything |= described
    known = names[directory]
    for name in sorted(known - described.keys()):
        print(f"{name} of {directory} is not in {page}")
    for name in sorted(described.keys() - known):
        print(f"{name} is in {page}, but not in {directory}")
for name, kind in sorted(everything.items()):
    if not re.search(KINDS[kind], name):
        print(f"{name}: not the name of a {kind}")
for path in sys.argv[1:]:
    used = set(re.findall(NAME, pathlib.Path(path).read_text()))
    for name in sorted(used):
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        if name not in everything and everything.get(base) != "histogram":
            print(f"{path} uses {name}, which there is not")
    if len(used) < 10:
        print(f"{path} uses hardly any metric: {used}")
PY
}

# Alerts have all that a person needs at night; panels do not overlap.
shapes() {
	/usr/bin/python3 - "$rules" "$dashboard" <<'PY'
import itertools
import json
import sys

import yaml

rules, dashboard = sys.argv[1:]
for group in yaml.safe_load(open(rules))["groups"]:
    for rule in group["rules"]:
        if rule["labels"].get("severity") not in ("critical", "warning"):
            print(f"{rule['alert']}: severity")
        for key, least in (("summary", 20), ("description", 100)):
            if len(rule["annotations"].get(key, "")) < least:
                print(f"{rule['alert']}: hardly a {key}")

panels = json.load(open(dashboard))["panels"]
if len({panel["id"] for panel in panels}) != len(panels):
    print("two panels have the same id")


def apart(a, b):
    return (a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
            or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"])


for one, other in itertools.combinations(panels, 2):
    if not apart(one["gridPos"], other["gridPos"]):
        print(f"{one['title']} lies on {other['title']}")
for panel in panels:
    if panel["gridPos"]["x"] + panel["gridPos"]["w"] > 24:
        print(f"{panel['title']} is wider than the page")
PY
}

# For promtool: the alerts without their texts, which tests need not repeat,
# and the dashboard's expressions as rules.
derive() {
	/usr/bin/python3 - "$rules" "$dashboard" "$work" <<'PY'
import json
import pathlib
import sys

import yaml

rules, dashboard, work = sys.argv[1:]
bare = yaml.safe_load(open(rules))
for group in bare["groups"]:
    for rule in group["rules"]:
        del rule["annotations"]
pathlib.Path(work, "rules.yaml").write_text(yaml.safe_dump(bare))
expressions = [target["expr"].replace("$__rate_interval", "5m")
               for panel in json.load(open(dashboard))["panels"]
               for target in panel.get("targets", [])]
pathlib.Path(work, "panels.yaml").write_text(yaml.safe_dump(
    {"groups": [{"name": "panels", "rules": [
        {"record": f"panel:{n}", "expr": expression}
        for n, expression in enumerate(expressions)]}]}))
PY
}

# Alerts of which no test expects one, or none.
untested() {
	/usr/bin/python3 - "$rules" "$tests" <<'PY'
import sys

import yaml

rules, tests = (yaml.safe_load(open(path)) for path in sys.argv[1:])
fires, rests = set(), set()
for test in tests["tests"]:
    for expected in test["alert_rule_test"]:
        (fires if expected.get("exp_alerts") else rests).add(
            expected["alertname"])
for group in rules["groups"]:
    for name in (rule["alert"] for rule in group["rules"]):
        if name not in fires:
            print(f"{name} fires in no test")
        if name not in rests:
            print(f"{name} rests in no test")
PY
}

silent names names
silent shapes shapes
silent 'alerts without a test' untested
derive
cp $tests "$work/test.yaml"
silent "$rules" promtool_says check rules "$rules"
silent "$dashboard" promtool_says check rules "$work/panels.yaml"
silent "tests of $rules" promtool_says test rules "$work/test.yaml"
summary
