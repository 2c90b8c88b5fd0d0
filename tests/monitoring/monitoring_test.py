"""deploy/monitoring speaks of nothing but what running services tell, and of all of it. Run by tests/monitoring/run, which
starts them and sets KLYNGE_METRICS to where it wrote what they answered."""

import importlib.machinery
import importlib.util
import json
import os
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MONITORING = ROOT / "deploy" / "monitoring"
ANSWERS = pathlib.Path(os.environ["KLYNGE_METRICS"])
SERVICES = ("organisation", "goals", "observations", "courses")

RULES = (MONITORING / "rules.yaml").read_text(encoding="utf-8")
README = (MONITORING / "README.md").read_text(encoding="utf-8")


def families(service):
    """Name → type of every metric that the service tells."""
    text = (ANSWERS / f"{service}.metrics").read_text(encoding="utf-8")
    return dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE))


def labels(service):
    """Name → names of the labels that its series have."""
    text = (ANSWERS / f"{service}.metrics").read_text(encoding="utf-8")
    found = {}
    for name, inside in re.findall(r"^(\w+)\{([^}]*)\}", text, re.MULTILINE):
        name = re.sub(r"_(bucket|sum|count)$", "", name) if name not in found else name
        found.setdefault(name, set()).update(set(re.findall(r'(\w+)="', inside)) - {"le"})
    return found


def documented():
    """Name → (type, labels) of the table in README.md."""
    rows = re.findall(r"^\| `(klynge_\w+)` \| (\w+) \| ([^|]*)\|", README, re.MULTILINE)
    return {name: (kind, set(re.findall(r"`(\w+)`", known))) for name, kind, known in rows}


def told():
    together = {}
    for service in SERVICES:
        together.update(families(service))
    return together


def metrics_in(expression):
    """What a PromQL expression or a text asks of the services, without the ends of histograms' series."""
    recorded = set(re.findall(r"job(?:_method)?:\w+:\w+", expression))
    for name in recorded:
        expression = expression.replace(name, "")
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in re.findall(r"\bklynge_\w+", expression)}


class Table(unittest.TestCase):
    def test_has_every_metric_and_no_other(self):
        self.assertEqual(sorted(documented()), sorted(told()))

    def test_says_of_what_type_each_is(self):
        self.assertEqual({name: kind for name, (kind, _) in documented().items()}, told())

    def test_has_the_labels_that_are_told(self):
        for service in SERVICES:
            for name, found in labels(service).items():
                self.assertEqual(found, documented()[name][1], name)

    def test_is_the_same_for_all_services_but_for_what_only_some_have(self):
        only_some = {"klynge_tree_revision", "klynge_tree_age_seconds", "klynge_answer_cache_total",
                     "klynge_answer_cache_bytes", "klynge_peer_breaker_state", "klynge_peer_hedged_total"}
        for service in SERVICES:
            self.assertEqual(set(told()) - set(families(service)) - only_some, set(), service)


class Rules(unittest.TestCase):
    def test_ask_for_what_is_told(self):
        self.assertEqual(metrics_in(RULES) - set(told()), set())

    def test_each_alert_has_a_section_on_what_to_do(self):
        alerts = re.findall(r"- alert: (\w+)", RULES)
        runbooks = re.findall(r"runbook: (\S+)#(\S+)", RULES)
        self.assertEqual(len(runbooks), len(alerts))
        for alert, (path, anchor) in zip(alerts, runbooks):
            self.assertEqual(anchor, alert.lower())
            self.assertIn(f"### {alert}\n", (ROOT / path).read_text(encoding="utf-8"))

    def test_each_alert_is_tried_both_ways(self):
        tests = (MONITORING / "rules_test.yaml").read_text(encoding="utf-8")
        for alert in re.findall(r"- alert: (\w+)", RULES):
            tried = re.findall(rf"alertname: {alert}\n +exp_alerts:(.*)", tests)
            self.assertIn("", tried, f"{alert} never fires in a test")
            self.assertIn(" []", tried, f"{alert} always fires in tests")

    def test_recorded_names_that_are_used_are_recorded(self):
        recorded = set(re.findall(r"record: (\S+)", RULES))
        dashboard = (MONITORING / "dashboard.json").read_text(encoding="utf-8")
        self.assertEqual(set(re.findall(r"\bjob(?:_method)?:\w+:\w+", RULES + dashboard)) - recorded, set())


class Dashboard(unittest.TestCase):
    def setUp(self):
        self.dashboard = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))
        self.panels = [p for p in self.dashboard["panels"] if p["type"] != "row"]

    def test_shows_what_is_told(self):
        asked = set().union(*(metrics_in(t["expr"]) for p in self.panels for t in p["targets"]))
        self.assertEqual(asked - set(told()), set())

    def test_is_what_make_dashboard_makes(self):
        path = str(MONITORING / "make_dashboard")
        spec = importlib.util.spec_from_loader("maker", importlib.machinery.SourceFileLoader("maker", path))
        maker = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(maker)
        self.assertEqual(maker.dashboard(), self.dashboard)

    def test_panels_do_not_overlap(self):
        taken = set()
        for place in (p["gridPos"] for p in self.dashboard["panels"]):
            cells = {(x, y) for x in range(place["x"], place["x"] + place["w"])
                     for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(taken & cells)
            taken |= cells


class Probes(unittest.TestCase):
    def test_every_service_lives_and_is_ready(self):
        for service in SERVICES:
            self.assertTrue(json.loads((ANSWERS / f"{service}.livez").read_text())["live"])
            self.assertTrue(json.loads((ANSWERS / f"{service}.readyz").read_text())["ready"])


if __name__ == "__main__":
    unittest.main()
