#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random valid tariffs of the form GTF-1 with random stays, for comparing an engine with the oracle.

    tariff_random.py --seed N --count K > cases.json

The file has the form of the worked examples, without `expect`. The same seed gives the same bytes; a greater count
only adds cases at the end. About half of the tariffs are small ones as sites use, the others combine everything. Times
lie at edges on purpose: exact limits, one second around them, midnight, the nights of clock changes.
"""
import argparse
import json
import random
import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = 60, 3600, 86400
CHANGE_DAYS = {
    "Asia/Shanghai": [],
    "Europe/Berlin": ["2026-03-29", "2026-10-25"],
    "Europe/London": ["2026-03-29", "2026-10-25"],
    "America/New_York": ["2026-03-08", "2026-11-01"],
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],  # a change of half an hour
}
CURRENCIES = {
    "Asia/Shanghai": "CNY", "Europe/Berlin": "EUR", "Europe/London": "GBP", "America/New_York": "USD",
    "Australia/Lord_Howe": "AUD",
}
HOLIDAYS = ["2026-01-01", "2026-05-01", "2026-05-04", "2026-10-01", "2026-10-02", "2026-10-05", "2026-12-25"]
WORKED_DAYS = ["2026-05-09", "2026-10-10", "2026-10-11"]  # weekend days that work
WORKING_WEEK = ["mon", "tue", "wed", "thu", "fri"]
PRICES = [50, 100, 150, 200, 200, 200, 250, 300, 300, 333, 500, 500, 500, 800, 1000, 1200, 1, 0]
PRICES += [price for price in PRICES if price]  # a price of 0 stays rare
CAPS = [100, 300, 500, 500, 800, 900, 1000, 1500, 1500, 2000, 2000, 2000, 2500, 3000, 5000, 5000, 8000, 0]
CLASSES = ["small", "large", "xl", "motorcycle"]
MULTIPLIERS = ["2", "3", "1/2", "2/3", "3/2", "1/3", "1"]
# What a case is about: the keys that its tariff then has almost always, and the facts that go with them.
TOPICS = {
    "plain": [],
    "permits": ["permit", "segments"],
    "coupons": ["coupons_policy", "rounding"],
    "payments": ["pay_grace"],
    "discounts": ["discounts", "coupons_policy"],
    "specials": ["specials"],
    "classes": ["classes", "class_override"],
    "coming back": ["reentry"],
    "no entry": ["no_entry"],
    "household": ["quota"],
}
TOPIC_WEIGHTS = [6, 4, 3, 3, 2, 2, 2, 1, 1, 1]


class Chance:
    """The one source of randomness, with the few questions asked of it."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def often(self, probability):
        return self.random.random() < probability

    def one(self, choices):
        return self.random.choice(choices)

    def some(self, choices, least, most):
        return self.random.sample(choices, self.random.randint(least, min(most, len(choices))))

    def between(self, low, high):
        return self.random.randint(low, high)

    def nudge(self):
        """Mostly exactly at an edge, else one second or a little around it."""
        return self.one([0, 0, 0, 1, -1, 1, -1, MINUTE, -MINUTE, self.between(-600, 600)])


# ---------------------------------------------------------------------------------------------------------------------
# Tariffs
# ---------------------------------------------------------------------------------------------------------------------


def steps_rate(chance, wild):
    unit = chance.one([15, 30, 30, 60, 60, 60, 120, 240])
    if wild and chance.often(0.3):
        unit = chance.between(1, 200)
    steps = []
    upto = 0
    for _ in range(chance.one([0, 1, 1, 1, 2, 3] if wild else [0, 1, 1])):
        step_unit = chance.one([unit, unit, 30, 60])
        upto += step_unit * chance.between(1, 3)
        if wild and chance.often(0.3):
            upto += chance.between(1, 50)
        steps.append({"upto_min": upto, "unit_min": step_unit, "price": chance.one(PRICES)})
    steps.append({"unit_min": unit, "price": chance.one(PRICES)})
    rate = {"kind": "steps", "steps": steps}
    if chance.often(0.2):
        rate["round"] = chance.one(["ceil", "floor"])
    if chance.often(0.2):
        rate["tolerance_min"] = chance.one([0, 1, 5, 5, 10, 15])
    return rate


def table_rate(chance):
    rows = []
    upto = total = 0
    for _ in range(chance.between(1, 5)):
        upto += chance.one([15, 30, 60, 60, 120, 240, 17])
        total += chance.one([0, 60, 100, 120, 250, 333])
        rows.append({"upto_min": upto, "total": total})
    rows.append({"total": total + chance.one([0, 100, 350])})
    return {"kind": "table", "table": rows}


def visit_rate(chance):
    return {"kind": "visit", "per": chance.one(["band", "cycle", "stay"]), "price": chance.one(PRICES)}


def single_rate(chance, wild):
    kind = chance.one(["steps"] * 6 + ["table", "visit"] + (["table", "visit"] if wild else []))
    if wild and chance.often(0.02):
        kind = "free"
    if kind == "table":
        return table_rate(chance)
    if kind == "visit":
        return visit_rate(chance)
    return {"kind": "free"} if kind == "free" else steps_rate(chance, wild)


def band_rate(chance, wild):
    """A table never stands with bands (section 3)."""
    kind = chance.one(["steps"] * 9 + ["visit", "visit", "free"])
    if kind == "visit":
        return visit_rate(chance)
    return {"kind": "free"} if kind == "free" else steps_rate(chance, wild)


def day_groups(chance):
    """Groups of days of which no two match the same date, so that bands of one time of day never overlap."""
    return chance.one([
        [None], [None], [None],
        [["workday"], ["weekend"], ["holiday"]],
        [["workday"], ["weekend", "holiday"]],
        [["workday"]],
        [WORKING_WEEK, ["sat", "sun"]],
        [WORKING_WEEK, ["sat", "sun"], ["holiday"]],
        [WORKING_WEEK, ["sat"], ["sun", "holiday"]],
        [["mon", "wed", "fri"], ["tue", "thu", "sat", "sun"], ["2026-10-01", "2026-05-01"]],
    ])


def cut_points(chance, wild):
    """The times of day at which one band may follow another: the same on all days."""
    usual = [["07:00", "21:00"], ["08:00", "20:00"], ["07:30", "19:30"], ["06:00", "22:00"], ["00:00", "08:00"],
             ["00:00", "07:00", "21:00"], ["00:00"], ["09:00", "18:00"]]
    if not wild:
        return chance.one(usual)
    if chance.often(0.3):
        return chance.one([["01:30", "02:30"], ["02:00", "03:00"], ["00:00", "02:15", "03:15"],
                           ["01:00", "02:00", "14:00"]])
    if chance.often(0.4):
        return chance.one(usual)
    points = sorted(chance.some(range(0, 1440, chance.one([15, 30, 60, 7])), 2, 5))
    return [f"{point // 60:02d}:{point % 60:02d}" for point in points]


def pieces_of_day(chance, points):
    pieces = []
    for number, start in enumerate(points):
        end = points[(number + 1) % len(points)]
        if end == "00:00" and (start == "00:00" or chance.often(0.5)):
            end = "24:00"
        pieces.append((start, end))
    return pieces


def bands(chance, wild):
    result = []
    pieces = pieces_of_day(chance, cut_points(chance, wild))
    one_name = wild and chance.often(0.1)  # as PEAK in the morning and again in the evening: one price, one cap
    for group in day_groups(chance):
        shared = {"rate": band_rate(chance, wild)}
        if chance.often(0.5):
            shared["cap"] = chance.one(CAPS)
        for number, (start, end) in enumerate(pieces):
            if chance.often(0.15) and (result or number + 1 < len(pieces)):
                continue  # a gap, which is free
            band = {"name": "PEAK" if one_name else f"B{number}", "from": start, "to": end}
            if group is not None:
                band["days"] = group
            if one_name:
                band.update(shared)
            else:
                band["rate"] = band_rate(chance, wild)
                if chance.often(0.35):
                    band["cap"] = chance.one(CAPS)
            result.append(band)
    return result


def free_minutes(chance):
    free = {"min": chance.one([0, 10, 15, 15, 30, 30, 30, 60, 120])}
    if chance.often(0.6):
        free["boundary"] = chance.one(["inclusive", "exclusive"])
    if chance.often(0.6):
        free["deduct"] = chance.often(0.6)
    if chance.often(0.6):
        free["scope"] = chance.one(["stay", "stay", "cycle", "day_first"])
    return free


def cycle(chance, wild):
    kind = chance.one(["none", "rolling", "rolling", "rolling", "natural_day", "natural_day"])
    result = {"kind": kind}
    if kind == "none":
        return result
    if kind == "rolling":
        result["minutes"] = chance.one([1440, 1440, 1440, 720] + ([60, 240, 600, 2880, 1441] if wild else []))
        if chance.often(0.2):
            result["anchor"] = chance.one(["entry", "billing_start", "billing_start"])
    if chance.often(0.75):
        result["cap"] = chance.one(CAPS)
    if chance.often(0.7):
        result["edge"] = chance.one(["restart", "restart", "unit_start"])
    return result


def specials(chance):
    result = []
    for number in range(chance.one([1, 1, 2, 3])):
        special = {"id": f"special-{number}", "price": chance.one([300, 600, 800, 1200, 2000])}
        if chance.often(0.5):
            special["days"] = chance.one([["workday"], ["weekend"], ["holiday", "weekend"], ["sat", "sun"],
                                          WORKING_WEEK])
        if chance.often(0.6):
            special["entry_from"] = chance.one(["00:00", "06:00", "07:00"])
        if chance.often(0.6):
            special["entry_by"] = chance.one(["09:00", "10:00", "18:00", "23:59"])
        if chance.often(0.4):
            special["exit_from"] = chance.one(["00:00", "02:30", "12:00", "15:00"])
        if chance.often(0.5):
            special["exit_by"] = chance.one(["17:00", "19:00", "23:59"])
        if chance.often(0.3):
            special["exit_day"] = chance.one([0, 1, 1, 2])
        if chance.often(0.3):
            special["max_min"] = chance.one([60, 120, 720, 1440])
        result.append(special)
    return result


def discounts(chance):
    result = []
    for number in range(chance.one([1, 1, 2, 3])):
        discount = {"id": f"discount-{number}"}
        if chance.often(0.85):
            discount["when"] = {"energy": chance.one(["nev", "nev", "ice"])}
        if chance.often(0.6):
            discount.update(kind="minutes", value=chance.one([15, 30, 60, 120, 120]))
            if chance.often(0.7):
                discount["mode"] = chance.one(["head", "fee_of_head"])
        else:
            discount.update(kind="percent_off", value=chance.one([10, 25, 33, 50, 50, 100]))
        if chance.often(0.5):
            discount["once"] = "day"
        result.append(discount)
    return result


def coupons_policy(chance):
    policy = {}
    if chance.often(0.6):
        policy["stack"] = chance.one(["all", "best_one", "one_per_kind"])
    if chance.often(0.6):
        policy["minutes_mode"] = chance.one(["head", "tail", "fee_of_head"])
    if chance.often(0.4):
        policy["order"] = chance.one([["percent", "amount"], ["amount", "percent"]])
    return policy


def pay_grace(chance):
    grace = {"min": chance.one([0, 5, 15, 15, 15, 20, 30])}
    if chance.often(0.8):
        grace["overtime"] = chance.one(["continue", "new_from_payment", "new_from_grace_end"])
    if chance.often(0.4):
        grace["free_again"] = chance.often(0.7)
    return grace


def permit_policy(chance):
    policy = {}
    if chance.often(0.6):
        policy["mid_stay_expiry"] = chance.one(["after_expiry", "whole_stay", "free_this_stay"])
    if chance.often(0.4):
        policy["grace_days"] = chance.one([0, 1, 3, 3])
    if chance.often(0.4):
        policy["out_of_window"] = chance.one(["bill_portion", "bill_whole_stay"])
    if chance.often(0.4):
        policy["edge_tolerance_min"] = chance.one([0, 5, 15, 30])
    return policy


def no_entry(chance):
    mode = chance.one(["manual", "fixed", "fixed", "first_step", "cycle_cap"])
    return {"mode": mode, "amount": chance.one([500, 1000, 0])} if mode == "fixed" else {"mode": mode}


def class_override(chance, wild, tariff):
    """Whole top-level keys for one class; prices replaced in the form (bands or rate) that the tariff has."""
    keys = {}
    if "bands" in tariff:
        keys["bands"] = bands(chance, wild)
    else:
        keys["rate"] = single_rate(chance, wild)
    if chance.often(0.4):
        keys["cycle"] = cycle(chance, wild)
    if chance.often(0.2):
        keys["free"] = chance.one([None, free_minutes(chance)])
    if chance.often(0.2):
        keys["stay_cap"] = chance.one(CAPS)
    if chance.often(0.1):
        keys["rounding"] = rounding(chance)
    return {chance.one(["large", "xl"]): keys}


def rounding(chance):
    return {"to": chance.one([1, 10, 50, 100, 100]), "mode": chance.one(["down", "half_up", "up"])}


def random_tariff(chance, name, zone, topic):
    """About half small ones as sites use: one rate or day and night, a free time, a cap."""
    wild = chance.often(0.5)
    tariff = {"id": name, "currency": CURRENCIES[zone], "tz": zone}
    if chance.often(0.35):
        tariff["clock"] = chance.one(["second", "minute_floor_both", "elapsed_floor", "elapsed_floor", "elapsed_ceil"])
    if chance.often(0.7):
        tariff["free"] = free_minutes(chance)
    if chance.often(0.5 if wild else 0.35):
        tariff["bands"] = bands(chance, wild)
    else:
        tariff["rate"] = single_rate(chance, wild)
    if "bands" in tariff or chance.often(0.6):  # the dates in day_groups are disjoint only where they are holidays
        tariff["calendar"] = {"holidays": HOLIDAYS, "workdays": WORKED_DAYS}
    if chance.often(0.5):
        tariff["band_edge"] = chance.one(["restart", "unit_start"])
    if chance.often(0.6):
        tariff["steps_anchor"] = chance.one(["stay", "band", "cycle"])
    if chance.often(0.75):
        tariff["cycle"] = cycle(chance, wild)
    add_further_keys(chance, tariff, wild, topic)
    return tariff


def add_further_keys(chance, tariff, wild, topic):
    makers = {
        "stay_cap": lambda: chance.one(CAPS),
        "classes": lambda: {name: {"mult": chance.one(MULTIPLIERS)} for name in chance.some(CLASSES[1:], 1, 3)},
        "class_override": lambda: class_override(chance, wild, tariff),
        "discounts": lambda: discounts(chance),
        "coupons_policy": lambda: coupons_policy(chance),
        "specials": lambda: specials(chance),
        "rounding": lambda: rounding(chance),
        "pay_grace": lambda: pay_grace(chance),
        "permit": lambda: permit_policy(chance),
        "no_entry": lambda: no_entry(chance),
        "reentry": lambda: {"within_min": chance.one([10, 30, 60])},
        "quota": lambda: {"decide": chance.one(["at_entry", "at_entry", "at_exit"]),
                          "convert": chance.one(["from_moment", "whole", "none"])},
        "segments": lambda: chance.one(["independent", "continue", "continue"]),
    }
    for key, make in makers.items():
        if chance.often(0.9 if key in TOPICS[topic] else 0.2 if wild else 0.05):
            tariff[key] = make()
    if "specials" in tariff and chance.often(0.7):
        tariff["choose"] = chance.one(["cheapest", "first_match"])


# ---------------------------------------------------------------------------------------------------------------------
# Stays
# ---------------------------------------------------------------------------------------------------------------------


def numbers_of(value, key):
    """All numbers under a key, wherever they stand in a tariff."""
    if isinstance(value, dict):
        found = [value[key]] if isinstance(value.get(key), int) else []
        return found + [n for part in value.values() for n in numbers_of(part, key)]
    if isinstance(value, list):
        return [n for part in value for n in numbers_of(part, key)]
    return []


def times_of(value):
    """All times of day that stand in a tariff or a permit."""
    if isinstance(value, dict):
        return [t for part in value.values() for t in times_of(part)]
    if isinstance(value, list):
        return [t for part in value for t in times_of(part)]
    return [value] if isinstance(value, str) and len(value) == 5 and value[2] == ":" else []


class StayMaker:
    """Makes the facts of one stay that suit one tariff."""

    def __init__(self, chance, tariff):
        self.chance, self.tariff = chance, tariff
        self.zone = ZoneInfo(tariff["tz"])
        self.limits = sorted({
            n for key in ("min", "upto_min", "unit_min", "minutes", "max_min", "within_min", "tolerance_min")
            for n in numbers_of(tariff, key) if n > 0
        }) or [60]
        self.times = sorted(set(times_of(tariff))) + ["00:00"]

    # --- instants ---

    def instant(self, day, hhmm):
        hours, minutes = (int(part) for part in hhmm.split(":"))
        on = day + timedelta(days=hours // 24)
        local = datetime(on.year, on.month, on.day, hours % 24, minutes, tzinfo=self.zone)
        return round(local.astimezone(timezone.utc).timestamp())

    def local_day(self, t):
        return datetime.fromtimestamp(t, self.zone).date()

    def stamp(self, t):
        """With its offset or, where that says the same, without; at times with a part of a second, which is dropped."""
        local = datetime.fromtimestamp(t, self.zone)
        if self.chance.often(0.02):
            local = local.replace(microsecond=self.chance.one([1000, 500000, 999000]))
        timespec = "milliseconds" if local.microsecond else "auto"
        if not local.second and not local.microsecond and self.chance.often(0.7):
            timespec = "minutes"
        plain = local.replace(tzinfo=None)
        same = plain.replace(tzinfo=self.zone, fold=0).astimezone(timezone.utc) == local.astimezone(timezone.utc)
        shown = plain if same and self.chance.often(0.7) else local
        return shown.isoformat(timespec=timespec)

    def some_day(self):
        changes = CHANGE_DAYS[self.tariff["tz"]]
        if changes and self.chance.often(0.5):
            return date.fromisoformat(self.chance.one(changes)) - timedelta(days=self.chance.one([0, 0, 1, 1, 2]))
        if self.chance.often(0.3):
            special = date.fromisoformat(self.chance.one(HOLIDAYS + WORKED_DAYS))
            return special + timedelta(days=self.chance.one([-1, 0, 0, 1]))
        return date(2026, 1, 1) + timedelta(days=self.chance.between(0, 364))

    def time_on(self, day):
        kind = self.chance.one(["edge", "edge", "minute", "minute", "second", "night"])
        if kind == "edge":
            return self.instant(day, self.chance.one(self.times)) + self.chance.nudge()
        if kind == "night":
            quarter = self.instant(day, "00:00") + self.chance.between(0, 16) * 15 * MINUTE
            return quarter + self.chance.one([0, 0, 1, -1])
        second = self.chance.between(0, 59) if kind == "second" else 0
        return self.instant(day, "00:00") + self.chance.between(0, 1439) * MINUTE + second

    def length(self):
        kind = self.chance.one(["limit"] * 4 + ["hours"] * 4 + ["day"] * 3 + ["days", "zero", "short"])
        if kind == "limit":
            limit = self.chance.one(self.limits) * MINUTE * self.chance.one([1, 1, 1, 2, 3])
            return max(0, limit + self.chance.nudge())
        if kind == "hours":
            return self.chance.between(1, 12 * 60) * MINUTE + self.chance.one([0, 0, self.chance.between(0, 59)])
        if kind == "day":
            return self.chance.one([DAY, DAY, 2 * DAY, self.chance.between(HOUR, 2 * DAY)]) + self.chance.nudge()
        if kind == "days":
            most = self.chance.one([4, 4, 4, 10, 10, 40])
            return self.chance.one([self.chance.between(DAY, most * DAY), self.chance.between(1, most) * DAY])
        return self.chance.one([0, 0, 1]) if kind == "zero" else self.chance.between(0, 40 * MINUTE)

    def entry_and_exit(self):
        entry = self.time_on(self.some_day())
        if self.chance.often(0.35):
            exit = self.time_on(self.local_day(entry) + timedelta(days=self.chance.one([0, 0, 1, 1, 1, 2, 3])))
            if exit >= entry:
                return entry, exit
        if self.chance.often(0.01):
            return entry, entry - self.chance.one([1, 60, 4000])
        if self.chance.often(0.005):
            return entry, entry + 30 * DAY + self.chance.one([0, 1])
        return entry, entry + self.length()

    # --- further facts ---

    def stay(self):
        chance, tariff = self.chance, self.tariff
        entry, exit = self.entry_and_exit()
        stay = {"entry": self.stamp(entry), "exit": self.stamp(exit)}
        if chance.often(0.6 if "classes" in tariff or "class_override" in tariff or "discounts" in tariff else 0.15):
            stay["vehicle"] = self.vehicle()
        if chance.often(0.8 if "permit" in tariff or "segments" in tariff else 0.08):
            stay["permits"] = self.permits(entry, exit)
        if chance.often(0.75 if "coupons_policy" in tariff else 0.15):
            stay["coupons"] = self.coupons(exit)
        if chance.often(0.6 if "pay_grace" in tariff else 0.05) and exit >= entry:
            stay["payments"] = self.payments(entry, exit)
        if chance.often(0.5 if "discounts" in tariff else 0.1):
            stay["history"] = self.history()
        if chance.often(0.12):
            stay["carry"] = self.carry(entry)
        if chance.often(0.7 if "reentry" in tariff else 0.02):
            stay["previous"] = self.previous(entry)
        if chance.often(0.06):
            stay["arrears"] = [{"ref": f"S-{n}", "amount": chance.one(PRICES)} for n in range(chance.between(1, 2))]
        if chance.often(0.08):
            stay["adjustments"] = self.adjustments()
        if chance.often(0.3 if "no_entry" in tariff else 0.01):
            stay["entry"] = None
            stay.pop("payments", None)
        return stay, entry, exit

    def vehicle(self):
        vehicle = {"class": self.chance.one(CLASSES), "energy": self.chance.one(["nev", "nev", "ice"])}
        if self.chance.often(0.3):
            del vehicle["class"]
        if vehicle["energy"] == "nev":
            vehicle["plate_color"] = "green"
        if self.chance.often(0.07):
            vehicle["exempt"] = self.chance.one(["police", "fire"])
        return vehicle

    def permits(self, entry, exit):
        """Covering, ending in the middle, beginning in the middle, expired, or two that follow one another."""
        chance = self.chance
        first, last = self.local_day(entry), self.local_day(max(entry, exit))
        days = (last - first).days
        inside = first + timedelta(days=chance.between(0, max(0, days - 1)))
        month_before, month_after = first - timedelta(days=30), last + timedelta(days=30)
        windows = self.windows() if chance.often(0.6) else None
        pairs = chance.one([
            [(month_before, month_after)], [(month_before, month_after)], [(month_before, month_after)],
            [(month_before, inside)], [(month_before, inside)],
            [(month_before, first - timedelta(days=chance.between(1, 4)))],
            [(month_before, first - timedelta(days=chance.between(1, 4)))],
            [(inside + timedelta(days=1), month_after)],
            [(month_before, inside), (inside + timedelta(days=1), month_after)],
            [(month_before, inside), (inside + timedelta(days=2), month_after)],
        ])
        permits = []
        for number, (valid_from, valid_to) in enumerate(pairs):
            permit = {"id": f"permit-{number}", "valid_from": valid_from.isoformat(), "valid_to": valid_to.isoformat()}
            if windows and (number == 0 or chance.often(0.7)):
                permit["windows"] = windows
            permits.append(permit)
        return permits

    def windows(self):
        windows = self.chance.one([
            [{"days": ["workday"], "from": "18:00", "to": "08:00"},
             {"days": ["weekend", "holiday"], "from": "00:00", "to": "24:00"}],
            [{"from": "18:00", "to": "08:00"}],
            [{"from": "20:30", "to": "02:30"}],
            [{"days": WORKING_WEEK, "from": "08:00", "to": "18:00"}],
            [{"from": "07:00", "to": "12:00"}, {"from": "13:00", "to": "19:00"}],
            [{"days": ["sat", "sun"], "from": "00:00", "to": "24:00"}],
        ])
        self.times = sorted(set(self.times + times_of(windows)))
        return windows

    def coupons(self, exit):
        chance = self.chance
        coupons = []
        for number in range(chance.one([1, 1, 2, 3, 4])):
            kind = chance.one(["minutes", "minutes", "percent", "percent", "amount", "amount", "minutes",
                               "percent", "amount", "amount", "full"])
            coupon = {"id": f"{chance.one('abc')}{number}", "kind": kind}
            if kind == "minutes":
                coupon["value"] = chance.one([15, 15, 30, 30, 60, 60, 60, 90, 120, 600])
            if kind == "percent":
                coupon["value"] = chance.one([10, 10, 15, 20, 20, 25, 33, 50, 100])
            if kind == "amount":
                coupon["value"] = chance.one([100, 300, 300, 500, 777, 2000])
            if chance.often(0.15):
                coupon["valid_from"] = self.stamp(exit + chance.one([0, 1, -1, -DAY]))
            if chance.often(0.15):
                coupon["valid_to"] = self.stamp(exit + chance.one([0, 1, -1, DAY, DAY]))
            coupons.append(coupon)
        return coupons

    def payments(self, entry, exit):
        """The last lies near the end of the grace as often as anywhere; the amount is too little, enough or more."""
        chance = self.chance
        grace = (self.tariff.get("pay_grace") or {}).get("min", 15) * MINUTE
        near = exit - grace + chance.one([0, 0, 1, -1, -1, -600, -4000, 300])
        times = [min(exit, max(entry, chance.one([near, near, chance.between(entry, exit)])))]
        if chance.often(0.2):
            times.append(chance.between(entry, times[0]))
        price = chance.one(numbers_of(self.tariff, "price") + numbers_of(self.tariff, "total") + [500])
        amounts = [0, 900, 1500, 2000, 5000, 100000, 100000] + [price * units for units in (1, 1, 2, 2, 3, 4)]
        return [{"at": self.stamp(at), "amount": chance.one(amounts)} for at in sorted(times)]

    def history(self):
        history = {}
        if self.chance.often(0.5):
            history["free_used"] = True
        for discount in self.tariff.get("discounts") or []:
            if self.chance.often(0.4):
                history[discount["id"]] = True
        return history

    def carry(self, entry):
        charged = self.chance.one([0, 200, 200, 500, 500, 900, 1300, 1500, 2000, 10000])
        cycle_facts = self.tariff.get("cycle") or {}
        if cycle_facts.get("kind") == "rolling":
            anchor = entry - self.chance.between(0, cycle_facts["minutes"] - 1) * MINUTE
            return {"anchor": self.stamp(anchor), "charged": charged}
        day = self.local_day(entry) + timedelta(days=self.chance.one([0, 0, 0, 0, -1, 1]))
        return {"day": day.isoformat(), "charged": charged}

    def previous(self, entry):
        chance = self.chance
        within = (self.tariff.get("reentry") or {"within_min": 60})["within_min"] * MINUTE
        gap = chance.one([0, within, within, within + 1, within - 1, chance.between(0, within), 2 * within, -1])
        left = entry - gap
        came = left - chance.one([0, 600, 1200, HOUR, chance.between(0, DAY)])
        return {"entry": self.stamp(came), "exit": self.stamp(left), "charged": chance.one([0, 0, 200, 500, 900, 5000])}

    def adjustments(self):
        choices = [
            {"reason": "SIGN_DISPUTE", "amount": -300}, {"reason": "GOODWILL", "amount": -100000},
            {"reason": "LOST_TICKET", "amount": 500}, {"reason": "MANAGER", "set_fee": 0},
            {"reason": "AGREED", "set_fee": 800},
        ]
        return self.chance.some(choices, 1, 2)

    def household(self):
        """Cars that come and go close together; some at the same second."""
        chance = self.chance
        start = self.time_on(self.some_day())
        moments = [start + n * chance.one([600, 1800, 3600, 7200]) + chance.one([0, 0, 1]) for n in range(8)]
        cars = []
        for plate in chance.some(["浙A11111", "浙A22222", "沪B33333", "苏E44444D"], 2, 4):
            entry, exit = sorted([chance.one(moments), chance.one(moments)])
            cars.append({"plate": plate, "entry": self.stamp(entry), "exit": self.stamp(exit)})
        return {"quota": chance.one([1, 1, 1, 2, 2, 0]), "cars": cars}

    def renewal(self):
        chance = self.chance
        valid_to = date(2026, 1, 1) + timedelta(days=chance.between(0, 1200))
        if chance.often(0.5):
            valid_to = chance.one([date(2027, 1, 30), date(2028, 1, 30), date(2026, 8, 30), date(2028, 1, 28),
                                   date(2027, 2, 28)])
        rule = {"from": chance.one(["old_expiry", "today_if_expired"]), "month": "calendar"}
        return {"valid_to": valid_to.isoformat(), "months": chance.one([1, 1, 2, 3, 6, 12, 13]),
                "today": (valid_to + timedelta(days=chance.one([-10, 0, 1, 2, 11, 40]))).isoformat(), "rule": rule}


# ---------------------------------------------------------------------------------------------------------------------
# Cases
# ---------------------------------------------------------------------------------------------------------------------


def add_versions(chance, maker, stay, entry, exit, names):
    """Tariffs that came into force around the stay; at times none was in force yet."""
    near = [entry, exit, (entry + exit) // 2, entry - 1, exit + 1]
    versions = []
    for number, name in enumerate(names):
        at = entry - 30 * DAY if number == 0 and chance.often(0.9) else chance.one(near)
        versions.append({"from": maker.stamp(at), "tariff": name})
    if len({instant_of_version(maker, version) for version in versions}) == len(versions):
        stay["versions"] = versions
        if chance.often(0.8):
            stay["version_rule"] = chance.one(["at_entry", "at_exit"])


def instant_of_version(maker, version):
    """Two versions never come into force in the same second."""
    local = datetime.fromisoformat(version["from"])
    aware = local if local.tzinfo else local.replace(tzinfo=maker.zone, fold=0)
    return aware.astimezone(timezone.utc).replace(microsecond=0)


def split_into_patch(chance, tariff):
    """The same tariff as a base and a patch of whole top-level keys."""
    loose = [key for key in tariff if key not in ("id", "tz", "currency", "calendar", "rate", "bands")]
    patch = {key: tariff.pop(key) for key in chance.some(loose, 1, 3)} if loose else {}
    if "free" in patch and chance.often(0.3):
        tariff["free"], patch["free"] = patch["free"], None
    return patch


def random_case(chance, name, tariffs):
    zone = chance.one(["Asia/Shanghai"] * 4 + list(CHANGE_DAYS)[1:])
    topic = chance.random.choices(list(TOPICS), TOPIC_WEIGHTS)[0]
    tariff = random_tariff(chance, name, zone, topic)
    tariffs[name] = tariff
    maker = StayMaker(chance, tariff)
    case = {"id": name, "tariff_ref": name}
    kind = chance.random.random()
    if kind < 0.01:
        case["renewal"] = maker.renewal()
    elif topic == "household":
        case["household"] = maker.household()
    else:
        case["stay"], entry, exit = maker.stay()
        if chance.often(0.04):
            other = f"{name}-new"
            tariffs[other] = random_tariff(chance, other, zone, topic)
            add_versions(chance, maker, case["stay"], entry, exit, [name, other])
    if chance.often(0.2):
        patch = split_into_patch(chance, tariff)
        if patch:
            case["tariff_patch"] = patch
    return case


def main():
    parser = argparse.ArgumentParser(description="Random tariffs (GTF-1) and stays, deterministic by seed.")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    arguments = parser.parse_args()
    chance = Chance(arguments.seed)
    tariffs = {}
    cases = [random_case(chance, f"r{arguments.seed}-{number}", tariffs) for number in range(arguments.count)]
    json.dump({"tariffs": tariffs, "cases": cases}, sys.stdout, ensure_ascii=False, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
