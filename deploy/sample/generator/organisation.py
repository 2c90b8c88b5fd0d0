"""The administration, its areas, clusters, networks and institutions, and who leads what, since when."""

import dataclasses
import random

from generator import names

SEED = 20210901
START = "2019-01-01"

# Leaders per team in the two areas of the programme. With one cluster leader for each cluster these are exactly
# the 120 leaders that the programme has funds for; a network of self-owned institutions has no cluster leader.
PEDAGOGICAL_LEADERS = {
    "vvk": [6, 5, 6, 5, 6, 5, 6, 5, 6],
    "ioe": [6, 5, 6, 5, 6, 5, 6, 5],
}
NETWORK_LEADERS = {"vvk": 5, "ioe": 4}

KINDS = ["nursery", "kindergarten", "integrated_day_care", "after_school_centre", "club"]
KIND_WEIGHTS = [13, 20, 40, 16, 11]


@dataclasses.dataclass(frozen=True)
class Area:
    code: str
    unit_id: str
    name: str
    clusters: int
    in_programme: bool = False


AREAS = [
    Area("vvk", "omr-vvk", "Vesterbro, Valby, Kongens Enghave", 9, True),
    Area("ioe", "omr-indreby-oesterbro", "Indre By, Østerbro", 8, True),
    Area("ama", "omr-amager", "Amager", 9),
    Area("nob", "omr-noerrebro-bispebjerg", "Nørrebro, Bispebjerg", 7),
    Area("vbh", "omr-vanloese-broenshoej-husum", "Vanløse, Brønshøj, Husum", 7),
]


@dataclasses.dataclass
class Team:
    """A cluster or network with its institutions."""

    unit_id: str
    name: str
    kind: str
    area: Area
    institutions: list = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class City:
    units: list = dataclasses.field(default_factory=list)
    persons: list = dataclasses.field(default_factory=list)
    assignments: list = dataclasses.field(default_factory=list)
    positions: list = dataclasses.field(default_factory=list)
    substitutions: list = dataclasses.field(default_factory=list)
    employments: list = dataclasses.field(default_factory=list)
    teams: list = dataclasses.field(default_factory=list)

    def add_unit(self, unit_id, kind, name, parent_id, valid_from=START, valid_to=""):
        self.units.append(
            dict(unit_id=unit_id, kind=kind, name=name, parent_id=parent_id, valid_from=valid_from, valid_to=valid_to)
        )

    def add_leader(self, person_id, name, role, unit_ids, valid_from=START, valid_to=""):
        self.persons.append(dict(person_id=person_id, name=name))
        for unit_id in unit_ids:
            self.assign(person_id, role, unit_id, valid_from, valid_to)

    def assign(self, person_id, role, unit_id, valid_from=START, valid_to=""):
        # Ids are at most 64 characters, so an assignment is named by its unit, role and year.
        assignment_id = f"a-{unit_id}-{role.replace('_', '-')}-{len(self.assignments) + 1:04d}"
        self.assignments.append(
            dict(
                assignment_id=assignment_id,
                person_id=person_id,
                role=role,
                unit_id=unit_id,
                valid_from=valid_from,
                valid_to=valid_to,
            )
        )

    def add_position(self, unit_id, role, responsibilities, valid_from=START, valid_to=""):
        """A position, which all who ever hold the role at the unit so far are put into."""
        position_id = f"pos-{unit_id}"
        self.positions.append(
            dict(
                position_id=position_id,
                role=role,
                unit_id=unit_id,
                responsibilities=responsibilities,
                valid_from=valid_from,
                valid_to=valid_to,
            )
        )
        for assignment in self.assignments:
            if assignment["unit_id"] == unit_id and assignment["role"] == role:
                assignment["position_id"] = position_id
        return position_id

    def add_substitution(self, position_id, person_id, valid_from, valid_to):
        self.substitutions.append(
            dict(
                substitution_id=f"s-{position_id}-{valid_from}",
                position_id=position_id,
                person_id=person_id,
                valid_from=valid_from,
                valid_to=valid_to,
            )
        )

    def programme_teams(self):
        return [team for team in self.teams if team.area.in_programme]

    def find(self, rows, **wanted):
        """The one row that has all the wanted values."""
        found = [row for row in rows if all(row[key] == value for key, value in wanted.items())]
        assert len(found) == 1, f"{wanted}: {len(found)} rows"
        return found[0]


def build_city():
    rng = random.Random(SEED)
    city = City()
    give = names.NameGiver(rng)
    _add_administration(city)
    for area in AREAS:
        _add_area(city, area)
        for number in range(1, area.clusters + 1):
            leaders = PEDAGOGICAL_LEADERS.get(area.code, [])
            count = leaders[number - 1] if leaders else rng.choice([4, 5, 5, 6])
            _add_cluster(city, area, number, count, rng, give)
        if area.in_programme:
            _add_network(city, area, NETWORK_LEADERS[area.code], rng, give)
    _let_time_pass(city)
    _add_positions(city)
    return city


def _add_administration(city):
    city.add_unit("buf", "administration", "Børne- og Ungdomsforvaltningen", "")
    for number in range(1, 4):
        city.add_leader(f"p-direktion-{number}", f"Medlem af direktionen {number}", "board_member", ["buf"])


def _add_area(city, area):
    label = area.code.upper()
    city.add_unit(area.unit_id, "area", area.name, "buf")
    city.add_leader(f"p-omraadechef-{area.code}", f"Områdechef {label}", "area_chief", [area.unit_id])
    for number in range(1, 3):
        city.add_leader(
            f"p-konsulent-{area.code}-{number}",
            f"Pædagogisk konsulent {label} {number}",
            "pedagogical_consultant",
            [area.unit_id],
        )
    if area.in_programme:
        # The implementation support: one extra consultant while the programme runs.
        city.add_leader(
            f"p-konsulent-{area.code}-ekstra",
            f"Pædagogisk konsulent {label}, ekstra",
            "pedagogical_consultant",
            [area.unit_id],
            "2021-09-01",
            "2024-01-01",
        )


def _add_cluster(city, area, number, leader_count, rng, give):
    label = f"{area.code.upper()} {number}"
    code = f"{area.code}-{number:02d}"
    team = Team(f"kl-{code}", f"Klynge {label}", "cluster", area)
    city.add_unit(team.unit_id, team.kind, team.name, area.unit_id)
    city.add_leader(f"p-klyngeleder-{code}", f"Klyngeleder {label}", "cluster_leader", [team.unit_id])
    _add_institutions(city, team, code, label, leader_count, leader_count + rng.choice([4, 5]), rng, give)


def _add_network(city, area, leader_count, rng, give):
    team = Team(f"net-{area.code}-01", f"Netværk for selvejende {area.code.upper()} 1", "self_owned_network", area)
    city.add_unit(team.unit_id, team.kind, team.name, area.unit_id)
    _add_institutions(
        city, team, f"{area.code}-s1", f"{area.code.upper()} selvejende 1", leader_count, leader_count, rng, give
    )


def _add_institutions(city, team, code, label, leader_count, unit_count, rng, give):
    """Adds unit_count institutions; each has one leader, and each of leader_count leaders has at least one."""
    for number in range(1, unit_count + 1):
        kind = rng.choices(KINDS, KIND_WEIGHTS)[0]
        unit_id = f"e-{code}-{number:02d}"
        city.add_unit(unit_id, kind, give.next_name(kind), team.unit_id)
        team.institutions.append(unit_id)
    for number in range(1, leader_count + 1):
        city.add_leader(
            f"p-paedagogisk-leder-{code}-{number}",
            f"Pædagogisk leder {label}-{number}",
            "pedagogical_leader",
            team.institutions[number - 1 :: leader_count],
        )
    city.teams.append(team)


def _let_time_pass(city):
    """What has happened since the start, so that "as it was on" has something to show."""
    # A cluster leader leaves; the post is vacant for a month.
    city.find(city.assignments, unit_id="kl-vvk-03", role="cluster_leader")["valid_to"] = "2022-08-01"
    city.add_leader(
        "p-klyngeleder-vvk-03-ny", "Klyngeleder VVK 3, ny", "cluster_leader", ["kl-vvk-03"], "2022-09-01"
    )
    # An institution moves to the neighbouring cluster, whose leader takes it over the same day.
    _move(city, "e-vvk-02-08", "kl-vvk-05", "p-paedagogisk-leder-vvk-05-1", "2022-08-01")
    _move(city, "e-ama-04-02", "kl-ama-07", "p-paedagogisk-leder-ama-07-2", "2023-01-01")
    # An after-school centre becomes a club; a kindergarten closes, and its leader keeps the other institutions.
    _change(city, _first(city, "after_school_centre", "e-nob-"), "2022-08-01", kind="club", name="Klubben Hjørnet")
    closing = _first(city, "kindergarten", "e-vbh-")
    city.find(city.units, unit_id=closing)["valid_to"] = "2022-07-01"
    city.find(city.assignments, unit_id=closing, role="pedagogical_leader")["valid_to"] = "2022-07-01"


def _add_positions(city):
    """Some positions, who stands in at them, a vacancy, and employments that end."""
    # While the post of VVK 3 is vacant, nobody stands in at first; then a pedagogical leader of the cluster does.
    cluster = city.add_position(
        "kl-vvk-03", "cluster_leader", ["Økonomi for hele klyngen", "Samarbejde med forældrebestyrelsen"]
    )
    city.add_substitution(cluster, "p-paedagogisk-leder-vvk-03-1", "2022-08-10", "2022-09-01")
    city.employments.append(
        dict(
            employment_id="ans-klyngeleder-vvk-03",
            person_id="p-klyngeleder-vvk-03",
            valid_from=START,
            valid_to="2022-08-01",
        )
    )
    # An area chief is away for half a year, and a cluster leader stands in.
    area = city.add_position("omr-amager", "area_chief", ["Strategisk ledelse af området"])
    city.add_substitution(area, "p-klyngeleder-ama-02", "2022-01-01", "2022-07-01")
    # An institution is led by two together, until the employment of one ends and that position stays vacant.
    city.add_position("e-ama-01-01", "pedagogical_leader", ["Faglig ledelse af børnehaven"])
    position_id = "pos-e-ama-01-01-vuggestue"
    city.positions.append(
        dict(
            position_id=position_id,
            role="pedagogical_leader",
            unit_id="e-ama-01-01",
            responsibilities=["Faglig ledelse af vuggestuen"],
            valid_from="2021-01-01",
            valid_to="",
        )
    )
    city.add_leader(
        "p-paedagogisk-leder-ama-01-vuggestue",
        "Pædagogisk leder AMA 1, vuggestue",
        "pedagogical_leader",
        ["e-ama-01-01"],
        "2021-01-01",
    )
    city.assignments[-1]["position_id"] = position_id
    city.employments.append(
        dict(
            employment_id="ans-paedagogisk-leder-ama-01-vuggestue",
            person_id="p-paedagogisk-leder-ama-01-vuggestue",
            valid_from="2021-01-01",
            valid_to="2023-01-01",
        )
    )


def _first(city, kind, prefix):
    return next(unit["unit_id"] for unit in city.units if unit["kind"] == kind and unit["unit_id"].startswith(prefix))


def _change(city, unit_id, day, **changes):
    """Adds a version of the unit from that day on."""
    before = city.find(city.units, unit_id=unit_id)
    after = {**before, **changes, "valid_from": day}
    before["valid_to"] = day
    city.units.append(after)


def _move(city, unit_id, cluster_id, leader_id, day):
    _change(city, unit_id, day, parent_id=cluster_id)
    city.find(city.assignments, unit_id=unit_id, role="pedagogical_leader")["valid_to"] = day
    city.assign(leader_id, "pedagogical_leader", unit_id, day)


def messages(city):
    """ImportOrganisationRequest: the options, then all that the city is made of, a row each."""
    yield {"options": {"request_id": "sample-organisation"}}
    contents = ("unit", "person", "position", "assignment", "substitution", "employment")
    for content in contents:
        rows = getattr(city, content + "s")
        for row in rows:
            yield {content: {field: value for field, value in row.items() if value != ""}}
