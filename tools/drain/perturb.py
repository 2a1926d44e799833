#!/usr/bin/env python3
"""Makes a perturbed copy of a labelled drain set, to fit on and to test on (docs/drain.md). python3 + numpy.

usage: perturb.py SET OUT SEED KINDS [rough=1] [category=1] [late=.04] [subscriptions=1000] [half=0|1] [dense=N]

Takes the known drains out, roughens the users (scale, day factors, shifted hours, missing days, reassigned categories,
late records) and puts other drains in. KINDS: known, train, test or all. half: only one half of the subscriptions.
"""
import collections
import csv
import os
import sys
import zlib

import numpy as np

DAY = 86400
CATEGORIES = "web social video msg voip cloud update game iot other".split()
UP = dict(web=.08, social=.12, video=.02, msg=.4, voip=.48, cloud=.8, update=.02, game=.3, iot=.6, other=.2)
ZONES = "FR DE GB TR TH JP AU US MX SAT".split()
KNOWN = ["burst", "night", "leak", "beacon", "app", "zone"]
TRAIN = KNOWN + ["ramp", "pulse", "exfil", "chatter"]
TEST = KNOWN + ["hotspot", "dayleak", "nightup", "slowbeacon", "irrburst", "ramp2"]
KINDS = dict(known=KNOWN, train=TRAIN, test=TEST, all=TRAIN + TEST[6:])

source, out, seed, kinds = sys.argv[1], sys.argv[2], int(sys.argv[3]), KINDS[sys.argv[4]]
options = dict(rough=1.0, category=1.0, late=.04, subscriptions=1000, half=-1, dense=0)
options.update((k, float(v)) for k, v in (a.split("=") for a in sys.argv[5:]))
rough = options["rough"]
rng = np.random.default_rng(seed)


def ordinary_records():
    """All records of the source but its drains, by subscription and time."""
    owner = {r["episode"]: r["subscription_id"] for r in csv.DictReader(open(f"{source}/labels.csv"))}
    drained = collections.defaultdict(list)
    for r in csv.DictReader(open(f"{source}/injected.csv")):
        drained[(owner[r["episode"]], int(r["timestamp"]))].append(int(r["bytes"]))
    by = collections.defaultdict(list)
    for r in csv.reader(open(f"{source}/events.csv")):
        if r[0] == "subscription_id":
            continue
        seconds, up, down = int(r[1]), int(r[2]), int(r[3])
        known = drained.get((r[0], seconds))
        if known and up + down in known:
            known.remove(up + down)
            continue
        by[r[0]].append((seconds, up, down, r[4], r[5], int(r[8]), r[6], r[7]))
    return {s: sorted(v) for s, v in by.items()}


def log_uniform(low, high):
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def transfers(start, seconds, total, count, even, mix):
    """Transfers over a span; mix is a list of (category, share, share of upload). Over 100 MB: several records."""
    count = max(3, int(count))
    gaps = rng.uniform(.5, 1.5, count) if even else rng.exponential(1, count)
    times = start + np.cumsum(gaps) / gaps.sum() * seconds
    sizes = rng.lognormal(0, .6, count)
    sizes *= total / sizes.sum()
    made = []
    for t, size, k in zip(times, sizes, rng.choice(len(mix), count, p=[m[1] for m in mix])):
        parts = int(np.ceil(size / 1e8))
        for p in range(parts):
            up = float(np.clip(rng.normal(mix[k][2], .3 * mix[k][2] + .01), .01, .97))
            made.append((int(t + p * rng.uniform(3, 30)), size / parts * up, size / parts * (1 - up), mix[k][0]))
    return made


def one(choice=("other", "cloud", "update", "game", "social", "web", "video", "msg")):
    category = choice[rng.integers(len(choice))]
    up = rng.uniform(.1, .85) if category in ("other", "cloud") and rng.random() < .5 else UP[category]
    return [(category, 1.0, up)]


def two():
    a, b = rng.choice(["web", "video", "cloud", "other", "update", "social"], 2, replace=False)
    share = rng.uniform(.35, .75)
    return [(str(a), share, UP[a]), (str(b), 1 - share, UP[b])]


def beacon(start, day, low, high, jitter):
    interval, days = rng.uniform(low, high), rng.uniform(1, 5)
    size, mean_up, t, made = day * log_uniform(.03, .4) / (DAY / interval), rng.uniform(.7, .9), start, []
    for _ in range(int(days * DAY / interval)):
        t += interval * rng.normal(1, jitter)
        x, up = size * rng.lognormal(0, .35), float(np.clip(rng.normal(mean_up, .1), .3, .98))
        made.append((int(t), x * up, x * (1 - up), "other"))
    return made


def drain(kind, day, start, tz):
    """A drain of a kind for a subscription with this usual day: its records, and its zone if it has its own."""
    def at(hour):
        return ((start + tz * 60) // DAY) * DAY - tz * 60 + int(hour * 3600)

    h = 3600
    if kind == "burst":
        return transfers(at(rng.uniform(8, 22)), rng.uniform(3, 18) * h, min(6e10, day * log_uniform(8, 150)), rng.uniform(30, 200), True, two()), None
    if kind == "night":
        nights, total, mix = rng.integers(1, 4), day * log_uniform(.7, 5), one(("cloud", "other", "update", "web"))
        return sum((transfers(at(24 * (i + 1) + rng.uniform(.5, 2)), rng.uniform(1.2, 3.2) * h, total / nights, rng.uniform(10, 40), True, mix) for i in range(nights)), []), None
    if kind == "leak":
        d = rng.uniform(5, 12)
        return transfers(start, d * DAY, day * d * log_uniform(.5, 2.5), d * rng.uniform(14, 50), True, one(("social", "other", "cloud", "web", "game"))), None
    if kind == "beacon":
        return beacon(start, day, 180, 900, .05), None
    if kind == "slowbeacon":
        return beacon(start, day, 1000, 2600, .2), None
    if kind == "app":
        return transfers(start, rng.uniform(8, 40) * h, day * log_uniform(3, 20), rng.uniform(30, 220), True, one()), None
    if kind == "zone":
        return transfers(start, rng.uniform(4, 42) * h, day * log_uniform(2, 20), rng.uniform(20, 300), True, two()), ZONES[rng.integers(10)]
    if kind in ("ramp", "ramp2"):
        d, low, top, mix = int(rng.integers(3, 7)), log_uniform(.2, .6), log_uniform(3, 12), two() if kind == "ramp" else one()
        return sum((transfers(start + i * DAY, DAY, day * low * (top / low) ** (i / (d - 1)), rng.uniform(20, 60), kind == "ramp", mix) for i in range(d)), []), None
    if kind == "pulse":
        gap, d, mix, daily = rng.uniform(2, 6) * h, rng.uniform(1.5, 5), one(), day * log_uniform(1.5, 6)
        return sum((transfers(start + i * gap + rng.uniform(-600, 600), rng.uniform(600, 1500), daily * gap / DAY * rng.lognormal(0, .3), rng.uniform(3, 8), False, mix) for i in range(int(d * DAY / gap))), []), None
    if kind == "exfil":
        return transfers(start, rng.uniform(2, 10) * h, day * log_uniform(.8, 6), rng.uniform(15, 80), False, [(one(("web", "other", "cloud", "msg"))[0][0], 1.0, .9)]), None
    if kind == "chatter":
        span = rng.uniform(6, 48) * h
        return transfers(start, span, day * log_uniform(.2, 1.2) * span / DAY + 1e4, span / rng.uniform(40, 150), False, one(("msg", "other", "iot"))), None
    if kind == "hotspot":
        total, mix = day * log_uniform(5, 15), [("web", .4, .07), ("video", .35, .02), ("social", .25, .1)]
        return sum((transfers(at(24 * (i + 1) + rng.uniform(8, 10)), rng.uniform(10, 14) * h, total, rng.uniform(40, 150), False, mix) for i in range(int(rng.integers(2, 4)))), []), None
    if kind == "dayleak":
        mix, level = one(), log_uniform(1, 3)
        return sum((transfers(at(24 * (i + 1) + 9), 14 * h, day * level * rng.lognormal(0, .2), rng.uniform(14, 50), False, mix) for i in range(int(rng.integers(4, 9)))), []), None
    if kind == "nightup":
        mix = [(one(("cloud", "other"))[0][0], 1.0, .85)]
        return sum((transfers(at(24 * (i + 1) + rng.uniform(.8, 2)), rng.uniform(1, 3) * h, day * log_uniform(.3, 1), rng.uniform(8, 30), False, mix) for i in range(5)), []), None
    if kind == "irrburst":
        return transfers(start, rng.uniform(6, 24) * h, min(6e10, day * log_uniform(6, 40)), rng.uniform(20, 100), False, two()), None
    raise ValueError(kind)


def roughened(records):
    """The same user with another scale, rougher days, other hours and other categories."""
    t = np.array([r[0] for r in records])
    tz = np.array([r[5] for r in records])
    days, index = np.unique((t + tz * 60) // DAY, return_inverse=True)
    factor = np.exp(rng.normal(0, .5 * rough)) * 2 ** np.clip(rng.standard_t(4, len(days)) * .45 * rough, -4, 3.2)
    shift = rng.normal(0, 1.2 * rough, len(days)) + np.where(rng.random(len(days)) < .05 * rough, rng.uniform(-6, 6, len(days)), 0)
    if rng.random() < .05 * rough:
        shift += rng.uniform(8, 14)
    missing = rng.random(len(days)) < .05 * rough
    category = np.array([r[3] for r in records])
    mixed = rng.random(len(t)) < .12 * options["category"]
    category[mixed] = rng.permutation(category[mixed])
    category[rng.random(len(t)) < .08 * options["category"]] = "other"
    return sorted(
        (int(r[0] + shift[i] * 3600), r[1] * factor[i], r[2] * factor[i], str(c), r[4], r[5])
        for r, i, c in zip(records, index, category) if not missing[i])


def main():
    by = ordinary_records()
    types = {r["subscription_id"]: r["type"] for r in csv.DictReader(open(f"{source}/subs.csv"))}
    chosen = [s for s in sorted(by) if options["half"] < 0 or (zlib.crc32(s.encode()) >> 3) % 2 == options["half"]]
    chosen = rng.choice(chosen, min(len(chosen), int(options["subscriptions"])), replace=False)
    rows, injected, labels, subs = [], [], [], []
    for name in chosen:
        own = by[str(name)]
        if rng.random() < .5:
            first = own[0][0] + rng.uniform(0, 12) * DAY
            own = [r for r in own if r[0] >= first]
        if len(own) < 60:
            continue
        plan, plan_mb = own[0][6], own[0][7]
        records = roughened(own)
        if len(records) < 60:
            continue
        start, end = records[0][0], records[-1][0]
        volume = collections.Counter()
        for r in records:
            volume[(r[0] + r[5] * 60) // DAY] += r[1] + r[2]
        usual, life = float(np.median(list(volume.values()))), (end - start) / DAY
        times, visited, new = [r[0] for r in records], {r[4] for r in records}, f"X{str(name)[1:]}"
        count = 0 if rng.random() > .42 or life < 2 else (1 if life < 20 or rng.random() < .7 else 2)
        if options["dense"] and life > 4:
            count = max(1, min(int(options["dense"]), int(life / 6)))
        everything = list(records)
        for j in range(count):
            kind = kinds[rng.integers(len(kinds))]
            low, high = (0, life * .9) if count == 1 else (life * j / count, life * (j + .35) / count)
            if j == 0 and rng.random() < (.3 if options["dense"] else .12):
                high = min(high, 2.5)
            begin = int(start + rng.uniform(low, high) * DAY) + 1800
            near = records[min(len(times) - 1, int(np.searchsorted(times, begin)))]
            made, zone = drain(kind, usual, begin, near[5])
            made = [m for m in made if start < m[0] < end]
            if (zone and zone in visited) or len(made) < 3 or sum(m[1] + m[2] for m in made) < 1e5:
                continue
            for m in made:
                place = records[min(len(times) - 1, int(np.searchsorted(times, m[0])))]
                everything.append((m[0], m[1], m[2], m[3], zone or place[4], place[5]))
                injected.append((len(labels), m[0], int(m[1]) + int(m[2])))
            seconds = [m[0] for m in made]
            labels.append((len(labels), new, kind, min(seconds), max(seconds), int(sum(int(m[1]) + int(m[2]) for m in made)),
                           round((min(seconds) - start) / DAY, 2), types[str(name)], plan))
        subs.append((new, start, end, types[str(name)], plan, plan_mb))
        for r in everything:
            delay = int(rng.uniform(60, 10800)) if rng.random() < options["late"] else 0
            rows.append((r[0] + delay, new, r[0], int(r[1]), int(r[2]), r[3], r[4], plan, plan_mb, r[5]))
    rows.sort(key=lambda r: r[:3])
    os.makedirs(out, exist_ok=True)
    write("events", "subscription_id,timestamp,bytes_up,bytes_down,category,zone,plan,plan_mb,tz_min", (r[1:] for r in rows))
    write("labels", "episode,subscription_id,kind,start,end,bytes,age_days,type,plan", labels)
    write("injected", "episode,timestamp,bytes", injected)
    write("subs", "subscription_id,start,end,type,plan,plan_mb", subs)
    print(f"{out}: {len(rows)} records, {len(labels)} drains, {len(subs)} subscriptions")


def write(name, header, rows):
    with open(f"{out}/{name}.csv", "w") as f:
        f.write(header + "\n")
        f.writelines(",".join(map(str, r)) + "\n" for r in rows)


if __name__ == "__main__":
    main()
