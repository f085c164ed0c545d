#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the public income statement of a month from an export, without any Gatehouse code.

    statement.py YYYY-MM EXPORT.jsonl

EXPORT.jsonl  what `gatehouse export --format jsonl` wrote; `-` is standard input. An export that begins before the
              month is enough: records of other months are passed over.

Writes the same bytes as `gatehouse ledger statement --month YYYY-MM`. The month is one of the site's civil calendar;
its offsets from UTC stand in the record of the tariff, so no table of time zones is needed. The currency, which has two
decimals, is that of the month's last stay with a price, else the tariff's.

Ends with 0, with 1 when the export cannot be read, with 2 when it was called wrongly. Needs Python 3.9 or later and
nothing else.
"""

import bisect
import datetime
import json
import re
import sys

LOWEST, HIGHEST = -(2**63), 2**63 - 1

KINDS = {
    "paymentSettled", "stayCharged", "chargeAdjusted", "chargeClassified", "disputeSettled", "shiftClosed", "paymentRefunded", "ledgerCorrected",
    "couponConsumed", "manualOpen",
}
CATEGORIES = [
    ("common.temp_parking", "临停收入(公共)", "temporary parking, common ground"),
    ("common.permit", "公共车位月租", "permits, common spaces"),
    ("garage.lease", "产权车位租金", "rent of owned spaces"),
    ("garage.service", "车位管理服务费", "service fee of owned spaces"),
]
REDUCTIONS = [
    ("minutes", "减免时长", "minutes taken off"),
    ("percent", "折扣", "discounts"),
    ("coupons", "优惠券", "coupons"),
    ("rounding", "取整", "rounding"),
]
OUTCOMES = [
    ("free", "免费", "free"),
    ("paid", "已付", "paid"),
    ("owed", "欠费离场", "left owing"),
    ("escaped", "逃费", "escaped"),
    ("unknown", "无法计费", "cost unknown"),
    ("cancelled", "作废", "cancelled"),
]


class Unreadable(Exception):
    """A record whose content is gone or says something else than it should."""


def add(a, b):
    """As in 64 bits, but never wrapped around."""
    return max(LOWEST, min(HIGHEST, a + b))


def negated(a):
    return add(0, -a)


# --- Members of a payload, each of its type ---------------------------------------------------------------


def member(parent, name, kind, default=None):
    if type(parent) is not dict:
        raise Unreadable(name)
    if name not in parent:
        if default is None:
            raise Unreadable(name)
        return default
    value = parent[name]
    if type(value) is not kind or kind is int and not LOWEST <= value <= HIGHEST:
        raise Unreadable(name)
    return value


def members(parent, name):
    return member(parent, name, list, default=[])


# --- Time: the zone as the tariff's record has it ----------------------------------------------------------


class Zone:
    def __init__(self, record=None):
        self.name, self.initial, self.instants, self.offsets = "UTC", 0, [], []
        try:
            payload = member(record, "payload", dict)
            zone = member(payload, "zone", dict)
            numbers = members(zone, "transitions")
            if len(numbers) % 2 or any(type(number) is not int for number in numbers):
                return
            name, initial = member(zone, "name", str), member(zone, "initial_offset_s", int)
        except Unreadable:
            return
        self.name, self.initial = name, initial
        self.instants, self.offsets = numbers[0::2], numbers[1::2]

    def local_second(self, wall_ms):
        second = wall_ms // 1000
        index = bisect.bisect_right(self.instants, second)
        return second + (self.offsets[index - 1] if index else self.initial)


def currency(record=None):
    try:
        return plain(member(member(record, "payload", dict), "currency", str, default="CNY"))
    except Unreadable:
        return "CNY"


def month_seconds(text):
    """From its first civil second to that of the next month; None for no month."""
    if not re.fullmatch("[0-9]{4}-[0-9]{2}", text, re.ASCII):
        return None
    year, month = int(text[:4]), int(text[5:])
    if not 1 <= month <= 12 or not 1 <= year <= 9999 or (year, month) == (9999, 12):
        return None
    epoch = datetime.date(1970, 1, 1).toordinal()
    first = datetime.date(year, month, 1).toordinal() - epoch
    after = datetime.date(year + month // 12, month % 12 + 1, 1).toordinal() - epoch
    return first * 86_400, after * 86_400


# --- The sums ----------------------------------------------------------------------------------------------


def plain(text):
    """A word in a table: nothing that would look like another column or line."""
    return "".join(c if c >= " " and c != "|" and not "\x7f" <= c <= "\x9f" else "_" for c in text)


def code(reason):
    """Of `OTHER: a white van` the first word: what a person typed may name somebody."""
    return plain(reason.split(":", 1)[0])


class Tally:
    def __init__(self):
        self.count, self.amount = 0, 0

    def add(self, more):
        self.count, self.amount = self.count + 1, add(self.amount, more)


class Statement:
    def __init__(self, currency):
        self.currency, self.charged = currency, LOWEST - 1
        self.records, self.first, self.last, self.unreadable, self.openings = 0, 0, 0, 0, 0
        self.income, self.reductions, self.outcomes, self.releases = {}, {}, {}, {}
        self.tariffs, self.classes = {}, {}
        self.coupons, self.own_coupons = {}, Tally()
        self.opened, self.collected, self.arrears_corrected = Tally(), Tally(), Tally()
        self.refunds, self.corrections, self.cash = Tally(), Tally(), Tally()

    def take(self, record):
        number = record["sequence"]
        self.first = number if self.records == 0 else min(self.first, number)
        self.last = max(self.last, number)
        self.records += 1
        if record["kind"] == "manualOpen":
            self.openings += 1
            return
        try:
            for change in self.changes(record["kind"], record["payload"], number):
                change()
        except Unreadable:
            self.unreadable += 1

    def changes(self, kind, payload, number):
        """All that a record changes, read to its end before the first change is made."""
        if type(payload) is not dict:
            raise Unreadable("payload")
        changes, income, arrears = [], 0, 0
        for line in members(payload, "postings"):
            account, amount = member(line, "account", str), member(line, "amount", int)
            if account.startswith("income."):
                key = plain(account[len("income.") :])
                income = add(income, negated(amount))
                changes.append(lambda key=key, amount=amount: self.sum(self.income, key, negated(amount)))
            elif account.startswith("reductions."):
                key = code(account[len("reductions.") :])
                changes.append(lambda key=key, amount=amount: self.sum(self.reductions, key, amount))
            elif account == "assets.arrears":
                arrears = add(arrears, amount)
        if kind == "stayCharged":
            changes += self.charge(payload, number, income)
        elif kind == "paymentSettled":
            if member(payload, "use", str) == "arrears":
                rest = member(payload, "rest", int, default=0)
                amount = add(member(payload, "amount", int), negated(rest))
                changes.append(lambda: self.collected.add(amount))
        elif kind == "chargeAdjusted":
            reason = code(member(payload, "reason", str))
            if "fee_is" in payload and member(payload, "fee_is", int) == 0:
                changes.append(lambda: self.sum(self.releases, reason, 1))
        elif kind == "chargeClassified":
            if "exempt" in payload:
                exempt = code(member(payload, "exempt", str))
                changes.append(lambda: self.sum(self.releases, exempt, 1))
        elif kind == "disputeSettled":
            if arrears != 0:
                changes.append(lambda: self.arrears_corrected.add(arrears))
        elif kind == "shiftClosed":
            difference = member(payload, "difference", int)
            changes.append(lambda: self.cash.add(difference))
        elif kind == "paymentRefunded":
            refund = member(payload, "amount", int)
            changes.append(lambda: self.refunds.add(refund))
        elif kind == "couponConsumed":
            used = member(payload, "used", int)
            if "merchant" in payload:
                merchant = plain(member(payload, "merchant", str))
                changes.append(lambda: self.coupons.setdefault(merchant, Tally()).add(used))
            else:
                changes.append(lambda: self.own_coupons.add(used))
        elif kind == "ledgerCorrected":
            changes.append(lambda: self.corrections.add(income))
            if arrears != 0:
                changes.append(lambda: self.arrears_corrected.add(arrears))
        return changes

    def charge(self, payload, number, income):
        outcome, owed = member(payload, "outcome", str), member(payload, "owed", int)
        if outcome not in [known for known, _, _ in OUTCOMES]:
            raise Unreadable("outcome")
        changes = [lambda: self.sum(self.outcomes, outcome, 1)]
        if "currency" in payload:
            currency = plain(member(payload, "currency", str))
            changes.append(lambda: self.charge_in(currency, number))
        if owed != 0:
            changes.append(lambda: self.opened.add(owed))
        for line in members(payload, "collected"):
            amount = member(line, "amount", int)
            changes.append(lambda amount=amount: self.collected.add(amount))
        if "tariff" in payload:
            tariff = plain(f'{member(payload, "tariff", str)} {member(payload, "version", int)}')
            changes.append(lambda: self.tariffs.setdefault(tariff, Tally()).add(income))
        if "class" in payload:
            kind = plain(member(payload, "class", str))
            changes.append(lambda: self.classes.setdefault(kind, Tally()).add(income))
        return changes

    def charge_in(self, currency, number):
        if number > self.charged:
            self.currency, self.charged = currency, number

    @staticmethod
    def sum(table, key, amount):
        table[key] = add(table.get(key, 0), amount)

    # --- The text ------------------------------------------------------------------------------------------

    def sections(self, month, zone):
        heading = [
            row("月份", "month", key=month),
            row("时区", "time zone", key=zone.name),
            row("记录", "records", count=self.records),
            row("首条记录", "first record", count=self.first),
            row("末条记录", "last record", count=self.last),
        ]
        if self.unreadable:
            heading.append(row("无法读取", "cannot be read", count=self.unreadable))
        yield "公共收益公示", "Public income statement", heading
        yield "收入类别", "Income by category", list(self.categories())
        yield "收费标准", "Income by tariff", tallies("收费标准", "tariff", self.tariffs)
        yield "车型", "Income by vehicle class", tallies("车型", "class", self.classes)
        yield "减免", "Reductions", list(self.kinds_of_reduction())
        yield "优惠券承担方", "Coupons by who bears them", tallies(
            "商户抵扣", "due from merchant", self.coupons
        ) + [tally("本处承担", "borne by the site", self.own_coupons)]
        releases = [row("原因", "reason", key=key, count=count) for key, count in ordered(self.releases)]
        yield "免费放行", "Free releases by reason", releases
        yield "停车结果", "Outcomes of stays", [
            row(chinese, english, count=self.outcomes.get(key, 0)) for key, chinese, english in OUTCOMES
        ]
        yield "其他", "Further", [
            row("人工开闸", "manual openings", count=self.openings),
            tally("新增欠费", "arrears opened", self.opened),
            tally("欠费追缴", "arrears collected", self.collected),
            tally("欠费更正", "arrears corrected", self.arrears_corrected),
            tally("退款", "refunds", self.refunds),
            tally("收入更正", "income corrected", self.corrections),
            tally("交班现金差额", "cash differences of shifts", self.cash),
        ]

    def categories(self):
        total = 0
        for key, chinese, english in CATEGORIES:
            total = add(total, self.income.get(key, 0))
            yield row(chinese, english, key=key, amount=self.income.get(key, 0))
        known = [key for key, _, _ in CATEGORIES]
        for key, amount in ordered(self.income):
            if key not in known:
                total = add(total, amount)
                yield row("其他收入", "other income", key=key, amount=amount)
        yield row("合计", "total", amount=total)

    def kinds_of_reduction(self):
        for key, chinese, english in REDUCTIONS:
            yield row(chinese, english, key=key, amount=self.reductions.get(key, 0))
        known = [key for key, _, _ in REDUCTIONS]
        for key, amount in ordered(self.reductions):
            if key in known:
                continue
            if key.startswith("adjust.waiver."):
                yield row("人工减免", "waived by a person", key=key, amount=amount)
            else:
                yield row("其他减免", "other reduction", key=key, amount=amount)

    def text(self, month, zone):
        parts = []
        for chinese, english, rows in self.sections(month, zone):
            lines = [line(self.currency, *one) for one in rows]
            parts.append("\n".join([f"{chinese}  |  {english}"] + lines) + "\n")
        return "\n".join(parts)


def ordered(table):
    return sorted(table.items(), key=lambda item: item[0].encode("utf-8"))


def row(chinese, english, key=None, count=None, amount=None):
    return chinese, english, key, count, amount


def line(currency, chinese, english, key, count, amount):
    cells = [chinese, english]
    if key is not None:
        cells.append(key)
    if count is not None:
        cells.append(str(count))
    if amount is not None:
        sign = "-" if amount < 0 else ""
        number = f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02}"
        cells += [str(amount), f"{number}元" if currency == "CNY" else f"{currency} {number}"]
    return "  |  ".join(cells)


def tally(chinese, english, one):
    return row(chinese, english, count=one.count, amount=one.amount)


def tallies(chinese, english, table):
    return [row(chinese, english, key=key, count=one.count, amount=one.amount) for key, one in ordered(table)]


# --- The export --------------------------------------------------------------------------------------------


def records(file):
    for number, line in enumerate(file, 1):
        try:
            record = json.loads(line.decode("utf-8"))
            for name, kind in (("sequence", int), ("kind", str), ("wall_ms", int)):
                member(record, name, kind)
            record["payload"]
        except (ValueError, KeyError, RecursionError, Unreadable):
            sys.exit(f"line {number} of the export cannot be read")
        yield record


def main(arguments):
    span = month_seconds(arguments[0]) if len(arguments) == 2 else None
    if span is None:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        file = sys.stdin.buffer if arguments[1] == "-" else open(arguments[1], "rb")
        with file:
            wanted = [record for record in records(file) if record["kind"] in KINDS | {"tariffAdopted"}]
    except OSError as error:
        sys.exit(f"{arguments[1]}: {error.strerror}")
    adopted = [record for record in wanted if record["kind"] == "tariffAdopted"]
    # The newest says what is known of the zone.
    newest = adopted[-1] if adopted else None
    zone = Zone(newest)
    statement = Statement(currency(newest))
    for record in wanted:
        if record["kind"] in KINDS and span[0] <= zone.local_second(record["wall_ms"]) < span[1]:
            statement.take(record)
    sys.stdout.buffer.write(statement.text(arguments[0], zone).encode("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
