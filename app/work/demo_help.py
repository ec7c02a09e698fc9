"""Help given and certificates of the demonstration file: eleven months of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from app.work.demo_names import Names, rows
from app.work.demo_people import CHILD_AGE, ELDER, FEMALE, MALE, MIDDLE, SINGLE, Home, Member, Size

DAYS = 335  # eleven months
WHOLE = 999  # `most` of those occasions that reach everybody of their kind
Whom = list[tuple[Home, Member]]
Receivers = dict[str, Whom]
FOUND = ("身体状况良好，生活有保障。", "反映屋面漏雨，已告知村委会。", "提醒用火用电安全，随访正常。", None)


class Help:
    """Draws help records for a township whose rows are already written."""

    def __init__(self, rng: Random, day: date, names: Names, villages: list[dict[str, str]]) -> None:
        self._rng, self._day, self._villages = rng, day, villages
        self._givers = [_name(rng, names) for _ in range(40)]

    def records(self, homes: list[Home], size: Size) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
        """Each record's facts with the facts of its lines, in the order of days."""
        receivers, drawn = self._receivers(homes), []
        for row in rows("help"):
            for time in range(self._times(row, size)):
                who = self._who(row, receivers[row["whom"]], time)
                if who:
                    drawn.append((self._record(row, who, time), [self._line(row, *one) for one in who]))
        drawn.sort(key=lambda pair: str(pair[0]["day"]))
        return drawn

    def _times(self, row: Mapping[str, str], size: Size) -> int:
        """An occasion that reaches everybody once does so once in a county too."""
        once = row["times"] == "1" and int(row["most"]) == WHOLE
        return 1 if once else max(round(int(row["times"]) * size.share), 1)

    def _receivers(self, homes: list[Home]) -> Receivers:
        """Who may receive, by the word in the file; only those who were there all the eleven months."""
        found: Receivers = {row["whom"]: [] for row in rows("help")}
        for home in homes:
            for member in home.members:
                since = member.facts.get("since")
                if since and since > self._day - timedelta(days=DAYS + 30):
                    continue
                for word, meets in {
                    "alone": home.kind == "alone",
                    "elders": member.age >= 70,
                    "left": home.kind == "left" and member.age < CHILD_AGE,
                    "children": 6 <= member.age < CHILD_AGE,
                    "families": member is home.head and home.kind in ("parent", "with_elder", "single", "nuclear"),
                    "disabled": member.facts["health"] >= "60",
                    "students": member.age >= 18 and member.facts.get("occupation") == "31",
                }.items():
                    if meets:
                        found[word].append((home, member))
        return found

    def _who(self, row: Mapping[str, str], everybody: Whom, time: int) -> Whom:
        """Those of one village, a few or many; everybody where the file says so."""
        most = int(row["most"])
        if most == WHOLE and (row["kind"] != "4" or int(row["times"]) == 1):
            return everybody
        village = time % len(self._villages)
        there = [one for one in everybody if one[0].village == village]
        if most == WHOLE:
            return there
        count = most - self._rng.randint(0, most // 4) if most > 6 else self._rng.randint(1, most)
        return self._rng.sample(there, min(count, len(there)))

    def _record(self, row: Mapping[str, str], who: Whom, time: int) -> dict[str, Any]:
        rng, villages = self._rng, {home.village for home, _ in who}
        places = [self._villages[village] for village in villages]
        village = places[0]["village"] if len(places) == 1 else ""
        seat = places[0]["township"] if len({place["township"] for place in places}) == 1 else "全县"
        local = row["giver"] in ("村委会", "村民小组")
        record: dict[str, Any] = {
            "kind": row["kind"], "day": self._on(row["on"], time), "subject": row["subject"],
            "where": village or seat, "giver": rng.choice(self._givers),
            "organisation": (village if local else "") + row["giver"], "source": row["source"] or None,
        }  # fmt: skip
        if row["kind"] == "3":
            record.update(deeds=1, solved=1 if rng.random() < 0.6 else None)
        if row["kind"] == "1":
            record["content"] = rng.choice(FOUND)
        return record

    def _on(self, fixed: str, time: int) -> date:
        """The last such day of the year, the villages one day after the other; any day where none is fixed."""
        if fixed:
            month, day = map(int, fixed.split("-"))
            found = date(self._day.year, month, day) + timedelta(days=time)
            if found > self._day:
                found = date(self._day.year - 1, month, day) + timedelta(days=time)
            if (self._day - found).days <= DAYS:
                return found
        return self._day - timedelta(days=self._rng.randint(1, DAYS))

    def _line(self, row: Mapping[str, str], home: Home, member: Member) -> dict[str, Any]:
        line: dict[str, Any] = {"person": member.facts["id"]}
        if row["goods"]:
            line["goods"] = row["goods"]
        if row["value"]:
            line["value"] = int(row["value"]) * 100
        if row["cash"]:
            line["cash"] = int(row["cash"]) * 100
        if (row["goods"] or row["cash"]) and member.age < CHILD_AGE:
            elder = next((one for one in home.members if one.generation == ELDER), home.head)
            line.update(taker=elder.facts["name"], taker_relation="监护人")
        elif row["goods"] and self._rng.random() < 0.08:
            other = [one for one in home.members if one is not member and one.age >= 18]
            if other:
                line.update(taker=other[0].facts["name"], taker_relation="家属")
        return line


def _name(rng: Random, names: Names) -> str:
    """The name of a cadre who comes to help."""
    born, sex = rng.randint(1966, 1999), rng.choice((MALE, FEMALE))
    return names.of(Member(sex, 0, "", SINGLE, MIDDLE), born, set())


def certificates(rng: Random, day: date) -> list[dict[str, Any]]:
    """The certificates of the last eleven months, numbered by year and kind."""
    days = sorted(day - timedelta(days=rng.randint(5, DAYS)) for _ in rows("donors"))
    numbered: dict[tuple[int, str], int] = {}
    drawn = []
    for when, row in zip(days, rng.sample(rows("donors"), len(rows("donors"))), strict=True):
        count = numbered[when.year, row["kind"]] = numbered.get((when.year, row["kind"]), 0) + 1
        drawn.append({
            "number": f"牛街{'捐' if row['kind'] == '1' else '荣'}〔{when.year}〕{count:03d}号",
            "kind": row["kind"], "day": when,
            "honoured": row["honoured"], "cash": int(row["cash"]) * 100 if row["cash"] else None,
            "goods": row["goods"] or None, "purpose": row["purpose"], "issuer": "牛街乡人民政府",
        })  # fmt: skip
    return drawn
