import CMartlet
import Memory
import RESP
import Structures

extension CommandTable {
  /// LATENCY: what took long, and how long commands take.
  public static let latency: [Command] = [
    Command(
      "LATENCY", arity: -2, [], group: .server, since: "2.8.13",
      summary: "A container for latency diagnostics commands.", complexity: "Depends on subcommand.",
      subcommands: [
        Command(
          "DOCTOR", arity: 2, [.admin, .noScript, .loading, .stale], group: .server, since: "2.8.13",
          summary: "Returns a human-readable latency analysis report.",
          tips: ["nondeterministic_output", "request_policy:all_nodes", "response_policy:special"], run: doctor),
        Command(
          "GRAPH", arity: 3, [.admin, .noScript, .loading, .stale], group: .server, since: "2.8.13",
          summary: "Returns a latency graph for an event.", syntax: "event",
          tips: ["nondeterministic_output", "request_policy:all_nodes", "response_policy:special"], run: graph),
        Command(
          "HISTOGRAM", arity: -2, [.admin, .noScript, .loading, .stale], group: .server, since: "7.0.0",
          summary: "Returns the cumulative distribution of latencies of a subset or all commands.",
          complexity: "O(N) where N is the number of commands with latency information being retrieved.",
          syntax: "[command [command ...]]",
          tips: ["nondeterministic_output", "request_policy:all_nodes", "response_policy:special"], run: histogram),
        Command(
          "HISTORY", arity: 3, [.admin, .noScript, .loading, .stale], group: .server, since: "2.8.13",
          summary: "Returns timestamp-latency samples for an event.", syntax: "event",
          tips: ["nondeterministic_output", "request_policy:all_nodes", "response_policy:special"], run: history),
        Command(
          "LATEST", arity: 2, [.admin, .noScript, .loading, .stale], group: .server, since: "2.8.13",
          summary: "Returns the latest latency samples for all events.",
          tips: ["nondeterministic_output", "request_policy:all_nodes", "response_policy:special"], run: latest),
        Command(
          "RESET", arity: -2, [.admin, .noScript, .loading, .stale], group: .server, since: "2.8.13",
          summary: "Resets the latency data for one or more events.", syntax: "[event [event ...]]",
          tips: ["request_policy:all_nodes", "response_policy:agg_sum"], run: reset),
        .help(
          of: "LATENCY", .server, since: "2.8.13",
          [
            "DOCTOR",
            "    Return a human readable latency analysis report.",
            "GRAPH <event>",
            "    Return an ASCII latency graph for the <event> class.",
            "HISTORY <event>",
            "    Return time-latency samples for the <event> class.",
            "LATEST",
            "    Return the latest latency samples for all events.",
            "RESET [<event> ...]",
            "    Reset latency data of one or more <event> classes.",
            "    (default: reset all data for all event classes)",
            "HISTOGRAM [COMMAND ...]",
            "    Return a cumulative distribution of latencies in the format of a histogram for the specified command names.",
            "    If no commands are specified then all histograms are replied.",
          ]),
      ])
  ]
}

private func history(_ call: Call, _ reply: inout ReplyWriter) {
  let samples = call.executor.latencyMonitor.events[call[2].string]?.samples ?? []
  reply.array(samples.count)
  for sample in samples {
    reply.array(2)
    reply.integer(Int(sample.unixTime))
    reply.integer(sample.milliseconds)
  }
}

private func latest(_ call: Call, _ reply: inout ReplyWriter) {
  let events = call.executor.latencyMonitor.events.sorted { $0.key < $1.key }
  reply.array(events.count)
  for (name, event) in events {
    reply.array(4)
    reply.bulk(name)
    reply.integer(Int(event.samples.last?.unixTime ?? 0))
    reply.integer(event.samples.last?.milliseconds ?? 0)
    reply.integer(event.maximum)
  }
}

private func reset(_ call: Call, _ reply: inout ReplyWriter) {
  if call.count == 2 { return reply.integer(call.executor.latencyMonitor.reset(nil)) }
  reply.integer((2..<call.count).reduce(0) { $0 + call.executor.latencyMonitor.reset(call[$1].string) })
}

private func graph(_ call: Call, _ reply: inout ReplyWriter) {
  let name = call[2].string
  guard let event = call.executor.latencyMonitor.events[name] else {
    return reply.error("ERR No samples available for event '\(name)'")
  }
  reply.verbatim(LatencyReport.graph(name, event, now: call.now / 1000))
}

private func doctor(_ call: Call, _ reply: inout ReplyWriter) {
  reply.verbatim(
    LatencyReport.diagnosis(
      call.executor.latencyMonitor, slowlogThreshold: call.executor.slowlog.threshold, now: call.now / 1000))
}

// MARK: Histograms

private func histogram(_ call: Call, _ reply: inout ReplyWriter) {
  let table = call.executor.table
  let wanted =
    call.count == 2
    ? table.all
    : (2..<call.count).compactMap { table.find(fullName: call[$0]) }.flatMap { [$0] + $0.pointee.subcommands }
  let mark = reply.mark
  var shown = 0
  for command in wanted {
    guard let latency = command.pointee.statistics.latency, latency.pointee.total > 0 else { continue }
    reply.bulk(command.pointee.fullName)
    reply.map(2)
    reply.bulk("calls")
    reply.integer(latency.pointee.total)
    reply.bulk("histogram_usec")
    writeDistribution(latency, call.executor, &reply)
    shown += 1
  }
  reply.insertMap(shown, at: mark)
}

/// Writes how many calls took at most 1, 2, 4 … microseconds (1,024 nanoseconds, as Redis counts), without the steps
/// that add nothing.
private func writeDistribution(
  _ latency: UnsafeMutablePointer<LogarithmicHistogram>, _ executor: Executor, _ reply: inout ReplyWriter
) {
  let mark = reply.mark
  var shown = 0
  var previous = 0
  for exponent in UInt64(10)...40 where previous < latency.pointee.total {
    let nanoseconds = UInt64(1) << exponent
    let isLast = exponent == 40
    let count =
      isLast ? latency.pointee.total : latency.pointee.cumulative(upTo: executor.ticks(nanoseconds: nanoseconds))
    guard count > previous else { continue }
    previous = count
    // Redis's histogram keeps two digits, so that it shows the end of a class somewhat above the power of two.
    reply.integer(Int((nanoseconds + nanoseconds >> 7 - 1) / 1000))
    reply.integer(count)
    shown += 1
  }
  reply.insertMap(shown, at: mark)
}
