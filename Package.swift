// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// The same for every target; docs/decisions/0001-package-shape.md says why.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// The simulator steps whole days in the tests: what it drives is optimised in debug builds as well.
let fast = settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
/// scrypt, for the passwords of the guard's page.
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let serviceLifecycle = Target.Dependency.product(
    name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")

func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], isFast: Bool = false
) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: isFast ? fast : settings)
}

func program(
    _ name: String, _ dependencies: [Target.Dependency], linking: [LinkerSetting] = []
) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, swiftSettings: settings, linkerSettings: linking)
}

/// A tenth less resident memory: equal functions once, relocations packed (glibc 2.36), no table of symbols
/// for plug-ins that there are none of. The linker is the toolchain's own.
let small: [LinkerSetting] = [
    .unsafeFlags(
        [
            "-use-ld=lld", "-Xlinker", "--icf=safe", "-Xlinker", "-z", "-Xlinker",
            "pack-relative-relocs", "-Xlinker", "--no-export-dynamic",
        ], .when(configuration: .release))
]

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

let package = Package(
    name: "Gatehouse",
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0", traits: []),
        // Without its default traits: full Foundation and swift-configuration stay out.
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
    ],
    targets: [
        module("GatehouseCore", isFast: true),
        module("GatehouseWire", isFast: true),
        .target(name: "CGatehouseSystem"),
        // The system's libgpiod, 1.6 or 2.x (Debian: libgpiod-dev).
        .target(name: "CGPIO", linkerSettings: [.linkedLibrary("gpiod")]),
        module("GatehouseProof", ["GatehouseCore", crypto]),
        module(
            "GatehouseTransport",
            ["GatehouseWire", "CGatehouseSystem", "CGPIO", nioCore, nioPosix, nioHTTP1]),
        module("GatehouseEngine", ["GatehouseCore"], isFast: true),
        module("GatehouseDiagnostics", ["GatehouseCore"]),
        module("GatehouseConfig", ["GatehouseCore", yams]),
        module("GatehouseDrivers", ["GatehouseCore", "GatehouseWire", crypto], isFast: true),
        // The system's libmosquitto: its headers (Debian: libmosquitto-dev) here, itself only where there is an uplink.
        .target(name: "CMosquitto"),
        module(
            "GatehouseSync", ["GatehouseCore", "GatehouseWire", "GatehouseEngine", "CMosquitto", crypto],
            isFast: true
        ),
        module("GatehouseStore", ["GatehouseCore", "GatehouseEngine", "GatehouseProof", grdb]),
        module(
            "GatehouseBooth",
            [
                "GatehouseCore", "GatehouseDiagnostics", hummingbird, hummingbirdCore, crypto, cryptoExtras,
                nioCore, nioPosix, logging, serviceLifecycle, httpTypes,
            ]),
        module(
            "GatehouseDaemon",
            [
                "GatehouseCore", "GatehouseWire", "GatehouseProof", "GatehouseTransport", "GatehouseEngine",
                "GatehouseConfig", "GatehouseDiagnostics", "GatehouseDrivers", "GatehouseStore",
                "GatehouseSync", "CGatehouseSystem", nioCore, nioPosix, logging, unixSignals,
            ]),
        // What the programs share: how a command ends, and where it says so.
        module("GatehouseCommandLine", ["GatehouseDiagnostics", argumentParser]),
        program(
            "gatehoused",
            [
                "GatehouseCommandLine", "GatehouseDaemon", "GatehouseDiagnostics", "GatehouseTransport",
                "GatehouseConfig", "GatehouseDrivers", "GatehouseStore", "GatehouseProof", "GatehouseEngine",
                "GatehouseCore", "CGatehouseSystem", argumentParser, logging,
            ], linking: small),
        // Apart from the daemon, which must not carry a web server: docs/decisions/0016.
        program(
            "gatehouse-booth",
            [
                "GatehouseCommandLine", "GatehouseBooth", "GatehouseConfig", "GatehouseDrivers",
                "GatehouseCore", argumentParser, logging,
            ], linking: small),
        module(
            "GatehouseSimulation",
            [
                "GatehouseCore", "GatehouseWire", "GatehouseEngine", "GatehouseDrivers", "GatehouseSync",
                "GatehouseProof",
            ], isFast: true),
        program("gatehouse-sim", ["GatehouseSimulation", "GatehouseCore", argumentParser]),
        module("GatehouseTwins", ["GatehouseCore", "GatehouseSimulation", "CGatehouseSystem"]),
        program(
            "gatehouse-demo", ["GatehouseTwins", "GatehouseSimulation", "GatehouseCore", argumentParser]),
        program("journal-probe", ["GatehouseStore", "GatehouseEngine", "GatehouseCore"]),
        .executableTarget(
            name: "gatehouse-bench",
            dependencies: [
                "GatehouseCore", "GatehouseEngine", "GatehouseConfig", "GatehouseDrivers", "GatehouseProof",
                "GatehouseStore", "GatehouseTransport", nioCore, nioPosix,
            ],
            path: "Benchmarks/gatehouse-bench", swiftSettings: settings),

        tests("GatehouseCoreTests", ["GatehouseCore"]),
        tests("GatehouseWireTests", ["GatehouseWire"]),
        tests("GatehouseTransportTests", ["GatehouseTransport", "GatehouseTwins", nioPosix]),
        tests("GatehouseProofTests", ["GatehouseProof", "GatehouseCore"]),
        tests("GatehouseEngineTests", ["GatehouseEngine", "GatehouseCore"]),
        tests(
            "GatehouseConfigTests", ["GatehouseConfig", "GatehouseDrivers", "GatehouseCore"],
            exclude: ["Fixtures"]),
        tests(
            "GatehouseDriversTests",
            ["GatehouseDrivers", "GatehouseSimulation", "GatehouseCore", "GatehouseWire", crypto],
            exclude: [
                "Cameras/Hikvision/Captures", "Cameras/SerialPlate/Captures", "Cameras/Vzenith/Captures",
                "Readers/SerialCard/Captures",
            ]),
        tests(
            "GatehouseStoreTests",
            ["GatehouseStore", "GatehouseEngine", "GatehouseProof", "GatehouseCore", "journal-probe", grdb]),
        tests(
            "GatehouseSyncTests",
            ["GatehouseSync", "GatehouseTwins", "GatehouseEngine", "GatehouseCore"], exclude: ["Peers"]),
        tests(
            "GatehouseDaemonTests",
            [
                "GatehouseDaemon", "GatehouseDiagnostics", "GatehouseStore", "GatehouseProof",
                "GatehouseTransport",
                "GatehouseSimulation", "GatehouseTwins", "GatehouseEngine", "GatehouseCore", logging, nioCore,
                nioPosix,
            ]),
        tests(
            "GatehouseSimulationTests",
            ["GatehouseSimulation", "GatehouseDrivers", "GatehouseEngine", "GatehouseCore", "gatehouse-sim"]),
        tests(
            "GatehouseDiagnosticsTests", ["GatehouseDiagnostics", "GatehouseCore"], exclude: ["Transcripts"]),
        tests(
            "gatehousedTests",
            [
                "gatehoused", "GatehouseCommandLine", "GatehouseConfig", "GatehouseDrivers",
                "GatehouseDiagnostics", "GatehouseEngine", "GatehouseProof", "GatehouseCore", argumentParser,
            ]),
        tests(
            "DocsTests",
            [
                "gatehoused", "gatehouse-booth", "GatehouseCommandLine", "GatehouseConfig",
                "GatehouseDrivers",
                "GatehouseDiagnostics", "GatehouseCore", argumentParser,
            ]),
        tests("GatehouseTwinsTests", ["GatehouseTwins", "GatehouseSimulation", "GatehouseCore"]),
        tests(
            "ProcessTests",
            [
                "GatehouseTwins", "GatehouseSimulation", "GatehouseTransport", "GatehouseCore", "gatehoused",
                "gatehouse-booth",
            ], exclude: ["Browser", "Pictures", "metrics_peer.py"]),
        tests(
            "PeerTests",
            [
                "GatehouseDaemon", "GatehouseEngine", "GatehouseTwins", "GatehouseSimulation",
                "GatehouseWire", "GatehouseCore", nioPosix,
            ],
            exclude: ["modbus_peer.py", "gbk_peer.py"]),
        tests(
            "GatehouseBoothTests",
            ["GatehouseBooth", "GatehouseDiagnostics", "GatehouseCore", nioCore, nioPosix]),
        tests("LayeringTests", []),
    ]
)
