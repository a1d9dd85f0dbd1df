"""Servers under measurement: started on a core of their own, asked over a plain socket, watched through /proc."""
import os, shutil, signal, socket, subprocess, tempfile, time

SERVER_CORE, LOAD_CORE = "0", "1"


class Connection:
    """Just enough RESP to prepare a server and to ask it."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.file = self.socket.makefile("rb")

    def send(self, *words):
        parts = [b"*%d\r\n" % len(words)]
        for word in words:
            word = word if isinstance(word, bytes) else str(word).encode()
            parts.append(b"$%d\r\n%s\r\n" % (len(word), word))
        self.socket.sendall(b"".join(parts))

    def receive(self):
        line = self.file.readline()
        if not line:
            raise ConnectionError("closed")
        kind, rest = line[:1], line[1:-2]
        if kind == b"$":
            return None if rest == b"-1" else self.file.read(int(rest) + 2)[:-2]
        if kind in b"*~>":
            return [self.receive() for _ in range(int(rest))]
        if kind == b":":
            return int(rest)
        if kind == b"-":
            raise RuntimeError(rest.decode())
        return rest

    def call(self, *words):
        self.send(*words)
        return self.receive()

    def pipeline(self, commands, batch=1000):
        for start in range(0, len(commands), batch):
            part = commands[start:start + batch]
            for command in part:
                self.send(*command)
            for _ in part:
                self.receive()


class Server:
    def __init__(self, name, command, port, options=(), waits=True):
        self.name, self.port = name, port
        self.directory = tempfile.mkdtemp(prefix="bench-")
        self.log = open(os.path.join(self.directory, "log"), "wb")
        arguments = command + ["--port", str(port), "--dir", self.directory, "--save", "", "--appendonly", "no",
                               "--daemonize", "no", *options]
        self.process = subprocess.Popen(["taskset", "-c", SERVER_CORE] + arguments, stdout=self.log, stderr=self.log,
                                        start_new_session=True)
        for _ in range(200):
            try:
                self.connection = Connection(port)
                if waits:
                    self.connection.call("PING")
                break
            except (OSError, RuntimeError, ConnectionError):
                time.sleep(0.05)
        else:
            raise SystemExit(f"{name} did not start; see {self.log.name}")

    def call(self, *words):
        return self.connection.call(*words)

    def cpu(self):
        """Seconds that all threads ran, from the scheduler's accounting."""
        total = 0
        for task in os.listdir(f"/proc/{self.process.pid}/task"):
            try:
                with open(f"/proc/{self.process.pid}/task/{task}/schedstat") as file:
                    total += int(file.read().split()[0])
            except FileNotFoundError:
                pass
        return total / 1e9

    def executor_cpu(self):
        """Seconds that the thread ran which executes commands, in the kernel too."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/schedstat") as file:
            return int(file.read().split()[0]) / 1e9

    def resident(self):
        """Bytes of memory that the process takes from the machine."""
        with open(f"/proc/{self.process.pid}/status") as file:
            return next(int(line.split()[1]) * 1024 for line in file if line.startswith("VmRSS"))

    def stop(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)


def load(server, *arguments):
    """Runs the load generator; returns what it measured, with the server's CPU microseconds a request: of all its
    threads, and of the one that executes commands."""
    before, executor = server.cpu(), server.executor_cpu()
    output = subprocess.run(["taskset", "-c", LOAD_CORE, os.environ["MARTLET_LOAD"], "--port", str(server.port),
                             *map(str, arguments)], capture_output=True, text=True)
    if output.returncode != 0:
        raise SystemExit(output.stderr)
    used = server.cpu() - before
    result = {key: float(value) for key, value in (pair.split("=") for pair in output.stdout.split())}
    result["cpu"] = used / max(1, result["requests"]) * 1e6
    result["main"] = (server.executor_cpu() - executor) / max(1, result["requests"]) * 1e6
    return result
