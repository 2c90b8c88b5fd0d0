"""Two observation rounds in the programme's areas: how it was in autumn 2021, and in autumn 2023."""

import dataclasses
import datetime
import random
import statistics

SEED = 20231201


@dataclasses.dataclass
class Round:
    """One round with its observations; `purpose` is "before" or "after"."""

    round_id: str
    purpose: str
    label: dict
    opens_on: str
    closes_on: str
    instrument_id: str
    root_unit_ids: list
    observations: list = dataclasses.field(default_factory=list)

    def request(self):
        """CreateRoundRequest."""
        return {
            "request_id": f"sample-{self.round_id}",
            "round": {
                "round_id": self.round_id,
                "label": self.label,
                "instrument_id": self.instrument_id,
                "opens_on": self.opens_on,
                "closes_on": self.closes_on,
                "root_unit_ids": self.root_unit_ids,
                "purpose": f"ROUND_PURPOSE_{self.purpose.upper()}",
            },
        }

    def messages(self):
        """RecordObservationsRequest: the options, then every observation."""
        yield {"options": {"only_problems": True}}
        for observation in self.observations:
            yield {"observation": observation}

    def ratings(self, unit_ids, item_id):
        """All ratings of one item in these units."""
        return [
            rating["value"]
            for observation in self.observations
            if observation["unit_id"] in unit_ids
            for rating in observation["ratings"]
            if rating["item_id"] == item_id
        ]

    def mean(self, unit_ids, item_id):
        return round(statistics.fmean(self.ratings(unit_ids, item_id)), 2)

    def share(self, unit_ids, item_id, favourable_from):
        values = self.ratings(unit_ids, item_id)
        return round(sum(value >= favourable_from for value in values) / len(values), 2)


def observe(city, instrument):
    """The rounds before and after, in that order."""
    roots = [team.area.unit_id for team in city.programme_teams()]
    roots = sorted(set(roots), key=roots.index)
    before = Round(
        "r-2021-efteraar",
        "before",
        {"da": "Før uddannelsen, efteråret 2021", "en": "Before the education, autumn 2021"},
        "2021-09-15",
        "2021-11-30",
        instrument["instrument_id"],
        roots,
    )
    after = Round(
        "r-2023-efteraar",
        "after",
        {"da": "Efter uddannelsen, efteråret 2023", "en": "After the education, autumn 2023"},
        "2023-09-15",
        "2023-11-30",
        instrument["instrument_id"],
        roots,
    )
    rng = random.Random(SEED)
    item_levels = {item["item_id"]: rng.gauss(0, 0.06) for item in instrument["items"]}
    for team in city.programme_teams():
        quality = rng.gauss(0.52, 0.07)
        # Most teams get better, some stay where they were, a few lose ground.
        gain = rng.choices([rng.uniform(0.06, 0.18), rng.uniform(-0.01, 0.03), rng.uniform(-0.06, -0.02)], [75, 15, 10])[0]
        for unit_id in team.institutions:
            level = quality + rng.gauss(0, 0.05)
            # Some institutions are small and get few observations: their figures must not be shown.
            visits = rng.choices([rng.randint(2, 4), rng.randint(6, 12)], [10, 90])[0]
            for round_, shift in ((before, 0.0), (after, gain)):
                _visit(rng, round_, instrument, unit_id, visits, level + shift, item_levels)
    return [before, after]


def _visit(rng, round_, instrument, unit_id, visits, level, item_levels):
    opens = datetime.date.fromisoformat(round_.opens_on)
    days = (datetime.date.fromisoformat(round_.closes_on) - opens).days
    for number in range(1, visits + 1):
        day = opens + datetime.timedelta(days=rng.randint(0, days))
        if day.weekday() > 4:
            day -= datetime.timedelta(days=2)
        round_.observations.append(
            {
                "observation_id": f"o-{opens.year}-{unit_id}-{number:02d}",
                "round_id": round_.round_id,
                "unit_id": unit_id,
                "observed_on": max(day, opens).isoformat(),
                "observer_role": rng.choice(instrument["observer_roles"])["code"],
                "perspective": rng.choice(instrument["perspectives"])["code"],
                "ratings": [
                    {"item_id": item["item_id"], "value": _rate(rng, instrument, item, level + item_levels[item["item_id"]])}
                    for item in instrument["items"]
                ],
            }
        )


def _rate(rng, instrument, item, level):
    """A rating on the item's scale; level 0 is its lowest value and 1 its highest."""
    scale = next(scale for scale in instrument["scales"] if scale["scale_id"] == item["scale_id"])
    low, high = scale.get("minimum", 0), scale["maximum"]
    value = round(low + rng.gauss(level, 0.18) * (high - low))
    return min(high, max(low, value))
