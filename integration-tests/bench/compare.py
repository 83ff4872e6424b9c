#!/usr/bin/env python3
"""Measures cpet beside another program, one after the other in turns, and prints a Markdown table of ratios.

    integration-tests/bench/compare.py --workloads FILE.json --pairs 3 \
        --peer 'python other.py --workload {workload} --mode {mode}' \
        bert/train_lora llama/infer

    integration-tests/bench/compare.py --workloads FILE.json --against train_lora t5/train_cpet_cached

Each side prints one JSON object on its last line that starts with '{'; median_ms, peak_rss_mib and startup_s are read.
Without --peer both sides are cpet: --against names the mode of the other one. Ratios below 1 mean that cpet (or the mode
in the table) is faster. Needs nothing beside Python and an idle machine.
"""
import argparse
import json
import pathlib
import shlex
import statistics
import subprocess
import sys

CPET = pathlib.Path(__file__).resolve().parents[2] / "cpet"


def measure(command):
    done = subprocess.run(shlex.split(command), capture_output=True, text=True)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or not lines:
        sys.exit(f"{command}: exit code {done.returncode}\n{done.stderr[-1500:]}")
    return json.loads(lines[-1])


def spread(values):
    return f"{statistics.median(values):.3f} ({min(values):.3f} to {max(values):.3f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workloads", required=True, help="file of shapes")
    parser.add_argument("--peer", help="command of the other program; {workload} and {mode} are filled in")
    parser.add_argument("--against", help="mode of cpet to compare with instead")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--cpet-args", default="", help="more arguments for cpet bench, as --dtype auto")
    parser.add_argument("cases", nargs="+", metavar="WORKLOAD/MODE")
    given = parser.parse_args()
    if bool(given.peer) == bool(given.against):
        parser.error("exactly one of --peer and --against")
    ours = f"{CPET} bench --workloads {shlex.quote(given.workloads)} --workload {{workload}} --mode {{mode}} --json "
    ours += given.cpet_args
    print("| workload | mode | ratio of medians | cpet ms | other ms | peak MiB | other's | start-up s | other's |")
    print("|---|---|---|---|---|---|---|---|---|", flush=True)
    for case in given.cases:
        workload, mode = case.split("/")
        pairs = []
        for turn in range(given.pairs):
            commands = {
                "cpet": ours.format(workload=workload, mode=mode),
                "other": (given.peer or ours).format(workload=workload, mode=given.against or mode),
            }
            order = ["cpet", "other"] if turn % 2 == 0 else ["other", "cpet"]
            found = {side: measure(commands[side]) for side in order}
            pairs.append((found["cpet"], found["other"]))
        columns = [workload, mode, spread([a["median_ms"] / b["median_ms"] for a, b in pairs])]
        for key, digits in (("median_ms", 0), ("peak_rss_mib", 0), ("startup_s", 2)):
            for side in (0, 1):
                columns.append(f"{statistics.median(pair[side][key] for pair in pairs):.{digits}f}")
        print("| " + " | ".join(columns) + " |", flush=True)


if __name__ == "__main__":
    main()
