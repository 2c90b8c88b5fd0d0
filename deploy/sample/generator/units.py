"""Where the institutions are and for how many children, what other registers call them, and the MED structure."""

import random

from generator.organisation import SEED, START

# Streets of each area, with postal code and city.
STREETS = {
    "vvk": [("Vesterbrogade", "1620", "København V"), ("Valby Langgade", "2500", "Valby"), ("Enghavevej", "2450", "København SV")],
    "ioe": [("Store Kongensgade", "1264", "København K"), ("Østerbrogade", "2100", "København Ø")],
    "ama": [("Amagerbrogade", "2300", "København S"), ("Englandsvej", "2300", "København S")],
    "nob": [("Nørrebrogade", "2200", "København N"), ("Frederikssundsvej", "2400", "København NV")],
    "vbh": [("Jyllingevej", "2720", "Vanløse"), ("Brønshøjvej", "2700", "Brønshøj")],
}

# The fewest and the most children, in steps of ten, and the youngest and the oldest age.
CAPACITIES = {
    "nursery": (30, 60, 0, 2),
    "kindergarten": (40, 80, 3, 5),
    "integrated_day_care": (60, 160, 0, 5),
    "after_school_centre": (60, 120, 6, 9),
    "club": (60, 140, 10, 13),
}

# The network of self-owned institutions in this area answers to the administration in MED, past the area.
MED_EXCEPTION = ("net-vvk-01", "buf")


def describe(city):
    """Adds address and capacity to the units, and returns rows of codes and placements."""
    rng = random.Random(SEED + 1)
    codes = []
    institutions = {}
    for unit in city.units:
        unit_id, kind = unit["unit_id"], unit["kind"]
        if unit_id not in institutions and kind in CAPACITIES:
            institutions[unit_id] = _address(rng, unit_id), rng.random()
            number = len(institutions)
            codes.append(_code(unit_id, "institution_number", f"{990000 + number}", "inst"))
            # No P-number begins with 99.
            codes.append(_code(unit_id, "p_number", f"{9900000000 + number}", "p"))
        elif kind in ("cluster", "self_owned_network"):
            codes.append(_code(unit_id, "dagi_district", f"{9900 + len(codes)}", "dagi"))
        if kind in CAPACITIES:
            unit["address"], size = institutions[unit_id]
            unit["capacity"] = _capacity(kind, size)
    leaders = [person["person_id"] for person in city.persons if person["person_id"].startswith("p-klyngeleder-")]
    for number, person_id in enumerate(leaders, 1):
        codes.append(
            dict(
                code_id=f"c-medarbejder-{number:03d}",
                register="employee_number",
                code=f"K{99000 + number}",
                person_id=person_id,
                valid_from=START,
            )
        )
    unit_id, parent_id = MED_EXCEPTION
    placement = dict(
        placement_id=f"med-{unit_id}", hierarchy="med", unit_id=unit_id, parent_id=parent_id, valid_from=START
    )
    return [{"placement": placement}] + [{"code": code} for code in codes]


def _code(unit_id, register, code, word):
    return dict(code_id=f"c-{word}-{unit_id}", register=register, code=code, unit_id=unit_id, valid_from=START)


def _address(rng, unit_id):
    street, postal_code, place = rng.choice(STREETS[unit_id.split("-")[1]])
    return dict(street=f"{street} {rng.randrange(1, 200)}", postal_code=postal_code, city=place)


def _capacity(kind, size):
    least, most, youngest, oldest = CAPACITIES[kind]
    children = least + 10 * int(size * ((most - least) // 10 + 1))
    return dict(children=children, youngest_age=youngest, oldest_age=oldest)
