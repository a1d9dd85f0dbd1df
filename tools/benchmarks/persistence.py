"""What snapshots and the append-only file cost: throughput, latency and memory while they are written, speed of loading.

A child process or a disk thread is given a core of its own in production; here it shares one with its server. So what
saving costs is told by the CPU time of the thread that executes commands, where there is a choice; the throughput that
this machine came to stands beside it.
"""
import os, shutil, statistics, tempfile, threading, time
from servers import Server, load

P16 = ("--connections", 50, "--pipeline", 16)
median = statistics.median


class Sizes:
    def __init__(self, quick):
        self.keys = 200_000 if quick else 5_000_000
        self.rounds = 1 if quick else 3
        self.seconds = 0.3 if quick else 1.5


def fill(server, keys):
    load(server, "--sequential", "--connections", 10, "--pipeline", 50, "--keyspace", keys, "--requests", keys, "SET",
         "{k}", "{v}")


def info(server, field):
    text = server.call("INFO", "persistence").decode()
    return next(line.split(":")[1] for line in text.split("\r\n") if line.startswith(field + ":"))


def wait_for_save(server):
    while info(server, "rdb_bgsave_in_progress") == "1":
        time.sleep(0.05)


def share_and_latency(servers, sizes):
    """Throughput kept, in CPU time and on this machine, and milliseconds added to p99.9, with a save running."""
    kept = {server.name: [] for server in servers}
    for server in servers:
        fill(server, sizes.keys)
    for turn in range(sizes.rounds):
        for server in servers[turn % len(servers):] + servers[:turn % len(servers)]:
            write = [*P16, "--keyspace", sizes.keys, "--seconds", sizes.seconds, "--seed", turn + 1, "SET", "{k}", "{v}"]
            probe = ["--connections", 10, "--keyspace", sizes.keys, "--seconds", sizes.seconds, "GET", "{k}"]
            without, calm = load(server, *write), load(server, *probe)
            during = load(server, "--first", "BGSAVE", *write)
            wait_for_save(server)
            felt = load(server, "--first", "BGSAVE", *probe)
            wait_for_save(server)
            kept[server.name].append((without["main"] / during["main"], during["rps"] / without["rps"],
                                      (felt["p999"] - calm["p999"]) / 1000))
    return [[median(row[i] for row in kept[server.name]) for i in range(3)] for server in servers]


def proportional_bytes(server):
    """Memory of a server and of all that it started, shared pages once."""
    total = 0
    for process in os.listdir("/proc"):
        try:
            if not process.isdigit() or os.getsid(int(process)) != server.process.pid:
                continue
            with open(f"/proc/{process}/smaps_rollup") as file:
                total += next(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
        except (OSError, StopIteration):
            pass
    return total


def memory_growth(server, sizes):
    """Peak of memory while every key is overwritten during a save, against what it was before."""
    before = proportional_bytes(server)
    peak, ended = before, False

    def watch():
        nonlocal peak
        while not ended:
            peak = max(peak, proportional_bytes(server))
            time.sleep(0.1)

    thread = threading.Thread(target=watch)
    server.call("BGSAVE")
    thread.start()
    fill(server, sizes.keys)
    ended = True
    thread.join()
    wait_for_save(server)
    return peak / before - 1


def loading(commands, port, sizes, file):
    """Seconds of CPU that it takes to load a file, for each server."""
    spent = {name: [] for name, _ in commands}
    for turn in range(sizes.rounds):
        for i, (name, command) in enumerate(commands):
            directory = tempfile.mkdtemp(prefix="bench-")
            shutil.copy(file, os.path.join(directory, "dump.rdb"))
            server = Server(name, command, port + i, ["--dir", directory], waits=False)
            try:
                while True:
                    try:
                        if info(server, "loading") == "0":
                            break
                    except RuntimeError:
                        pass
                    time.sleep(0.02)
                spent[name].append(server.cpu())
            finally:
                server.stop()
                shutil.rmtree(directory, ignore_errors=True)
    return [median(spent[name]) for name, _ in commands]


def log_rates(commands, port, sizes):
    """With `appendfsync always` requests a second, and how many times the last server's the first's are; with `everysec`
    the shares of CPU time and throughput that are kept of those without a log."""
    single = ["--connections", 50, "--seconds", sizes.seconds, "SET", "{k}", "{v}"]
    write = [*P16, "--seconds", sizes.seconds, "SET", "{k}", "{v}"]
    plain = [Server(name, command, port + 2 * i) for i, (name, command) in enumerate(commands)]
    logged = [
        Server(name, command, port + 2 * i + 1, [
            "--appendonly", "yes", "--appendfsync", "always", "--auto-aof-rewrite-percentage", "0"])
        for i, (name, command) in enumerate(commands)]
    try:
        # In turn, as everywhere: how fast the machine and its disk are changes while this runs.
        rates = [[load(server, *single)["rps"] for server in logged] for _ in range(2 * sizes.rounds)]
        always = [median(column) for column in zip(*rates)]
        gain = median(ours / theirs for ours, *_, theirs in rates)
        for server in logged:
            server.call("CONFIG", "SET", "appendfsync", "everysec")
        for server in plain + logged:
            load(server, *write)
        kept = []
        for without, with_log in zip(plain, logged):
            pairs = [(load(without, *write), load(with_log, *write)) for _ in range(2 * sizes.rounds)]
            kept.append((median(a["main"] / b["main"] for a, b in pairs), median(b["rps"] / a["rps"] for a, b in pairs)))
        return always, gain, kept
    finally:
        for server in plain + logged:
            server.stop()


def feed_share(name, command, port, sizes):
    """CPU time and throughput kept with the change feed on, of those with it off."""
    plain = Server(name, command, port)
    fed = Server(name, command, port + 1, ["--change-feed-size", "64mb"])
    try:
        write = [*P16, "--seconds", sizes.seconds, "SET", "{k}", "{v}"]
        for server in (plain, fed):
            load(server, *write)
        pairs = [(load(plain, *write), load(fed, *write)) for _ in range(2 * sizes.rounds)]
        return median(a["main"] / b["main"] for a, b in pairs), median(b["rps"] / a["rps"] for a, b in pairs)
    finally:
        plain.stop()
        fed.stop()


def compare(commands, port, quick):
    sizes = Sizes(quick)
    missed = []
    print(f"\npersistence, {sizes.keys:,} keys" + f"{'':22}" + " ".join(f"{name:>13}" for name, _ in commands))

    def row(name, values, text, limit, isKept):
        mark = " " if isKept else "!"
        missed.extend([] if isKept else [name])
        print(f"{name:46}" + " ".join(f"{text.format(value):>13}" for value in values) + f"   {limit}{mark}", flush=True)

    servers = [Server(name, command, port + i) for i, (name, command) in enumerate(commands)]
    try:
        during = share_and_latency(servers, sizes)
        cpu, rate, delay = zip(*during)
        row("SET P=16 during BGSAVE, CPU share kept", cpu, "{:.2f}", "≥ 0.75 and the other's",
            cpu[0] >= 0.75 and cpu[0] >= cpu[-1])
        row("  throughput kept on one core", rate, "{:.2f}", "≥ the other's", rate[0] >= rate[-1])
        row("p99.9 added by BGSAVE, ms", delay, "{:.2f}", "< 3", delay[0] < 3)
        growth = [memory_growth(server, sizes) * 100 for server in servers]
        row("memory grown, all overwritten in BGSAVE, %", growth, "{:.1f}", "< 10", growth[0] < 10)
        servers[-1].call("SAVE")
        file = os.path.join(tempfile.gettempdir(), f"bench-{os.getpid()}.rdb")
        shutil.copy(os.path.join(servers[-1].directory, "dump.rdb"), file)
    finally:
        for server in servers:
            server.stop()
    try:
        seconds = loading(commands, port + 4, sizes, file)
    finally:
        os.unlink(file)
    row("loading an RDB file, CPU s", seconds, "{:.2f}", "≤ 0.67 x", seconds[0] <= seconds[-1] / 1.5)
    always, gain, kept = log_rates(commands, port + 6, sizes)
    row("appendfsync always, 50 connections, 1000/s", [value / 1000 for value in always], "{:.1f}", f"{gain:.2f} x, ≥ 1.5",
        gain >= 1.5)
    cpu, rate = zip(*kept)
    row("everysec, P=16, CPU share kept", cpu, "{:.2f}", "≥ 0.90", cpu[0] >= 0.9)
    row("  throughput kept on one core", rate, "{:.2f}", "", True)
    cpu, rate = feed_share(*commands[0], port + 12, sizes)
    row("change feed on, P=16, CPU share kept", [cpu], "{:.2f}", "≥ 0.90", cpu >= 0.9)
    row("  throughput kept on one core", [rate], "{:.2f}", "", True)
    return missed
