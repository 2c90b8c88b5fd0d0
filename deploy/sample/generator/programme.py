"""What the courses service is sent beside programme.json: places, lecturers, dates, teams and conversations."""

import datetime

# Working days that lie outside school holidays; the planner finds the days of the leaders' seminars itself.
SESSION_DAYS = {
    "seminarer-konsulenter": [
        "2021-10-05", "2021-12-07", "2022-03-01", "2022-05-03", "2022-09-06", "2022-11-15", "2023-03-07", "2023-05-09",
    ],
    "fagdage-forvaltning": ["2022-01-25", "2023-01-24"],
}  # fmt: skip

VENUES = [
    ("sal-valby", "Medborgersalen i Valby", "Civic hall, Valby", "omr-vvk", 48),
    ("sal-vesterbro", "Forsamlingssalen på Vesterbro", "Assembly hall, Vesterbro", "omr-vvk", 42),
    ("sal-oesterbro", "Kulturhuset på Østerbro", "House of culture, Østerbro", "omr-indreby-oesterbro", 50),
    ("sal-indre-by", "Undervisningssalen i Indre By", "Teaching hall, Indre By", "omr-indreby-oesterbro", 36),
    ("moedecenter", "Forvaltningens mødecenter", "The administration's meeting centre", "", 80),
]

LECTURERS = [
    ("underviser-aau-1", "Underviser 1", "Aalborg Universitet", "Aalborg University", ["tema-1", "tema-2"]),
    ("underviser-aau-2", "Underviser 2", "Aalborg Universitet", "Aalborg University", ["tema-2", "tema-3"]),
    ("underviser-aau-3", "Underviser 3", "Aalborg Universitet", "Aalborg University", []),
    ("underviser-ekstern-1", "Underviser 4", "Anden uddannelsesinstitution", "Another institution", ["tema-3", "tema-4"]),
    ("underviser-ekstern-2", "Underviser 5", "Anden uddannelsesinstitution", "Another institution", ["tema-1", "tema-4"]),
]


def resources(education):
    """ImportResourcesRequest: venues and lecturers."""
    known = {theme["theme_id"] for theme in education["themes"]}
    for venue_id, danish, english, area_id, seats in VENUES:
        venue = {"venue_id": venue_id, "name": {"da": danish, "en": english}, "seats": seats}
        if area_id:
            venue["area_id"] = area_id
        if venue_id == "sal-valby":
            venue["closed"] = [{"first_day": "2022-03-01", "last_day": "2022-04-30"}]
        yield {"venue": venue}
    for lecturer_id, title, danish, english, themes in LECTURERS:
        assert known.issuperset(themes), themes
        lecturer = {
            "lecturer_id": lecturer_id,
            "title": {"da": title, "en": title.replace("Underviser", "Lecturer")},
            "institution": {"da": danish, "en": english},
            "theme_ids": themes,
        }
        if lecturer_id == "underviser-aau-1":
            lecturer["unavailable"] = [{"first_day": "2022-01-01", "last_day": "2022-01-31"}]
        yield {"lecturer": lecturer}


def sessions(education):
    """ScheduleSessionRequest: the days for others than the leaders."""
    for activity in education["activities"]:
        days = SESSION_DAYS.get(activity["activity_id"], [])
        assert len(days) == (activity["planned_count"] if activity["form"] == "ACTIVITY_FORM_SESSION" else 0)
        for number, day in enumerate(days, 1):
            yield {
                "programme_id": education["programme_id"],
                "session": {
                    "session_id": f"{activity['activity_id']}-{number}",
                    "activity_id": activity["activity_id"],
                    "date": day,
                    "venue_id": "moedecenter",
                    "expected_count": 12 if activity["activity_id"] == "seminarer-konsulenter" else 40,
                },
            }


def enrolments(city, education):
    """EnrolTeamRequest: every team of the programme's areas, clusters before networks."""
    for team in sorted(city.programme_teams(), key=lambda team: (team.kind, team.unit_id)):
        yield {
            "programme_id": education["programme_id"],
            "cluster_id": team.unit_id,
            "as_of": education["first_day"],
            "request_id": f"sample-enrol-{team.unit_id}",
        }


def conversations(city, education):
    """RecordLearningConversationRequest: two for every team."""
    roles = ["lecturer", "cluster_leader", "pedagogical_consultant", "area_chief"]
    steps = [
        "Teamet vælger ét pejlemærke at begynde med og aftaler, hvem der observerer hvornår.",
        "Forbedringerne fortsætter i egen regi; teamet måler igen om et år og deler erfaringerne med naboklyngen.",
    ]
    for place, team in enumerate(city.programme_teams()):
        for number, monday in ((1, datetime.date(2022, 9, 5)), (2, datetime.date(2023, 11, 6))):
            day = monday + datetime.timedelta(days=place // 5 * 7 + place % 5)
            yield {
                "conversation": {
                    "programme_id": education["programme_id"],
                    "cluster_id": team.unit_id,
                    "number": number,
                    "held_on": day.isoformat(),
                    "participant_roles": roles,
                    "agreed_steps": steps[number - 1],
                }
            }
