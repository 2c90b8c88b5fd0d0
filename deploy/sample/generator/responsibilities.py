"""Who in some clusters is responsible for what: the tasks are those that come with the organisation service."""

from generator.cooperation import PROGRAMME
from generator.organisation import START

SINCE = PROGRAMME[0]

# Percent of a full-time position, by task.
OF_EVERY_UNIT = {
    "pedagogical_practice": 15,
    "professional_sparring": 5,
    "parent_cooperation": 5,
    "staff_leadership": 10,
    "daily_operation": 5,
}
OF_DAY_CARE = {"curriculum_work": 5}
OF_AFTER_SCHOOL = {"childrens_environment_assessment": 5}
OF_THE_LEADER = {
    "cluster_direction": 20,
    "leading_upward": 10,
    "resource_priorities": 10,
    "external_cooperation": 10,
    "parents_board": 5,
    "budget": 15,
    "shared_administration": 10,
    "working_environment": 10,
    "recruitment": 5,
}
# By the number of the pedagogical leader.
OF_LEADERS = {
    2: {"language_effort": 5},
    3: {"transitions": 5},
    5: {"quality_through_data": 15, "building_upkeep": 10},
    6: {"learning_culture": 10, "inclusion_effort": 5, "service_staff": 5},
}


class Responsibilities:
    def __init__(self, city):
        self.city = city
        self.rows = []

    def give(self, position_id, task, unit_id, percent, number=""):
        self.rows.append(
            dict(
                responsibility_id=f"r-{task}-{unit_id}{number}",
                task=task,
                unit_id=unit_id,
                position_id=position_id,
                percent=percent,
                valid_from=SINCE,
            )
        )

    def leads(self, person_id):
        """The units that a pedagogical leader leads all the time, the first one that of the position."""
        return [
            held["unit_id"]
            for held in self.city.assignments
            if held["person_id"] == person_id and not held["valid_to"] and held["valid_from"] == START
        ]

    def add_positions(self, code, leaders):
        """A position for the cluster leader, and one for each pedagogical leader, at the first unit."""
        if not any(position["position_id"] == f"pos-kl-{code}" for position in self.city.positions):
            self.city.add_position(f"kl-{code}", "cluster_leader", [])
        for number in range(1, leaders + 1):
            self.city.add_position(self.leads(_leader(code, number))[0], "pedagogical_leader", [])

    def distribute(self, code, leaders):
        cluster = f"kl-{code}"
        for task, percent in OF_THE_LEADER.items():
            self.give(f"pos-{cluster}", task, cluster, percent)
        for number in range(1, leaders + 1):
            units = self.leads(_leader(code, number))
            position_id = f"pos-{units[0]}"
            for task, percent in OF_LEADERS.get(number, {}).items():
                self.give(position_id, task, cluster, percent)
            for unit_id in units:
                for task, percent in self.tasks_of(unit_id).items():
                    self.give(position_id, task, unit_id, percent)

    def tasks_of(self, unit_id):
        kind = self.city.find(self.city.units, unit_id=unit_id)["kind"]
        if kind == "after_school_centre":
            return {**OF_EVERY_UNIT, **OF_AFTER_SCHOOL}
        return OF_EVERY_UNIT if kind == "club" else {**OF_EVERY_UNIT, **OF_DAY_CARE}

    def take_away(self, task, unit_id):
        kept = [row for row in self.rows if (row["task"], row["unit_id"]) != (task, unit_id)]
        assert len(kept) == len(self.rows) - 1
        self.rows = kept


def _leader(code, number):
    return f"p-paedagogisk-leder-{code}-{number}"


def share_out(city, work):
    made = Responsibilities(city)
    # VVK 1 has agreed on nearly everything. The language effort and the leadership of the staff of one institution have
    # nobody, two take care of the learning culture, and the cluster leader has taken on too much.
    made.add_positions("vvk-01", 6)
    made.distribute("vvk-01", 6)
    made.take_away("language_effort", "kl-vvk-01")
    last = made.leads(_leader("vvk-01", 6))[-1]
    made.take_away("staff_leadership", last)
    made.take_away("quality_through_data", "kl-vvk-01")
    made.give("pos-kl-vvk-01", "quality_through_data", "kl-vvk-01", 15)
    made.give(f"pos-{made.leads(_leader('vvk-01', 4))[0]}", "learning_culture", "kl-vvk-01", 5, "-2")
    # VVK 2 has positions and has distributed nothing yet.
    made.add_positions("vvk-02", 5)
    # VVK 3 has everything in order but for the month in which its leader's position is vacant.
    made.add_positions("vvk-03", 6)
    made.distribute("vvk-03", 6)
    for leader, code in (
        ("p-klyngeleder-vvk-01", "vvk-01"),
        ("p-klyngeleder-vvk-03", "vvk-03"),
        ("p-klyngeleder-vvk-03-ny", "vvk-03"),
    ):
        _competences_of_leader(work, leader)
    for code in ("vvk-01", "vvk-03"):
        _competences_of_team(work, code)
    return made


def _competences_of_leader(work, leader):
    """What the leaders say they can, so that not everything is lacking."""
    for competence in ("personnel_leadership", "med_cooperation", "collaboration_culture", "parent_cooperation"):
        work.can(leader, competence, 3)
    work.can(leader, "administration", 2)
    if leader != "p-klyngeleder-vvk-01":
        work.can(leader, "finance", 3)
        work.can(leader, "strategic_leadership", 3)


def _competences_of_team(work, code):
    for number in range(1, 7):
        person_id = _leader(code, number)
        work.can(person_id, "professional_leadership", 4 if number == 1 else 3)
        work.can(person_id, "parent_cooperation", 2)
        work.can(person_id, "curriculum", 3)
        work.can(person_id, "research_based_knowledge", 2)
        # The newest of them leads staff with support so far.
        work.can(person_id, "personnel_leadership", 2 if number == 5 else 3)
    work.can(_leader(code, 3), "transitions", 2)
    work.can(_leader(code, 5), "buildings", 2)
    work.can(_leader(code, 6), "learning_culture", 3)
    work.can(_leader(code, 6), "inclusion", 3)


def messages(made):
    for row in made.rows:
        yield {"responsibility": row}
