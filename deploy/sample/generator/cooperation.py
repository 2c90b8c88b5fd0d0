"""Whom the units work with: bodies and their members, partners, who hands over to whom, and what leaders can."""

from generator.organisation import START

PROGRAMME = ("2021-09-01", "2024-01-01")
SCHOOL_YEAR = "2022-08-01"
CLUSTER = "vvk-01"
SOME_CLUSTERS = [f"vvk-{number:02d}" for number in range(1, 10)]


class Cooperation:
    """Rows of each sort, in the order in which they are added."""

    def __init__(self, city):
        self.city = city
        self.rows = {
            sort: []
            for sort in ("body", "body_membership", "partner", "partnership", "handover", "held_competence")
        }

    def add(self, sort, valid_from=START, valid_to="", **fields):
        self.rows[sort].append({**fields, "valid_from": valid_from, "valid_to": valid_to})

    def body(self, body_id, kind, name, unit_id, valid_from=START, valid_to=""):
        self.add("body", valid_from, valid_to, body_id=body_id, kind=kind, name=name, unit_id=unit_id)

    def member(self, body_id, person_id, role, valid_from=START, valid_to="", represents=""):
        membership_id = f"bm-{len(self.rows['body_membership']) + 1:04d}-{body_id}"
        self.add(
            "body_membership",
            valid_from,
            valid_to,
            membership_id=membership_id,
            body_id=body_id,
            person_id=person_id,
            role=role,
            represents=represents,
        )

    def person(self, person_id, name):
        self.city.persons.append(dict(person_id=person_id, name=name))
        return person_id

    def units(self, parent_id, *kinds):
        """Institutions under a cluster that have one of the kinds all the time."""
        versions = [unit for unit in self.city.units if unit["parent_id"] == parent_id]
        return [
            unit["unit_id"]
            for unit in versions
            if unit["kind"] in kinds and not unit["valid_to"] and unit["valid_from"] == START
        ]

    def can(self, person_id, competence, level, confirmed_by="", valid_from=START, valid_to=""):
        self.add(
            "held_competence",
            valid_from,
            valid_to,
            held_competence_id=f"hc-{len(self.rows['held_competence']) + 1:04d}",
            person_id=person_id,
            competence=competence,
            level=level,
            confirmed_by=confirmed_by,
        )


def cooperate(city):
    work = Cooperation(city)
    _med_committee(work)
    _parents_board(work)
    _groups_of_the_education(work)
    _partners(work)
    _transitions(work)
    _competences(work)
    return work


def _med_committee(work):
    # Who sits in those above is not in the sample, but for the chairs.
    for unit_id, name, chair in (
        ("buf", "Hovedudvalget, Børne- og Ungdomsforvaltningen", "p-direktion-1"),
        ("omr-vvk", "Områdeudvalget, Vesterbro, Valby, Kongens Enghave", "p-omraadechef-vvk"),
        ("net-vvk-01", "MED-udvalg, Netværk for selvejende VVK 1", "p-paedagogisk-leder-vvk-s1-1"),
    ):
        work.body(f"b-med-{unit_id}", "med_committee", name, unit_id)
        work.member(f"b-med-{unit_id}", chair, "chair")
    committee = f"b-med-kl-{CLUSTER}"
    work.body(committee, "med_committee", "MED-udvalg, Klynge VVK 1", f"kl-{CLUSTER}")
    staff = [
        work.person(f"p-medarbejder-{CLUSTER}-{number}", f"Medarbejderrepræsentant VVK 1-{number}")
        for number in range(1, 6)
    ]
    work.member(committee, f"p-klyngeleder-{CLUSTER}", "chair")
    work.member(committee, staff[0], "vice_chair")
    work.member(committee, staff[0], "shop_steward")
    work.member(committee, staff[1], "employee_representative")
    work.member(committee, staff[2], "employee_representative")
    work.member(committee, f"p-paedagogisk-leder-{CLUSTER}-1", "management_representative")
    # For two months there is no safety representative.
    work.member(committee, staff[3], "safety_representative", START, "2022-08-01")
    work.member(committee, staff[4], "safety_representative", "2022-10-01")


def _parents_board(work):
    board = f"b-fb-kl-{CLUSTER}"
    work.body(board, "parents_board", "Forældrebestyrelse, Klynge VVK 1", f"kl-{CLUSTER}")
    parents = [
        work.person(f"p-foraelder-{CLUSTER}-{number}", f"Forælderrepræsentant VVK 1-{number}") for number in range(1, 6)
    ]
    work.member(board, parents[0], "chair")
    for parent in parents[:3]:
        work.member(board, parent, "parent")
    # One child goes on to school and a parent stops; the successor comes with the new year of the board.
    work.member(board, parents[3], "parent", START, SCHOOL_YEAR)
    work.member(board, parents[4], "parent", SCHOOL_YEAR)
    work.member(board, f"p-medarbejder-{CLUSTER}-2", "employee_representative")
    work.member(board, f"p-klyngeleder-{CLUSTER}", "secretary")


def _groups_of_the_education(work):
    """The project organisation of the leadership education."""
    work.body("b-sparringsgruppe", "sparring_group", "Sparringsgruppe for ledelsesuddannelsen", "buf", *PROGRAMME)
    for code in ("vvk-01", "vvk-02", "ioe-01", "ioe-02"):
        work.member("b-sparringsgruppe", f"p-klyngeleder-{code}", "member", *PROGRAMME)
        work.member("b-sparringsgruppe", f"p-paedagogisk-leder-{code}-1", "member", *PROGRAMME)
    work.body("b-foelgegruppe", "advisory_group", "Følgegruppe for ledelsesuddannelsen", "buf", *PROGRAMME)
    work.member("b-foelgegruppe", "p-direktion-1", "chair", *PROGRAMME)
    for number, represents in enumerate(
        ("KL", "Aalborg Universitet", "Københavns Forældreorganisation", "De faglige organisationer"), 1
    ):
        person = work.person(f"p-foelgegruppe-{number}", f"Medlem af følgegruppen {number}")
        work.member("b-foelgegruppe", person, "member", *PROGRAMME, represents=represents)
    work.body("b-netvaerk-ledelse", "network", "Kommunalt netværk om dagtilbudsledelse", "buf", *PROGRAMME)
    facilitator = work.person("p-netvaerk-1", "Tovholder i netværket 1")
    work.member("b-netvaerk-ledelse", facilitator, "facilitator", *PROGRAMME, represents="Tænketanken DEA")
    for area in ("vvk", "ioe"):
        work.member("b-netvaerk-ledelse", f"p-omraadechef-{area}", "member", *PROGRAMME)


def _partners(work):
    for partner_id, kind, name in (
        ("skole-vvk-1", "school", "Folkeskole VVK 1"),
        ("skole-vvk-2", "school", "Folkeskole VVK 2"),
        ("support-vvk", "support_function", "Tværfaglig support VVK"),
        ("aau", "research_institution", "Aalborg Universitet"),
    ):
        work.add("partner", partner_id=partner_id, kind=kind, name=name)

    def join(kind, unit_id, purpose, valid_from=START, valid_to="", **other):
        partnership_id = f"ps-{len(work.rows['partnership']) + 1:03d}-{unit_id}"
        work.add(
            "partnership",
            valid_from,
            valid_to,
            partnership_id=partnership_id,
            kind=kind,
            unit_id=unit_id,
            purpose=purpose,
            **other,
        )

    cluster = f"kl-{CLUSTER}"
    join("school_cooperation", cluster, "Fælles forløb før skolestart", partner_id="skole-vvk-1")
    join("school_cooperation", "kl-vvk-02", "Fælles forløb før skolestart", START, "2022-08-01", partner_id="skole-vvk-1")
    join("school_cooperation", "kl-vvk-02", "Fælles forløb før skolestart", "2022-08-01", partner_id="skole-vvk-2")
    join("support", cluster, "Sparring om sprog og inklusion", partner_id="support-vvk")
    for code in SOME_CLUSTERS:
        for unit_id in work.units(f"kl-{code}", "after_school_centre", "club")[:1]:
            join("leisure_cooperation", f"kl-{code}", "Børnene besøger stedet før start", partner_unit_id=unit_id)
    join("development", "buf", "Ledelsesuddannelse for dagtilbud", *PROGRAMME, partner_id="aau")


def _transitions(work):
    def hand_over(transition, from_unit_id, **to):
        handover_id = f"ho-{len(work.rows['handover']) + 1:03d}-{from_unit_id}"
        work.add("handover", handover_id=handover_id, transition=transition, from_unit_id=from_unit_id, **to)

    cluster = f"kl-{CLUSTER}"
    upper = work.units(cluster, "kindergarten", "integrated_day_care")
    receiver = work.person("p-skole-vvk-1-1", "Leder af indskolingen, Folkeskole VVK 1")
    # The last one has not agreed yet.
    for unit_id in upper[:-1]:
        hand_over("day_care_to_school", unit_id, to_partner_id="skole-vvk-1", receiver_person_id=receiver)
    for code in SOME_CLUSTERS:
        older = work.units(f"kl-{code}", "kindergarten", "integrated_day_care")[0]
        for unit_id in work.units(f"kl-{code}", "nursery"):
            hand_over("nursery_to_kindergarten", unit_id, to_unit_id=older)


def _competences(work):
    leader = f"p-klyngeleder-{CLUSTER}"
    first, second, third = (f"p-paedagogisk-leder-{CLUSTER}-{number}" for number in (1, 2, 3))
    work.can(leader, "strategic_leadership", 4)
    work.can(leader, "finance", 3, "p-omraadechef-vvk", "2020-01-01")
    work.can(first, "data_use", 2, valid_to=PROGRAMME[0])
    work.can(first, "data_use", 3, valid_from=PROGRAMME[0])
    work.can(first, "data_use", 3, leader, "2022-06-01")
    work.can(second, "language", 4, leader)
    work.can(third, "data_use", 1)
    work.can("p-klyngeleder-vvk-02", "data_use", 4, "p-omraadechef-vvk", "2020-06-01")
    work.can("p-paedagogisk-leder-vvk-02-1", "observation", 3)
    work.can("p-konsulent-vvk-1", "observation", 4, "p-omraadechef-vvk")
    work.can("p-konsulent-ioe-1", "observation", 4)


def messages(work):
    for sort, rows in work.rows.items():
        for row in rows:
            yield {sort: {field: value for field, value in row.items() if value != ""}}
