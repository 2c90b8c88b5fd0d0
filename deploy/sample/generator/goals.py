"""Goals at every level of the programme's areas, each carrying forward one above it, and what came of them."""

import random

SEED = 20211001
START, AGREED, DUE = "2021-12-01", "2022-01-15", "2023-12-15"
FOLLOW_UPS = ["2022-04-20", "2022-10-12", "2023-04-19", "2023-10-11"]
ROWS_PER_MESSAGE = 25

# What the goals of one guidepost are called: of a team, and of a single institution.
TITLES = {
    "social_relations": (
        "Alle børn har gode relationer til voksne og kammerater",
        "Hvert barn mødes ved navn og blik ved ankomst",
    ),
    "inclusion_and_community": (
        "Ingen børn står uden for fællesskabet",
        "Legegrupper sættes, så alle har nogen at lege med",
    ),
    "language": ("Sproget bruges og udvides hele dagen", "De voksne stiller åbne spørgsmål i rutinerne"),
    "parent_collaboration": (
        "Forældre er medskabere af barnets læring og trivsel",
        "Forældre hører hver måned, hvad gruppen er optaget af",
    ),
    "coherence_and_transitions": (
        "Overgange mellem institutioner og til skolen hænger sammen",
        "Hvert barn følges over broen af en kendt voksen",
    ),
    "reflection_and_method": (
        "Praksis undersøges systematisk, før den ændres",
        "Stuemødet begynder med en observation",
    ),
}
DRAFT_TITLE = "Klyngens ressourcer følger de fastsatte mål"
MEETINGS_TITLE = "Faglige refleksionsmøder er faste og forberedte"


class GoalWriter:
    """Writes GoalRows; every code in them is one that the framework has."""

    def __init__(self, framework, instrument, rounds):
        self._framework_id = framework["framework_id"]
        self.core_areas = [area["code"] for area in framework["core_areas"]]
        self.guideposts = [guidepost["code"] for guidepost in framework["guideposts"]]
        self.themes = [theme["code"] for theme in framework["curriculum_themes"]]
        self._items = {(item["guidepost_code"], item["scale_id"]): item["item_id"] for item in instrument["items"]}
        self._instrument = instrument
        self._before, self._after = rounds

    def row(self, goal_id, unit_id, parent, title, core_areas, guideposts=(), themes=(), criteria=()):
        goal = {
            "goal_id": goal_id,
            "unit_id": unit_id,
            "title": title,
            "framework_id": self._framework_id,
            "core_area_codes": list(core_areas),
            "guidepost_codes": list(guideposts),
            "curriculum_theme_codes": list(themes),
            "starts_on": START,
            "follow_up_interval_days": 200,
            "criteria": list(criteria),
        }
        if parent:
            goal["parent_goal_id"] = parent
        return {"goal": goal}

    def shown(self, unit_id, team):
        """The units whose figure a leader of this one can know: its own, or the team's when it is too small."""
        count = sum(observation["unit_id"] == unit_id for observation in self._before.observations)
        return [unit_id] if count >= 5 else team.institutions

    def mean_criterion(self, units, guidepost, gain=0.4):
        """The mean of the guidepost's 1–7 item, from where it was in the round before."""
        item_id = self._items[guidepost, "seven_point"]
        baseline = self._before.mean(units, item_id)
        return self._bound(item_id, "MEAN", "points 1–7", baseline, min(6.8, baseline + gain))

    def green_criterion(self, units, guidepost, gain=0.2):
        """The share of green of the guidepost's traffic-light item, likewise."""
        item_id = self._items[guidepost, "traffic_light"]
        green = next(s["favourable_from"] for s in self._instrument["scales"] if s["scale_id"] == "traffic_light")
        baseline = self._before.share(units, item_id, green)
        return self._bound(item_id, "SHARE_OF_GREEN", "share of green", baseline, min(1, baseline + gain))

    def _bound(self, item_id, statistic, unit_of_measure, baseline, target):
        text = next(item["text"]["da"] for item in self._instrument["items"] if item["item_id"] == item_id)
        assert target > baseline, (item_id, baseline)
        return {
            "indicator": text[:200],
            "unit_of_measure": unit_of_measure,
            "baseline": baseline,
            "target": round(target, 2),
            "due_date": DUE,
            "binding": {
                "instrument_id": self._instrument["instrument_id"],
                "item_id": item_id,
                "round_id": self._after.round_id,
                "statistic": f"INDICATOR_STATISTIC_{statistic}",
            },
        }


def agree(row, role):
    row["agreement"] = {"role": role, "agreed_on": AGREED}
    return row


def follow_up(row, role, values=()):
    """Adds a follow-up at each of FOLLOW_UPS; with figures while there are any, else a conversation."""
    row["check_ins"] = []
    for place, day in enumerate(FOLLOW_UPS):
        check_in = {"checked_on": day, "role": role, "note": "Drøftet i ledelsesteamet og med medarbejderne."}
        if place < len(values):
            check_in["value"] = values[place]
        row["check_ins"].append(check_in)
    return row


def messages(city, framework, instrument, rounds):
    """ImportGoalsRequest: options and rows, parents before children."""
    rows = list(_rows(city, GoalWriter(framework, instrument, rounds)))
    for first in range(0, len(rows), ROWS_PER_MESSAGE):
        message = {"rows": rows[first : first + ROWS_PER_MESSAGE]}
        if first == 0:
            message = {"options": {"request_id": "sample-goals"}, **message}
        yield message


def _rows(city, writer):
    rng = random.Random(SEED)
    everywhere = [unit for team in city.programme_teams() for unit in team.institutions]
    top = writer.row(
        "maal-buf-kvalitet",
        "buf",
        "",
        "Alle børn og unge møder læringsmiljøer af høj kvalitet",
        writer.core_areas[3:6],
        writer.guideposts,
        criteria=[
            writer.mean_criterion(everywhere, "social_relations"),
            writer.green_criterion(everywhere, "reflection_and_method"),
        ],
    )
    yield follow_up(agree(top, "board_member"), "board_member")
    areas = list(dict.fromkeys(team.area.unit_id for team in city.programme_teams()))
    for area_id in areas:
        teams = [team for team in city.programme_teams() if team.area.unit_id == area_id]
        yield from _area_rows(writer, area_id, [unit for team in teams for unit in team.institutions])
        for place, team in enumerate(teams):
            yield from _team_rows(rng, writer, team, place)


def _area_rows(writer, area_id, units):
    for place, guidepost in enumerate(("language", "coherence_and_transitions")):
        row = writer.row(
            f"maal-{area_id}-{place + 1}",
            area_id,
            "maal-buf-kvalitet",
            TITLES[guidepost][0],
            [writer.core_areas[0], writer.core_areas[5 + place * 3]],
            [guidepost],
            criteria=[writer.mean_criterion(units, guidepost)],
        )
        yield follow_up(agree(row, "area_chief"), "area_chief")


def _team_rows(rng, writer, team, place):
    leader = "cluster_leader" if team.kind == "cluster" else "pedagogical_leader"
    guidepost = writer.guideposts[place % len(writer.guideposts)]
    core_areas = [writer.core_areas[place % 9], writer.core_areas[(place + 4) % 9]]
    quality = writer.row(
        f"maal-{team.unit_id}-kvalitet",
        team.unit_id,
        f"maal-{team.area.unit_id}-{place % 2 + 1}",
        TITLES[guidepost][0],
        core_areas,
        [guidepost],
        [writer.themes[place % len(writer.themes)]],
        [writer.mean_criterion(team.institutions, guidepost)],
    )
    yield follow_up(agree(quality, leader), leader)

    meetings = writer.row(
        f"maal-{team.unit_id}-refleksion",
        team.unit_id,
        "maal-buf-kvalitet",
        MEETINGS_TITLE,
        list(dict.fromkeys(["professional_learning", writer.core_areas[(place + 2) % 9]])),
        ["reflection_and_method"],
        criteria=[
            {
                "indicator": "Afholdte refleksionsmøder pr. institution pr. halvår",
                "unit_of_measure": "møder",
                "baseline": 2,
                "target": 10,
                "due_date": DUE,
            }
        ],
    )
    held = 2
    values = []
    for _ in FOLLOW_UPS:
        held = min(11, held + rng.randint(0, 3))
        values.append(held)
    follow_up(agree(meetings, leader), leader, values)
    if place % 5 == 4:
        # One team in five has not followed up lately; that is to be seen too.
        del meetings["check_ins"][1:]
    yield meetings
    if place % 3 == 0:
        yield writer.row(f"maal-{team.unit_id}-ressourcer", team.unit_id, "", DRAFT_TITLE, ["strategic_resources"])
    for unit_id in team.institutions[:2]:
        own = writer.row(
            f"maal-{unit_id}",
            unit_id,
            f"maal-{team.unit_id}-kvalitet",
            TITLES[guidepost][1],
            core_areas[:1],
            [guidepost],
            criteria=[writer.green_criterion(writer.shown(unit_id, team), guidepost)],
        )
        yield follow_up(agree(own, "pedagogical_leader"), "pedagogical_leader")
