import Server

var settings = Settings()
let log = Log()
if CommandLine.arguments.count > 2 { settings.setPort(Int(CommandLine.arguments[2])!) }
let server = ServerInstance(settings: settings, log: log)
try server.listen()
server.run()
