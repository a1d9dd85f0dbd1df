import Directives
import Glibc
import Memory
import Server

// martlet-server [/path/to/martlet.conf | -] [--directive value …]

let arguments = Array(CommandLine.arguments.dropFirst())

func printAndExit(_ text: String, status: Int32 = 0) -> Never {
  _ = (text + "\n").withBytes { write(status == 0 ? STDOUT_FILENO : STDERR_FILENO, $0.base, $0.count) }
  exit(status)
}

if arguments.count == 1 {
  switch arguments[0] {
  case "-v", "--version":
    printAndExit("martlet server v=\(Version.martlet) sha=00000000:0 malloc=\(Allocator.name) bits=64 build=release")
  case "-h", "--help": printAndExit(ServerInstance.usage)
  default: break
  }
}

let configuration = Configuration()
do {
  try configuration.load(arguments: arguments)
  try ServerInstance.check(configuration)
} catch {
  printAndExit(error.message, status: 1)
}
if configuration.boolean("daemonize") { ServerInstance.daemonize() }

// Before there is anything in memory.
ServerInstance.arrangeHugePages(configuration)
let server = ServerInstance(configuration: configuration)
do {
  try server.start()
} catch {
  printAndExit(error.message, status: 1)
}
server.run()
