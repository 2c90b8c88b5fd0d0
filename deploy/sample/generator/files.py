"""Reading and writing of request files: one JSON message, or one a line."""

import json


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path, message):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(message, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def write_lines(path, messages):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        for message in messages:
            file.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")) + "\n")
