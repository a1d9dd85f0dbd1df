// swift-tools-version: 6.2
import PackageDescription

// `MARTLET_ALLOCATOR=system swift build` takes the C library's allocator instead of jemalloc, so
// that AddressSanitizer and LeakSanitizer see every byte of the keyspace.
let usesSystemAllocator = Context.environment["MARTLET_ALLOCATOR"] == "system"

let package = Package(
  name: "martlet",
  products: [
    .executable(name: "martlet-server", targets: ["martlet-server"])
  ],
  targets: [
    // Ground
    .target(
      name: "CMartlet",
      cSettings: usesSystemAllocator ? [.define("MARTLET_SYSTEM_ALLOCATOR")] : [],
      linkerSettings: [.linkedLibrary("crypto"), .linkedLibrary("lzf")]
        + (usesSystemAllocator ? [] : [.linkedLibrary("jemalloc")])),
    .target(name: "Memory", dependencies: ["CMartlet"]),
    .target(name: "RESP", dependencies: ["CMartlet", "Memory"]),
    // Directives, configuration files, CONFIG GET, SET and REWRITE
    .target(name: "Configuration"),
    // Structures
    .target(name: "Structures", dependencies: ["CMartlet", "Memory"]),
    // Storage
    .target(name: "Keyspace", dependencies: ["CMartlet", "Memory", "Structures"]),
    // Commands
    .target(name: "Commands", dependencies: ["CMartlet", "Memory", "RESP", "Structures", "Keyspace"]),
    // RDB files, the append-only file, snapshots
    .target(name: "Persistence", dependencies: ["CMartlet", "Memory", "Structures", "Keyspace"]),
    // Services
    .target(
      name: "Server",
      dependencies: [
        "CMartlet", "Memory", "RESP", "Structures", "Keyspace", "Persistence", "Commands", "Configuration",
      ]),
    // Executables
    .executableTarget(name: "martlet-server", dependencies: ["Configuration", "Memory", "Server"]),
    // The load generator of tools/bench
    .executableTarget(name: "martlet-load", dependencies: ["CMartlet"], path: "tools/load"),
    // Tests
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .testTarget(name: "DifferentialTests", dependencies: ["TestSupport", "martlet-server"]),
    .testTarget(
      name: "BehaviourTests", dependencies: ["TestSupport", "martlet-server"], exclude: ["redis_py.py"]),
    .testTarget(name: "ConfigurationTests", dependencies: ["Configuration"]),
    .testTarget(
      name: "PersistenceTests",
      dependencies: [
        "TestSupport", "CMartlet", "Memory", "RESP", "Structures", "Keyspace", "Persistence", "Commands",
        "martlet-server",
      ]),
    .testTarget(
      name: "FuzzTests", dependencies: ["TestSupport", "Memory", "RESP", "Structures", "Keyspace", "Commands"]),
    .testTarget(name: "StructuresTests", dependencies: ["Memory", "RESP", "Structures", "Keyspace", "Commands"]),
  ],
  swiftLanguageModes: [.v6]
)
