"""The client library and its cache: what a read costs here, and what tracking costs the server."""
import os, shutil, statistics, subprocess, tempfile
from servers import LOAD_CORE, Server, load

# name, what is shown of what client-bench printed, limit, whether more is better, unit
ROWS = [
    ("near", "near hit", "near_ns", 300, False, "ns"),
    ("near", "near hit, text for a key", "near_text_ns", 300, False, "ns"),
    ("near", "allocations of a near hit", "near_allocations", 0, False, ""),
    ("near", "the same, text for a key", "near_text_allocations", 0, False, ""),
    ("cold", "fetches, 1,000 tasks and one cold key", "cold_fetches", 1, False, ""),
    ("cold", "loads, the same", "cold_loads", 1, False, ""),
    ("invalidation", "invalidation, p99", "invalidation_p99_us", 2000, False, "µs"),
    ("commands", "GET, 64 tasks, one connection, one core", "batched_per_core", 200_000, True, "/s"),
    ("commands", "the same, as many times batching off", "ratio", 3, True, "x"),
]
# At most so much more of the server's time for a command.
TRACKING = 1.15


def allocation_counter(directory):
    """Builds what counts allocations; None where there is no compiler for it."""
    compiler = shutil.which("clang") or shutil.which("cc")
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "count_mallocs.c")
    library = os.path.join(directory, "count_mallocs.so")
    if compiler and subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, source]).returncode == 0:
        return library


def run(program, port, what, seconds, preload):
    # One core, beside the server's.
    environment = dict(os.environ, **({"LD_PRELOAD": preload} if preload and what == "near" else {}))
    output = subprocess.run(["taskset", "-c", LOAD_CORE, program, "--port", str(port), "--seconds", str(seconds), what],
                            capture_output=True, text=True, env=environment)
    if output.returncode != 0:
        raise SystemExit(output.stderr)
    return dict(pair.split("=") for pair in output.stdout.split())


def show(name, value, limit, more, unit):
    """Prints a row; returns its name if it misses its limit."""
    number = float(value) if value != "unknown" else None
    missed = number is not None and (number < limit if more else number > limit)
    shown = "unknown" if number is None else f"{number:,.0f}" if number >= 1000 else f"{number:g}"
    print(f"  {name:45} {shown:>12} {unit:3} {'>=' if more else '<='} {limit:,g}{' !' if missed else ''}", flush=True)
    return [name] if missed else []


def compare(name, command, port, program, rounds, seconds, only):
    print(f"\nclient: against {name}")
    missed = []
    rows = [row for row in ROWS if only in row[1]]
    with tempfile.TemporaryDirectory() as directory:
        preload = allocation_counter(directory)
        server = Server(name, command, port)
        try:
            found = {}
            for what in dict.fromkeys(row[0] for row in rows):
                found.update(run(program, port, what, max(seconds, 2), preload))
            for _, label, key, limit, more, unit in rows:
                missed += show(label, found[key], limit, more, unit)
        finally:
            server.stop()
    for mode in ("ON", "ON BCAST"):
        for connections in (1, 50):
            label = f"GET P=16 of {connections} client{'s' * (connections > 1)}, TRACKING {mode}"
            if only in label:
                ratio = tracking(name, command, port, mode, connections, 2 * rounds, seconds)
                missed += show(label, ratio, TRACKING, False, "x")
    return missed


def tracking(name, command, port, mode, connections, rounds, seconds):
    """The server's time for a GET with tracking, as a part of that without; both in turn, on a server each. All clients read
    the same keys."""
    servers = [Server(name, command, port + i) for i in (1, 2)]
    # So few keys that nearly every read is of one that the server knows to be read by this client, as in a cache's life.
    arguments = ["--connections", connections, "--pipeline", 16, "--keyspace", 1000]
    openings = [[], ["--opening", f"HELLO 3 / CLIENT TRACKING {mode}"]]
    costs = [[], []]
    try:
        for server in servers:
            load(server, "--sequential", "--requests", 1000, "--keyspace", 1000, "SET", "{k}", "{v}")
        for _ in range(rounds):
            for server, opening, cost in zip(servers, openings, costs):
                cost.append(load(server, *arguments, *opening, "--seconds", seconds, "GET", "{k}")["cpu"])
        return round(statistics.median(on / off for off, on in zip(*costs)), 3)
    finally:
        for server in servers:
            server.stop()
