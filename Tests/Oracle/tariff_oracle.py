#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A slow, independent oracle for parking tariffs of the form GTF-1.

It was written from the prose of the tariff specification before any engine existed and shares no code with one. It asks
at single instants ("which band holds now?", "is the car covered now?") and finds edges by asking again at every whole
minute, where an engine would cut intervals. Where the prose leaves a choice, README.md beside this file says what is
done here; the comments cite the specification as "section N".

    tariff_oracle.py --cases FILE.json            one line {"id", "got"} for every case
    tariff_oracle.py --cases FILE.json --check    compares with every `expect`; exit 1 if any differs

Money is an integer of minor units, a ratio is a Fraction, an instant is an integer of seconds since 1970 in UTC.
"""
import argparse
import dataclasses
import json
import sys
from collections import namedtuple
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from zoneinfo import ZoneInfo

MINUTE = 60
DAY = 86400
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
ONE_SECOND = timedelta(seconds=1)
ONE_DAY = timedelta(days=1)
FOREVER = 1 << 60
MAX_PLAUSIBLE_DAYS = 30  # section 1.3: a setting of the site, no key of the form; this is its default
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def half_up(value):
    """Section 1, rule 1: an exact ratio is rounded half up to the minor unit."""
    return int((2 * Fraction(value) + 1) // 2)


# ---------------------------------------------------------------------------------------------------------------------
# Time (section 1.2)
# ---------------------------------------------------------------------------------------------------------------------


class Wall:
    """The wall clock of a site: local times to instants and back."""

    def __init__(self, zone_name):
        self.zone = ZoneInfo(zone_name)
        self.known_instants = {}
        self.known_days = {}

    def instant_of(self, local):
        """fold=0 is the rule of section 1.2: in a gap the offset before it, and the first of two equal readings."""
        aware = local if local.tzinfo else local.replace(tzinfo=self.zone, fold=0)
        return (aware.astimezone(timezone.utc) - EPOCH) // ONE_SECOND  # floors a part of a second (section 1, rule 2)

    def parse(self, text):
        return self.instant_of(datetime.fromisoformat(text))

    def at(self, day, hhmm):
        """The instant of a local time of day; 24:00 is 00:00 of the next day."""
        key = (day, hhmm)
        if key not in self.known_instants:
            hours, minutes = (int(part) for part in hhmm.split(":"))
            on = day + timedelta(days=hours // 24)
            self.known_instants[key] = self.instant_of(datetime(on.year, on.month, on.day, hours % 24, minutes))
        return self.known_instants[key]

    def midnight(self, day):
        return self.at(day, "00:00")

    def local(self, t):
        return datetime.fromtimestamp(t, self.zone)

    def day_of(self, t):
        """The natural day of an instant: the time between two local midnights (section 1.2). Asked once a minute, as
        every midnight is a whole minute of UTC."""
        minute = t // MINUTE
        if minute not in self.known_days:
            day = self.local(minute * MINUTE).date()
            while self.midnight(day + ONE_DAY) <= t:  # where a clock goes back over midnight, the first one counts
                day += ONE_DAY
            self.known_days[minute] = day
        return self.known_days[minute]

    def text(self, t):
        local = self.local(t)
        return local.isoformat(timespec="seconds" if local.second else "minutes")


class Calendar:
    """Day types and day selectors (section 3)."""

    def __init__(self, tariff):
        calendar = tariff.get("calendar") or {}
        self.holidays = set(calendar.get("holidays") or [])
        self.workdays = set(calendar.get("workdays") or [])

    def day_type(self, day):
        if day.isoformat() in self.holidays:
            return "holiday"
        if day.isoformat() in self.workdays:
            return "workday"
        return "weekend" if day.weekday() >= 5 else "workday"

    def matches(self, day, selectors):
        if selectors is None:
            return True
        kind = self.day_type(day)
        names = {kind, day.isoformat()}
        if kind != "holiday":
            names.add(WEEKDAYS[day.weekday()])  # a weekday name does not match a holiday
        return any(selector in names for selector in selectors)


Span = namedtuple("Span", "start end item day")  # item: index of the band or window; day: local date it starts on


class DaySpans:
    """Bands or permit windows: local spans that belong to the day they start on (section 3)."""

    def __init__(self, wall, calendar, items, widened_by=0):
        self.wall, self.calendar, self.items, self.widened_by = wall, calendar, items, widened_by
        # A widened span may reach over midnight on both sides; one that is not widened reaches one day ahead.
        self.days_to_ask = (-2, -1, 0, 1) if widened_by else (-1, 0)
        self.known_starts = {}
        self.known_near = {}

    def starting_on(self, day):
        if day not in self.known_starts:
            spans = []
            for number, item in enumerate(self.items):
                if not self.calendar.matches(day, item.get("days")):
                    continue
                start = self.wall.at(day, item["from"])
                overnight = item["to"] <= item["from"]
                end = self.wall.at(day + ONE_DAY if overnight else day, item["to"])
                if start < end:  # made empty by a clock change: no length that day (section 1.2)
                    spans.append(Span(start - self.widened_by, end + self.widened_by, number, day))
            self.known_starts[day] = spans
        return self.known_starts[day]

    def near(self, day):
        if day not in self.known_near:
            spans = [s for ahead in self.days_to_ask for s in self.starting_on(day + timedelta(days=ahead))]
            self.known_near[day] = spans
        return self.known_near[day]

    def holding(self, t):
        return [span for span in self.near(self.wall.day_of(t)) if span.start <= t < span.end]


def whole_minutes(after, before):
    """The whole minutes of UTC between two instants. All edges made of local hours and minutes are among them."""
    return range(after - after % MINUTE + MINUTE, before, MINUTE)


# ---------------------------------------------------------------------------------------------------------------------
# What holds at an instant: bands and cycles
# ---------------------------------------------------------------------------------------------------------------------

Band = namedtuple("Band", "name day rate cap")
EVERYTHING_DAY = None  # the one band "ALL" of a tariff without bands has no edges and so one instance


def instance_of(band):
    """Section 4.2: band name + the local date it starts on. Two bands of one name on one day are one instance."""
    return (band.name, band.day) if band else None


class BandClock:
    """Answers which band holds at an instant, and until when, by asking every minute."""

    def __init__(self, wall, calendar, tariff):
        bands = tariff.get("bands")
        self.everything = None if bands else Band("ALL", EVERYTHING_DAY, 0, None)
        self.rates = [band["rate"] for band in bands] if bands else [tariff["rate"]]
        self.bands = bands or []
        self.spans = DaySpans(wall, calendar, self.bands)
        self.known = {}
        self.known_end = {}

    def rate(self, band):
        return self.rates[band.rate]

    def at(self, t):
        """The band at t, or None where no band covers the time (free, section 3)."""
        if self.everything:
            return self.everything
        minute = t // MINUTE
        if minute not in self.known:
            # Two can hold only in the hour after a spring gap (README): the one that began first keeps its time.
            holders = sorted(self.spans.holding(t), key=lambda span: (span.start, span.item))
            self.known[minute] = self.band_of(holders[0]) if holders else None
        return self.known[minute]

    def band_of(self, span):
        band = self.bands[span.item]
        return Band(band["name"], span.day, span.item, band.get("cap"))

    def until(self, t, limit):
        """The first instant after t, but not after `limit`, at which another band or none holds."""
        if self.everything:
            return limit
        band = self.at(t)
        if band in self.known_end:
            return min(self.known_end[band], limit)
        for minute in whole_minutes(t, limit):
            if self.at(minute) != band:
                if band is not None:
                    self.known_end[band] = minute
                return minute
        return limit


Cycle = namedtuple("Cycle", "key end")


class CycleClock:
    """Answers which cycle holds at an instant (section 4.2, the last bullet)."""

    def __init__(self, wall, cycle, anchor):
        self.wall, self.anchor = wall, anchor
        self.kind = cycle.get("kind", "none")
        self.length = cycle.get("minutes", 1440) * MINUTE

    def at(self, t):
        if self.kind == "natural_day":
            day = self.wall.day_of(t)
            return Cycle(day.isoformat(), self.wall.midnight(day + ONE_DAY))
        if self.kind == "rolling":
            number = (t - self.anchor) // self.length
            return Cycle(f"c{number}", self.anchor + (number + 1) * self.length)
        return Cycle(None, FOREVER)


# ---------------------------------------------------------------------------------------------------------------------
# Class of the vehicle (section 4, step 3)
# ---------------------------------------------------------------------------------------------------------------------


def tariff_for_class(tariff, vehicle_class):
    override = (tariff.get("class_override") or {}).get(vehicle_class) or {}
    tariff = {**tariff, **override}
    multiplier = ((tariff.get("classes") or {}).get(vehicle_class) or {}).get("mult", 1)
    return multiplied(tariff, Fraction(str(multiplier)))


def multiplied(tariff, multiplier):
    def money(amount):
        return None if amount is None else half_up(amount * multiplier)

    result = dict(tariff)
    if tariff.get("rate"):
        result["rate"] = multiplied_rate(tariff["rate"], money)
    if tariff.get("bands"):
        result["bands"] = [
            {**band, "rate": multiplied_rate(band["rate"], money), "cap": money(band.get("cap"))}
            for band in tariff["bands"]
        ]
    if tariff.get("cycle"):
        result["cycle"] = {**tariff["cycle"], "cap": money(tariff["cycle"].get("cap"))}
    result["stay_cap"] = money(tariff.get("stay_cap"))
    result["specials"] = [{**special, "price": money(special["price"])} for special in tariff.get("specials") or []]
    return result


def multiplied_rate(rate, money):
    result = dict(rate)
    if rate["kind"] == "steps":
        result["steps"] = [{**step, "price": money(step["price"])} for step in rate["steps"]]
    if rate["kind"] == "table":
        result["table"] = [{**row, "total": money(row["total"])} for row in rate["table"]]
    if rate["kind"] == "visit":
        result["price"] = money(rate["price"])
    return result


# ---------------------------------------------------------------------------------------------------------------------
# Facts of a stay (section 3.1)
# ---------------------------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class Facts:
    """What the computation of one amount may know besides the tariff and the pair (entry, exit)."""

    vehicle: dict
    permits: list
    coupons: list
    history: dict
    carry: dict
    free_allowed: bool = True  # False in an overtime stay without `free_again` (section 6.8)
    # A car of a household (section 6.2) is temporary from its entry to this instant; None: no household.
    temporary_until: int | None = None

    @classmethod
    def of(cls, stay, temporary_until=None):
        return cls(
            vehicle={"class": "small", **(stay.get("vehicle") or {})},
            permits=stay.get("permits") or [],
            coupons=stay.get("coupons") or [],
            history=stay.get("history") or {},
            carry=stay.get("carry") or {},
            temporary_until=temporary_until,
        )

    def in_overtime(self, tariff):
        """Section 6.8: once-a-day discounts and coupons count as used; free minutes only if `free_again`."""
        once = {d["id"]: True for d in tariff.get("discounts") or [] if d.get("once") == "day"}
        again = bool((tariff.get("pay_grace") or {}).get("free_again"))
        return dataclasses.replace(self, coupons=[], history={**self.history, **once}, free_allowed=again)


# ---------------------------------------------------------------------------------------------------------------------
# Billable segments (section 4, step 4; section 6.1)
# ---------------------------------------------------------------------------------------------------------------------


class Permit:
    """One permit: valid between two local midnights, a grace after it, perhaps weekly windows."""

    def __init__(self, wall, calendar, facts, policy):
        first = date.fromisoformat(facts["valid_from"])
        after = date.fromisoformat(facts["valid_to"]) + ONE_DAY
        self.start = wall.midnight(first)
        self.end = wall.midnight(after)
        self.grace_end = wall.midnight(after + timedelta(days=policy.get("grace_days", 0)))
        self.windows = None
        if facts.get("windows") is not None:
            tolerance = policy.get("edge_tolerance_min", 0) * MINUTE
            self.windows = DaySpans(wall, calendar, facts["windows"], tolerance)

    def valid_at(self, t):
        return self.start <= t < self.grace_end

    def in_window_at(self, t):
        return self.windows is None or bool(self.windows.holding(t))

    def covers_at(self, t):
        return self.valid_at(t) and self.in_window_at(t)

    def covers_without_grace_at(self, t):
        return self.covers_at(t) and t < self.end


def permit_segments(wall, calendar, tariff, facts, entry, exit, flags):
    """The stay minus what permits cover."""
    policy = tariff.get("permit") or {}
    permits = [Permit(wall, calendar, permit, policy) for permit in facts.permits]
    if policy.get("out_of_window", "bill_portion") == "bill_whole_stay":
        permits = [p for p in permits if not left_its_window(p, permits, entry, exit)]
    segments, grace_used = uncovered_segments(permits, entry, exit)
    if expired_mid_stay(permits, entry, exit):
        flags.add("PERMIT_EXPIRED_MID_STAY")
        expiry = policy.get("mid_stay_expiry", "after_expiry")
        if expiry == "whole_stay":
            return [(entry, exit)]
        if expiry == "free_this_stay":
            segments = []
    if grace_used:
        flags.add("PERMIT_IN_GRACE")
    return segments


def instants_to_ask(entry, exit):
    """The entry, then every whole minute: between two of them no permit can begin or end."""
    return [entry, *whole_minutes(entry, exit)]


def left_its_window(permit, permits, entry, exit):
    """Whether the car was ever outside the window of this valid pass while nothing else covered it."""
    for t in instants_to_ask(entry, exit):
        if permit.valid_at(t) and not permit.in_window_at(t) and not any(p.covers_at(t) for p in permits):
            return True
    return False


def uncovered_segments(permits, entry, exit):
    segments = []
    grace_used = False
    start = None  # of the uncovered time that t lies in
    for t in instants_to_ask(entry, exit) if permits else [entry]:
        covered = any(p.covers_at(t) for p in permits)
        if covered and not any(p.covers_without_grace_at(t) for p in permits):
            grace_used = True
        if not covered and start is None:
            start = t
        if covered and start is not None:
            segments.append((start, t))
            start = None
    if start is not None:
        segments.append((start, exit))
    return segments, grace_used


def expired_mid_stay(permits, entry, exit):
    """A permit that another one follows (or overlaps) has not expired: the pair counts as one."""
    for permit in permits:
        end = permit.grace_end
        if permit.start < end and entry < end < exit and not any(p.valid_at(end) for p in permits):
            return True
    return False


# ---------------------------------------------------------------------------------------------------------------------
# Segments as lists of (start, end)
# ---------------------------------------------------------------------------------------------------------------------


def total_length(segments):
    return sum(end - start for start, end in segments)


def without_front(segments, seconds):
    """Segments with the first `seconds` of billable time used up, segment by segment."""
    rest = []
    for start, end in segments:
        used = min(seconds, end - start)
        seconds -= used
        if start + used < end:
            rest.append((start + used, end))
    return rest


def without_back(segments, seconds):
    rest = []
    for start, end in reversed(segments):
        used = min(seconds, end - start)
        seconds -= used
        if start < end - used:
            rest.insert(0, (start, end - used))
    return rest


def front_only(segments, seconds):
    return without_back(segments, max(0, total_length(segments) - seconds))


def cut_at_cycles(segments, cycles):
    pieces = []
    for start, end in segments:
        t = start
        while t < end:
            piece_end = min(end, cycles.at(t).end)
            pieces.append((t, piece_end))
            t = piece_end
    return pieces


# ---------------------------------------------------------------------------------------------------------------------
# Free minutes (section 4.1)
# ---------------------------------------------------------------------------------------------------------------------


def after_free_minutes(tariff, facts, segments, cycles):
    """The segments that stay billable, and the free minutes (in seconds) that were deducted from them."""
    free = tariff.get("free")
    scope = free.get("scope", "stay") if free else None
    if not free or not facts.free_allowed or (scope == "day_first" and facts.history.get("free_used")):
        return segments, 0
    if scope == "cycle":
        return each_after_free(free, cut_at_cycles(segments, cycles))
    if tariff.get("segments", "independent") == "continue":
        return joined_after_free(free, segments)
    return each_after_free(free, segments)


def within_free(free, length):
    limit = free["min"] * MINUTE
    return length < limit if free.get("boundary", "inclusive") == "exclusive" else length <= limit


def each_after_free(free, segments):
    deducted = free["min"] * MINUTE if free.get("deduct") else 0
    rest = []
    for start, end in segments:
        if not within_free(free, end - start) and start + deducted < end:
            rest.append((start + deducted, end))
    return rest, deducted


def joined_after_free(free, segments):
    if within_free(free, total_length(segments)):
        return [], 0
    deducted = free["min"] * MINUTE if free.get("deduct") else 0
    return without_front(segments, deducted), deducted


# ---------------------------------------------------------------------------------------------------------------------
# The charge walk (section 4.2)
# ---------------------------------------------------------------------------------------------------------------------

Charge = namedtuple("Charge", "band cycle_key start end price")


class Meter:
    """Runs over the segments like a taximeter: at every t it asks which band and cycle hold, charges what begins there
    and moves on to the instant at which the next thing can begin."""

    def __init__(self, tariff, bands, cycles):
        self.bands, self.cycles = bands, cycles
        self.joined = tariff.get("segments", "independent") == "continue"
        self.anchor_kind = tariff.get("steps_anchor", "stay")
        self.band_edge_cuts = tariff.get("band_edge", "restart") == "restart"
        self.cycle_edge_cuts = (tariff.get("cycle") or {}).get("edge", "restart") == "restart"
        self.charges = []
        self.visits = set()  # counted over the whole stay: a stay is one entry to one exit
        self.anchors = {}  # (kind, which) -> running time at which it was first processed
        self.billable_before = 0
        self.credit = 0

    def run(self, segments):
        for start, end in segments:
            self.run_segment(start, end)
        return self.charges

    def run_segment(self, start, end):
        self.segment_start, self.segment_end = start, end
        if not self.joined:  # each its own small stay with its own first hour (section 6.1, ex-19a)
            self.anchors = {}
            self.billable_before = 0
            self.credit = 0
        used_credit = min(self.credit, end - start)
        self.credit -= used_credit
        t = start + used_credit
        while t < end:
            t = self.process(t)
        self.billable_before += end - start

    def process(self, t):
        """What happens at t; answers the next t."""
        band = self.bands.at(t)
        cycle = self.cycles.at(t)
        running = self.running_time(t)
        self.anchors.setdefault(("stay", None), running)
        self.anchors.setdefault(("band", instance_of(band)), running)
        self.anchors.setdefault(("cycle", cycle.key), running)
        if band is None:
            return self.bands.until(t, self.segment_end)
        rate = self.bands.rate(band)
        if rate["kind"] == "free":
            return self.bands.until(t, self.segment_end)
        if rate["kind"] == "visit":
            return self.process_visit(t, band, cycle, rate)
        if rate["kind"] == "table":
            return self.process_table(t, band, cycle, rate)
        return self.process_unit(t, band, cycle, rate)

    def running_time(self, t):
        """`segments: continue` counts only billable time; else wall time since the segment's start."""
        return self.billable_before + t - self.segment_start

    def charge(self, band, cycle, start, end, price):
        self.charges.append(Charge(band, cycle.key, start, end, price))

    def process_visit(self, t, band, cycle, rate):
        end = self.bands.until(t, self.segment_end)
        if rate["per"] == "band":
            counted = ("band", instance_of(band))
        elif rate["per"] == "cycle":
            counted = ("cycle", band.name, cycle.key)
            end = min(end, cycle.end)
        else:
            counted = ("stay", band.name)
        if counted not in self.visits:
            self.visits.add(counted)
            self.charge(band, cycle, t, end, rate["price"])
        return end

    def process_table(self, t, band, cycle, rate):
        end = min(self.segment_end, cycle.end)
        for row in rate["table"]:
            if "upto_min" not in row or end - t <= row["upto_min"] * MINUTE:
                self.charge(band, cycle, t, end, row["total"])
                break
        return end

    def process_unit(self, t, band, cycle, rate):
        elapsed = self.running_time(t) - self.anchor(band, cycle)
        step = step_at(rate["steps"], elapsed)
        whole_end = t + step["unit_min"] * MINUTE
        end = whole_end
        if "upto_min" in step:
            end = min(end, t + step["upto_min"] * MINUTE - elapsed)
        if self.band_edge_cuts:
            end = self.bands.until(t, end)
        if self.cycle_edge_cuts:
            end = min(end, cycle.end)
        if self.unit_is_charged(t, end, end == whole_end, rate):
            self.charge(band, cycle, t, min(end, self.segment_end), step["price"])
            if self.joined and end > self.segment_end:
                self.credit = end - self.segment_end
        return end

    def anchor(self, band, cycle):
        which = {"stay": None, "band": instance_of(band), "cycle": cycle.key}[self.anchor_kind]
        return self.anchors[(self.anchor_kind, which)]

    def unit_is_charged(self, t, end, whole, rate):
        floor = rate.get("round", "ceil") == "floor"
        if end <= self.segment_end:
            return whole or not floor
        if floor:
            return False
        return t == self.segment_start or self.segment_end - t > rate.get("tolerance_min", 0) * MINUTE


def step_at(steps, elapsed):
    for step in steps:
        if "upto_min" not in step or elapsed < step["upto_min"] * MINUTE:
            return step
    return steps[-1]


# ---------------------------------------------------------------------------------------------------------------------
# Caps (section 4.3)
# ---------------------------------------------------------------------------------------------------------------------


class Purse:
    """What is left under each cap of one kind, and what was trimmed by it."""

    def __init__(self):
        self.left = {}
        self.trimmed = {}

    def take(self, key, cap, amount):
        if cap is None:
            return amount
        left = self.left.setdefault(key, cap)
        taken = min(amount, left)
        self.left[key] = left - taken
        if taken < amount:
            self.trimmed[key] = self.trimmed.get(key, 0) + amount - taken
        return taken


Walk = namedtuple("Walk", "gross charges band_trims cycle_trims stay_trim")


def capped(tariff, charges, carried):
    """`carried` is (cycle key, amount): what was charged before under the same cycle's cap (section 6.3)."""
    bands, cycles, stay = Purse(), Purse(), Purse()
    cycle_cap = (tariff.get("cycle") or {}).get("cap")
    if carried and cycle_cap is not None:
        cycles.left[carried[0]] = max(0, cycle_cap - carried[1])
    gross = 0
    for charge in charges:
        x1 = bands.take(instance_of(charge.band), charge.band.cap, charge.price)
        x2 = cycles.take(charge.cycle_key, cycle_cap if charge.cycle_key else None, x1)
        x3 = stay.take("stay", tariff.get("stay_cap"), x2)
        gross += x3
    return Walk(gross, charges, bands.trimmed, cycles.trimmed, sum(stay.trimmed.values()))


# ---------------------------------------------------------------------------------------------------------------------
# Explanation lines of a walk (section 9)
# ---------------------------------------------------------------------------------------------------------------------


def charge_lines(wall, walk):
    lines = []
    for units in folded(walk.charges):
        first, last = units[0], units[-1]
        lines.append({
            "code": "CHARGE", "band": first.band.name, "from": wall.text(first.start), "to": wall.text(last.end),
            "units": len(units), "price": first.price, "amount": first.price * len(units),
        })
    for (name, day), trimmed in walk.band_trims.items():
        lines.append({"code": "CAP_BAND", "key": f"{name} {day.isoformat()}", "amount": -trimmed})
    for key, trimmed in walk.cycle_trims.items():
        lines.append({"code": "CAP_CYCLE", "key": key, "amount": -trimmed})
    if walk.stay_trim:
        lines.append({"code": "CAP_STAY", "amount": -walk.stay_trim})
    return lines


def folded(charges):
    """Equal neighbouring units as groups; a band instance and a cycle keep their own lines (ex-13a)."""
    groups = []
    for charge in charges:
        last = groups[-1][-1] if groups else None
        if last and last.end == charge.start and last[:2] == charge[:2] and last.price == charge.price:
            groups[-1].append(charge)
        else:
            groups.append([charge])
    return groups


# ---------------------------------------------------------------------------------------------------------------------
# Specials (section 4.4)
# ---------------------------------------------------------------------------------------------------------------------


def special_fits(wall, calendar, special, entry, exit):
    day = wall.day_of(entry)
    exit_day = day + timedelta(days=special.get("exit_day", 0))
    bounds = [
        calendar.matches(day, special.get("days")),
        "entry_from" not in special or wall.at(day, special["entry_from"]) <= entry,
        "entry_by" not in special or entry <= wall.at(day, special["entry_by"]),
        "exit_from" not in special or wall.at(exit_day, special["exit_from"]) <= exit,
        "exit_by" not in special or exit <= wall.at(exit_day, special["exit_by"]),
        "max_min" not in special or exit - entry <= special["max_min"] * MINUTE,
    ]
    return all(bounds)


def special_instead(wall, calendar, tariff, entry, exit, gross):
    """The special that replaces `gross`, or None."""
    fitting = [s for s in tariff["specials"] if special_fits(wall, calendar, s, entry, exit)]
    if not fitting:
        return None
    if tariff.get("choose", "cheapest") == "first_match":
        return fitting[0]
    cheapest = min(fitting, key=lambda special: special["price"])  # min keeps the first of equals: ties by list order
    return cheapest if cheapest["price"] < gross else None


# ---------------------------------------------------------------------------------------------------------------------
# One amount: steps 2 to 9 of section 4
# ---------------------------------------------------------------------------------------------------------------------


class Amount:
    """The fee of one pair (entry, exit) with its explanation, before payments, adjustments and arrears."""

    def __init__(self, status="OK"):
        self.status = status  # OK here only means: nothing that asks a person
        self.gross = 0
        self.fee = 0
        self.flags = set()
        self.lines = []
        self.shown = {}  # minutes_off, percent_off, amount_off, rounding

    def add_shown(self, name, amount):
        if amount:
            self.shown[name] = self.shown.get(name, 0) + amount


def by_clock_rule(clock, entry, exit):
    """Section 1.1, the pair after the clock rule."""
    elapsed = exit - entry
    if clock == "minute_floor_both":
        return entry - entry % MINUTE, exit - exit % MINUTE
    if clock == "elapsed_floor":
        return entry, entry + elapsed // MINUTE * MINUTE
    if clock == "elapsed_ceil":
        return entry, entry + -(-elapsed // MINUTE) * MINUTE
    return entry, exit


def amount_of(tariff, facts, entry, exit):
    if exit < entry:
        amount = Amount("REVIEW")
        amount.flags.add("CLOCK_STEP_NEGATIVE")
        return amount
    entry, exit = by_clock_rule(tariff.get("clock", "second"), entry, exit)
    if facts.vehicle.get("exempt"):
        amount = Amount()
        amount.flags.add("EXEMPT")
        amount.lines.append({"code": "EXEMPT", "amount": 0})
        return amount
    if entry == exit:  # section 1.3: fee 0 on every tariff kind
        amount = Amount()
        amount.flags.add("ZERO_FEE")
        return amount
    return Computation(tariff_for_class(tariff, facts.vehicle["class"]), facts, entry, exit).amount()


class Computation:
    """Steps 4 to 9 of section 4 for a stay of some length; the tariff is already that of the vehicle's class."""

    def __init__(self, tariff, facts, entry, exit):
        self.tariff, self.facts, self.entry, self.exit = tariff, facts, entry, exit
        self.wall = wall_of(tariff["tz"])
        self.calendar = Calendar(tariff)
        self.bands = BandClock(self.wall, self.calendar, tariff)

    def amount(self):
        amount = Amount()
        segments = self.billable_segments(amount.flags)
        if not segments:
            return amount
        segments, deducted = after_free_minutes(self.tariff, self.facts, segments, self.cycles_for(segments))
        if not segments:
            amount.flags |= {"FREE_MINUTES", "ZERO_FEE"}
            amount.lines.append({"code": "FREE_MINUTES", "amount": 0})
            return amount
        walk = self.walk(segments)
        special = special_instead(self.wall, self.calendar, self.tariff, self.entry, self.exit, walk.gross)
        if special:
            amount.gross = special["price"]
            amount.lines.append({"code": "SPECIAL", "id": special["id"], "amount": special["price"]})
        else:
            amount.gross = walk.gross
            amount.lines += charge_lines(self.wall, walk)
        self.reduce(amount, segments, deducted, bool(special))
        if amount.fee == 0:
            amount.flags.add("ZERO_FEE")
        return amount

    def billable_segments(self, flags):
        until = self.facts.temporary_until
        if until is None:
            return permit_segments(self.wall, self.calendar, self.tariff, self.facts, self.entry, self.exit, flags)
        return [(self.entry, min(until, self.exit))] if self.entry < until else []

    # --- walks ---

    def cycles_for(self, segments):
        """The cycles of one walk. The billing start is the first instant that this walk bills."""
        cycle = self.tariff.get("cycle") or {}
        anchor = self.entry
        if cycle.get("anchor", "entry") == "billing_start":
            anchor = segments[0][0]
        if "anchor" in self.facts.carry:  # section 6.3: rolling: the anchor of the first visit in the period
            anchor = self.wall.parse(self.facts.carry["anchor"])
        return CycleClock(self.wall, cycle, anchor)

    def carried(self):
        kind = (self.tariff.get("cycle") or {}).get("kind", "none")
        carry = self.facts.carry
        if kind == "natural_day" and "day" in carry:
            return carry["day"], carry["charged"]
        if kind == "rolling" and "anchor" in carry:
            return "c0", carry["charged"]
        return None

    def walk(self, segments):
        """Every walk applies the caps from scratch (section 5, rule 1)."""
        if not segments:
            return Walk(0, [], {}, {}, 0)
        charges = Meter(self.tariff, self.bands, self.cycles_for(segments)).run(segments)
        return capped(self.tariff, charges, self.carried())

    # --- reductions (section 5) ---

    def reduce(self, amount, segments, deducted, is_special):
        coupons = self.valid_coupons(amount.flags)
        reductions = [self.reduction(amount.gross, segments, deducted, is_special, chosen)
                      for chosen in self.choices(coupons)]
        best = min(reductions, key=lambda reduction: reduction.fee)
        if self.some_not_stackable(coupons):
            amount.flags.add("COUPON_NOT_STACKABLE")
        amount.fee = best.fee
        amount.flags |= best.flags
        amount.lines += best.lines
        for name, value in best.shown.items():
            amount.add_shown(name, value)

    def valid_coupons(self, flags):
        valid = []
        for coupon in self.facts.coupons:
            begun = not coupon.get("valid_from") or self.wall.parse(coupon["valid_from"]) <= self.exit
            ended = bool(coupon.get("valid_to")) and self.wall.parse(coupon["valid_to"]) <= self.exit
            if begun and not ended:
                valid.append(coupon)
            else:
                flags.add("COUPON_NOT_VALID")
        return valid

    def stack(self):
        return (self.tariff.get("coupons_policy") or {}).get("stack", "all")

    def choices(self, coupons):
        """The sets of coupons among which the lowest fee wins; only `best_one` offers more than one set."""
        full = [coupon for coupon in coupons if coupon["kind"] == "full"]
        if full:
            return [full[:1]]
        if self.stack() == "best_one" and coupons:
            return [[coupon] for coupon in sorted(coupons, key=lambda coupon: coupon["id"])]  # ties by id
        if self.stack() == "one_per_kind":
            return [largest_of_each_kind(coupons)]
        return [coupons]

    def some_not_stackable(self, coupons):
        """Whether the stacking rule itself set a coupon aside; beside a full one the others just stay unused."""
        kinds = {coupon["kind"] for coupon in coupons}
        if self.stack() == "best_one":
            return len(coupons) > 1
        return self.stack() == "one_per_kind" and "full" not in kinds and len(kinds) < len(coupons)

    def reduction(self, gross, segments, deducted, is_special, coupons):
        result = Reduction(gross, coupons)
        if not is_special:  # section 4.4: a special is not reduced by minutes
            self.take_minutes_off(result, segments, deducted)
        for discount in self.matching_discounts("percent_off"):
            result.take_percent_off(discount["value"], {"code": "DISCOUNT_PERCENT", "percent": discount["value"]})
        for kind in (self.tariff.get("coupons_policy") or {}).get("order", ["percent", "amount"]):
            for coupon in result.coupons_of(kind):
                result.take_coupon_off(coupon)
        for coupon in result.coupons_of("full"):
            result.take_full_off(coupon)
        result.round(self.tariff.get("rounding") or {})
        return result

    def matching_discounts(self, kind):
        matching = []
        for discount in self.tariff.get("discounts") or []:
            used_up = discount.get("once") == "day" and self.facts.history.get(discount["id"])
            meets = all(self.facts.vehicle.get(name) == value for name, value in (discount.get("when") or {}).items())
            if discount["kind"] == kind and meets and not used_up:
                matching.append(discount)
        return matching

    def take_minutes_off(self, result, segments, deducted):
        """Section 5, rule 1. `segments` have lost the deducted free minutes already, which the policy minutes overlap:
        only what the policy gives beyond them is taken here."""
        policy = max(self.matching_discounts("minutes"), key=lambda d: d["value"], default=None)
        policy_extra = max(0, policy["value"] * MINUTE - deducted) if policy else 0
        policy_mode = policy.get("mode", "head") if policy else "head"
        coupon_seconds = sum(coupon["value"] for coupon in result.coupons_of("minutes")) * MINUTE
        coupon_mode = (self.tariff.get("coupons_policy") or {}).get("minutes_mode", "head")
        if policy_extra + coupon_seconds == 0:
            return
        seconds = {"head": 0, "tail": 0, "fee_of_head": 0}
        seconds[policy_mode] += policy_extra
        seconds[coupon_mode] += coupon_seconds
        shortened = without_back(without_front(segments, seconds["head"]), seconds["tail"])
        fee = self.walk(shortened).gross
        if seconds["fee_of_head"]:
            fee = max(0, fee - self.walk(front_only(shortened, seconds["fee_of_head"])).gross)
        saving = max(0, result.rest - fee)  # P6: a reduction never raises the fee above gross
        result.take_off("minutes_off", saving, {"code": "MINUTES_OFF", "minutes": sum(seconds.values()) // MINUTE})


def largest_of_each_kind(coupons):
    largest = {}
    for coupon in sorted(coupons, key=lambda coupon: coupon["id"]):
        best = largest.get(coupon["kind"])
        if best is None or coupon["value"] > best["value"]:
            largest[coupon["kind"]] = coupon
    return list(largest.values())


class Reduction:
    """What one set of coupons, with the policy discounts, makes of `gross`."""

    def __init__(self, gross, coupons):
        self.rest = gross
        self.coupons = coupons
        self.fee = None
        self.lines = []
        self.flags = set()
        self.shown = {}

    def coupons_of(self, kind):
        return [coupon for coupon in self.coupons if coupon["kind"] == kind]

    def take_off(self, name, amount, line):
        self.rest -= amount
        self.lines.append({**line, "amount": -amount})
        if name:
            self.shown[name] = self.shown.get(name, 0) + amount

    def take_percent_off(self, percent, line):
        """The result is what is rounded half up (section 5, rule 3), not the part taken off."""
        result = half_up(self.rest * (100 - Fraction(percent)) / 100)
        self.take_off("percent_off", self.rest - result, line)

    def take_coupon_off(self, coupon):
        if coupon["kind"] == "percent":
            self.take_percent_off(coupon["value"], {"code": "COUPON_PERCENT", "id": coupon["id"]})
            return
        if coupon["value"] > self.rest:
            self.flags.add("COUPON_REMAINDER_FORFEIT")
        self.take_off("amount_off", min(coupon["value"], self.rest), {"code": "COUPON_AMOUNT", "id": coupon["id"]})

    def take_full_off(self, coupon):
        self.take_off(None, self.rest, {"code": "COUPON_FULL", "id": coupon["id"]})

    def round(self, rounding):
        """Section 4, step 9: once. The result is the fee."""
        to, mode = rounding.get("to", 1), rounding.get("mode", "down")
        exact = Fraction(self.rest, to)
        if mode == "down":
            count = exact // 1
        elif mode == "up":
            count = -(-exact // 1)
        else:
            count = half_up(exact)
        self.fee = int(count) * to
        if self.fee != self.rest:
            self.shown["rounding"] = self.fee - self.rest
            self.lines.append({"code": "ROUNDING", "amount": self.fee - self.rest})


# ---------------------------------------------------------------------------------------------------------------------
# A stay: step 1, then the amount, then step 10 of section 4
# ---------------------------------------------------------------------------------------------------------------------

WALLS = {}


def wall_of(zone_name):
    if zone_name not in WALLS or len(WALLS[zone_name].known_days) > 500_000:  # bounded memory over many cases
        WALLS[zone_name] = Wall(zone_name)
    return WALLS[zone_name]


def tariff_of_version(tariffs, tariff, stay, wall):
    """Section 6.5: the newest version that was in force at the entry (or the exit); never split."""
    versions = stay.get("versions")
    if not versions:
        return tariff
    at_entry = stay.get("version_rule", "at_entry") == "at_entry" and stay.get("entry") is not None
    instant = wall.parse(stay["entry"] if at_entry else stay["exit"])
    in_force = [v for v in versions if wall.parse(v["from"]) <= instant]
    if not in_force:
        return tariff
    chosen = max(in_force, key=lambda version: wall.parse(version["from"]))["tariff"]
    return tariff if chosen == tariff["id"] else tariffs[chosen]


def settled_stay(tariffs, tariff, stay, temporary_until=None):
    """A stay from facts to what is due, in the shape of the worked cases."""
    wall = wall_of(tariff["tz"])  # stamps without an offset are local to the tariff of the case
    tariff = tariff_of_version(tariffs, tariff, stay, wall)
    payments = [(wall.parse(p["at"]), p["amount"]) for p in stay.get("payments") or []]
    paid = sum(amount for _, amount in payments)
    exit = wall.parse(stay["exit"])
    if stay.get("entry") is None:
        return without_entry_record(tariff, stay, paid, bool(payments))
    entry, charged_before = merged_entry(tariff, stay, wall)
    facts = Facts.of(stay, temporary_until)
    settlement = Settlement(tariff, facts, entry, exit, payments, charged_before)
    amount = settlement.amount()
    if charged_before is not None:
        amount.flags.add("REENTRY_MERGED")
    if is_long(tariff, entry, exit):
        amount.flags.add("LONG_STAY")
    shows_prepaid = bool(payments) or charged_before is not None
    return result_of(amount, stay, settlement.counted_as_paid, shows_prepaid)


def merged_entry(tariff, stay, wall):
    """Section 6.7: the entry to rate from, and what was charged before (None when nothing was merged)."""
    entry = wall.parse(stay["entry"])
    previous, reentry = stay.get("previous"), tariff.get("reentry")
    if previous and reentry:
        gap = entry - wall.parse(previous["exit"])
        if 0 <= gap <= reentry["within_min"] * MINUTE:
            return wall.parse(previous["entry"]), previous["charged"]
    return entry, None


def is_long(tariff, entry, exit):
    entry, exit = by_clock_rule(tariff.get("clock", "second"), entry, exit)
    return exit - entry > MAX_PLAUSIBLE_DAYS * DAY


class Settlement:
    """Payments before the exit (section 6.8)."""

    def __init__(self, tariff, facts, entry, exit, payments, charged_before):
        self.tariff, self.facts, self.entry, self.exit = tariff, facts, entry, exit
        self.payments = payments
        self.paid = sum(amount for _, amount in payments) + (charged_before or 0)
        self.counted_as_paid = self.paid  # what may be subtracted from the fee
        self.policy = tariff_for_class(tariff, facts.vehicle["class"]).get("pay_grace") or {}

    def amount(self):
        if not self.payments or self.exit < self.entry:
            return self.amount_between(self.entry, self.exit)
        last = min(max(at for at, _ in self.payments), self.exit)
        covered = self.amount_between(self.entry, last)
        if self.paid < covered.fee:  # a part payment gives no grace and always means `continue`
            return self.amount_between(self.entry, self.exit)
        grace_end = last + self.policy.get("min", 0) * MINUTE
        if self.exit <= grace_end:
            covered.flags.add("WITHIN_PAY_GRACE")
            return covered
        overtime = self.policy.get("overtime", "continue")
        if overtime == "continue":
            return self.amount_between(self.entry, self.exit)
        return self.amount_of_overtime(last if overtime == "new_from_payment" else grace_end, covered)

    def amount_between(self, entry, exit):
        return amount_of(self.tariff, self.facts, entry, exit)

    def amount_of_overtime(self, start, covered):
        """A new stay whose fee is due in addition. What was paid above `covered` stays a refund candidate."""
        class_tariff = tariff_for_class(self.tariff, self.facts.vehicle["class"])
        new = amount_of(self.tariff, self.facts.in_overtime(class_tariff), start, self.exit)
        new.flags.add("OVERTIME_AFTER_PAYMENT")
        new.lines.insert(0, {"code": "PAID_EARLIER", "amount": covered.fee})
        new.fee += covered.fee
        self.counted_as_paid = covered.fee
        return new


def without_entry_record(tariff, stay, paid, shows_prepaid):
    """Section 6.6. Step 1 of section 4 comes before exemption and class, so the configured amounts are used as they are
    written; an amount that the tariff does not hold is never invented (section 1, rule 6)."""
    configured = no_entry_amount(tariff)
    if configured is None:
        return {"status": "NEEDS_OPERATOR", "fee": None, "due": None, "flags": ["NO_ENTRY_RECORD"], "lines": []}
    amount = Amount()
    amount.gross = amount.fee = configured
    amount.flags.add("NO_ENTRY_RECORD")
    if configured == 0:
        amount.flags.add("ZERO_FEE")
    amount.lines.append({"code": "NO_ENTRY_RECORD", "amount": configured})
    return result_of(amount, stay, paid, shows_prepaid)


def no_entry_amount(tariff):
    no_entry = tariff.get("no_entry") or {}
    mode = no_entry.get("mode", "manual")
    if mode == "fixed":
        return no_entry.get("amount")
    if mode == "first_step" and not tariff.get("bands") and tariff["rate"]["kind"] == "steps":
        return tariff["rate"]["steps"][0]["price"]
    if mode == "cycle_cap":
        return (tariff.get("cycle") or {}).get("cap")
    return None


def result_of(amount, stay, paid, shows_prepaid):
    """Section 4, step 10: payments, adjustments, arrears. Nothing falls below 0; what was not needed of a payment is a
    refund candidate and no part of the sum."""
    adjusted, adjust_lines = adjusted_fee(amount.fee, stay.get("adjustments") or [])
    used = min(paid, adjusted)
    lines = list(amount.lines)
    if shows_prepaid:
        lines.append({"code": "PREPAID", "amount": -used})
    lines += adjust_lines
    arrears = stay.get("arrears") or []
    lines += [{"code": "ARREARS", "ref": debt["ref"], "amount": debt["amount"]} for debt in arrears]
    owed_before = sum(debt["amount"] for debt in arrears)
    due = adjusted - used + owed_before
    status = amount.status if amount.status != "OK" else ("PAY" if due else "OK")
    result = {"status": status, "gross": amount.gross, **amount.shown, "fee": amount.fee}
    if owed_before:
        result["arrears"] = owed_before
    return {**result, "due": due, "flags": sorted(amount.flags), "lines": lines}


def adjusted_fee(fee, adjustments):
    lines = []
    for adjustment in adjustments:
        wanted = adjustment["set_fee"] if "set_fee" in adjustment else fee + adjustment["amount"]
        changed = max(0, wanted)
        lines.append({"code": "ADJUST", "reason": adjustment["reason"], "amount": changed - fee})
        fee = changed
    return fee, lines


# ---------------------------------------------------------------------------------------------------------------------
# Household quota (section 6.2)
# ---------------------------------------------------------------------------------------------------------------------

EXIT_FIRST, ENTRY_SECOND = 0, 1  # events at the same second: exits before entries, then plate order


def settled_household(tariffs, tariff, household):
    wall = wall_of(tariff["tz"])
    temporary_until = temporary_times(tariff, household, wall)
    results = {}
    for car in household["cars"]:
        settled = settled_stay(tariffs, tariff, car, temporary_until[car["plate"]])
        results[car["plate"]] = {name: settled[name] for name in ("fee", "due", "lines")}
    return results


def temporary_times(tariff, household, wall):
    """For each plate the instant until which it is temporary from its entry on: never, from some moment, or always."""
    quota = tariff.get("quota") or {}
    events = []
    for car in household["cars"]:
        entry, exit = wall.parse(car["entry"]), wall.parse(car["exit"])
        if entry < exit:  # an empty stay is never inside
            events.append((entry, ENTRY_SECOND, car["plate"]))
            events.append((exit, EXIT_FIRST, car["plate"]))
    events.sort()
    until = {car["plate"]: -FOREVER for car in household["cars"]}
    if quota.get("decide", "at_entry") == "at_exit":
        decide_at_exit(household["quota"], events, until)
    else:
        decide_at_entry(household["quota"], quota.get("convert", "from_moment"), events, until)
    return until


def decide_at_entry(spaces, convert, events, until):
    permit_cars, temporary_cars = [], []  # both in order of entry
    for instant, what, plate in events:
        if what == ENTRY_SECOND:
            if len(permit_cars) < spaces:
                permit_cars.append(plate)
            else:
                temporary_cars.append(plate)
                until[plate] = FOREVER
        elif plate in temporary_cars:
            temporary_cars.remove(plate)  # pays its whole stay and changes nothing for the others
        else:
            permit_cars.remove(plate)
            if temporary_cars and convert != "none":
                converted = temporary_cars.pop(0)
                permit_cars.append(converted)
                until[converted] = instant if convert == "from_moment" else -FOREVER


def decide_at_exit(spaces, events, until):
    inside = set()
    for _, what, plate in events:
        if what == ENTRY_SECOND:
            inside.add(plate)
        else:
            inside.remove(plate)
            if len(inside) >= spaces:
                until[plate] = FOREVER


# ---------------------------------------------------------------------------------------------------------------------
# Renewal arithmetic (section 6.1)
# ---------------------------------------------------------------------------------------------------------------------


def renewed(renewal):
    old_end = date.fromisoformat(renewal["valid_to"])
    today = date.fromisoformat(renewal["today"])
    start = old_end + ONE_DAY
    if renewal["rule"]["from"] == "today_if_expired" and today > old_end:
        start = today
    if renewal["rule"]["month"] == "calendar":
        end = end_of_calendar_months(start, renewal["months"])
    else:
        end = start + timedelta(days=30 * renewal["months"]) - ONE_DAY
    return {"valid_from": start.isoformat(), "valid_to": end.isoformat()}


def end_of_calendar_months(start, months):
    """The same day n months later, minus one day; when that month is too short, its last day."""
    month = start.year * 12 + start.month - 1 + months
    first = date(month // 12, month % 12 + 1, 1)
    same_day = first + timedelta(days=start.day - 1)
    if same_day.month == first.month:
        return same_day - ONE_DAY
    return date((month + 1) // 12, (month + 1) % 12 + 1, 1) - ONE_DAY


# ---------------------------------------------------------------------------------------------------------------------
# Cases
# ---------------------------------------------------------------------------------------------------------------------


def answer(tariffs, case):
    tariff = {**tariffs[case["tariff_ref"]], **(case.get("tariff_patch") or {})}
    tariff = {**tariff, "id": case["tariff_ref"]}
    if "renewal" in case:
        return renewed(case["renewal"])
    if "household" in case:
        return settled_household(tariffs, tariff, case["household"])
    return settled_stay(tariffs, tariff, case["stay"])


def differences(case, got):
    """The normative part of `expect`: status, gross, fee, due, flags at least those, and lines that add up to due."""
    expect = case["expect"]
    if "renewal" in case:
        return [] if got == expect else [f"expected {expect}, got {got}"]
    if "household" in case:
        found = [] if got.keys() == expect.keys() else [f"expected cars {list(expect)}, got {list(got)}"]
        for plate in expect.keys() & got.keys():
            found += [f"{plate}: {text}" for text in differences_of_stay(expect[plate], got[plate])]
        return found
    return differences_of_stay(expect, got)


def differences_of_stay(expect, got):
    found = []
    for name in ("status", "gross", "fee", "due"):
        if name in expect and expect[name] != got.get(name):
            found.append(f"{name}: expected {expect[name]}, got {got.get(name)}")
    missing = set(expect.get("flags", [])) - set(got.get("flags", []))
    if missing:
        found.append(f"flags missing: {sorted(missing)}")
    total = sum(line["amount"] for line in got["lines"])
    if got["due"] is not None and total != got["due"]:
        found.append(f"lines add up to {total}, due is {got['due']}")
    return found


def main():
    parser = argparse.ArgumentParser(description="Independent oracle for parking tariffs (GTF-1).")
    parser.add_argument("--cases", required=True, help="a file in the form of the worked examples (JSON)")
    parser.add_argument("--check", action="store_true", help="compare with every `expect`")
    arguments = parser.parse_args()
    with open(arguments.cases, encoding="utf-8") as file:
        book = json.load(file)
    failed = checked = 0
    for case in book["cases"]:
        got = answer(book["tariffs"], case)
        if not arguments.check:
            print(json.dumps({"id": case["id"], "got": got}, ensure_ascii=False, separators=(",", ":")))
        elif "expect" in case:
            checked += 1
            found = differences(case, got)
            failed += bool(found)
            for text in found:
                print(f"{case['id']}: {text}")
    if arguments.check:
        print(f"{checked} cases compared, {failed} differ")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
