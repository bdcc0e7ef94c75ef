"""Makes the table of a run: table.py DIRECTORY, which holds rounds.csv, titles and facts."""
import csv
import statistics
import sys

HEAD = """\
# Drover beside nginx

- {machine}
- {versions}
- {when}; load average {load} before, {load_after} after

Both serve the same files from the same directory with two workers and an access log that is not rotated. Rounds alternate
nginx, Drover, nginx, Drover, …; a figure is the median of its rounds, a ratio the median of the ratios of neighbouring rounds, so that
what else the machine does falls on both. CPU is what all processes of a server took from the kernel and for themselves,
for each request (Drover: master and workers; its admin serves nobody and stands apart). Kept-alive rows: the servers on
core 0, the load generator (bench/load.c, which throws content away unread, as it is to measure the servers and not itself)
on the others; rows with a new connection per request: both on all cores. Pairs of rounds in
which other programs took more than 30 % of a core are left out; a row with fewer than three calm pairs has all and a ~.
In brackets: the least and the greatest ratio of a pair.

| work | Drover | nginx | ratio | CPU per 10,000: Drover | nginx | ratio | failed: Drover, nginx |
|---|--:|--:|--:|--:|--:|--:|--:|"""


def pairs(path):
    with open(path) as file:
        return dict(line.rstrip("\n").split("=", 1) for line in file)


def number(value):
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.0f}" if value >= 100 else f"{value:.2f}"


# A neighbour that took more than this share of a core spoils a round.
DISTURBED = 0.3
FEWEST_CALM = 3


def calm(rounds):
    """The pairs of rounds in which others let the machine alone, and "" for all well; all pairs and a mark if too few."""
    spoilt = {r["round"] for r in rounds if float(r["others_cores"]) > DISTURBED}
    kept = [r for r in rounds if r["round"] not in spoilt]
    if len({r["round"] for r in kept}) >= min(FEWEST_CALM, len({r["round"] for r in rounds})):
        return kept, ""
    return rounds, " ~"


class Side:
    """The rounds of a row at one server."""

    def __init__(self, rounds, unit):
        self.measured = bool(rounds) and all(r["failed"] != "unsupported" for r in rounds)
        self.lacks = "not supported" if rounds else "not measured"
        if self.measured:
            self.failed = sum(int(r["failed"]) for r in rounds)
            self.rates = [float(r["requests"]) / unit / (float(r["seconds"]) or 1) for r in rounds]
            self.cpu = [float(r["cpu_seconds"]) / (max(1.0, float(r["requests"])) / unit) for r in rounds]


def ratio(ours, theirs):
    return f"{statistics.median(ratios(ours, theirs)):.2f}"


def ratio_and_spread(ours, theirs):
    each = ratios(ours, theirs)
    spread = f" ({min(each):.2f}–{max(each):.2f})" if len(each) > 1 else ""
    return f"**{statistics.median(each):.2f}**{spread}"


def ratios(ours, theirs):
    return [a / b if b else 0 for a, b in zip(ours, theirs)]


def row(name, title, rounds):
    streams = name.startswith("stream")
    rounds, mark = calm(rounds)
    drover, nginx = (Side([r for r in rounds if r["server"] == s], 1e9 if streams else 1) for s in ("drover", "nginx"))
    per = 1 if streams else 10000
    cells = [title + ("; CPU per GB" if streams else "") + mark]
    if drover.measured and nginx.measured:
        cells += [number(statistics.median(s.rates)) for s in (drover, nginx)]
        cells += [ratio_and_spread(drover.rates, nginx.rates)]
        cells += [f"{statistics.median(s.cpu) * per:.3f} s" for s in (drover, nginx)]
        cells += [ratio(drover.cpu, nginx.cpu), f"{drover.failed}, {nginx.failed}"]
    else:
        for side in (drover, nginx):
            cells.append(number(statistics.median(side.rates)) if side.measured else side.lacks)
        cells += [""] * 5
    return "| " + " | ".join(cells) + " |"


def figures(rounds, server):
    return [float(r["value"]) for r in rounds if r["server"] == server and r["value"]]


def figure_row(name, title, rounds):
    """A row whose figure is not a rate: the less the better."""
    rounds, mark = calm(rounds)
    drover, nginx, admin = (figures(rounds, server) for server in ("drover", "nginx", "admin"))
    cells = [title + (f" (admin {statistics.median(admin):.0f} besides)" if admin else "") + mark]
    cells += [number(statistics.median(side)) if side else "failed" for side in (drover, nginx)]
    cells += [ratio_and_spread(drover, nginx) if drover and nginx else ""] + [""] * 3
    failed = (sum(int(r["failed"]) for r in rounds if r["server"] == s) for s in ("drover", "nginx"))
    return "| " + " | ".join(cells + [", ".join(map(str, failed))]) + " |"


def main(directory):
    with open(directory + "/rounds.csv") as file:
        rounds = list(csv.DictReader(file))
    print(HEAD.format(**pairs(directory + "/facts")))
    for name, title in pairs(directory + "/titles").items():
        kind = figure_row if name in ("p99", "memory", "start") else row
        print(kind(name, title, [r for r in rounds if r["row"] == name]))
    admin = sum(float(r["admin_cpu_seconds"]) for r in rounds)
    total = sum(float(r["seconds"]) for r in rounds)
    others = sorted(float(r["others_cores"]) for r in rounds if float(r["seconds"]))
    print(f"\nDrover's admin took {100 * admin / max(total, 1):.1f} % of a core meanwhile.")
    if others:
        spoilt = sum(share > DISTURBED for share in others)
        print(
            f"Other programs took {100 * statistics.median(others):.0f} % of a core in the median round, "
            f"{100 * others[-1]:.0f} % in the worst; {spoilt} of {len(others)} rounds had more than {100 * DISTURBED:.0f} %."
        )


main(sys.argv[1])
