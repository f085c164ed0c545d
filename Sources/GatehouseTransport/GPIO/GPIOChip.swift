// SPDX-License-Identifier: Apache-2.0

internal import CGPIO
internal import Glibc
package import NIOCore
internal import NIOPosix

/// Which lines of which chip, and how they are wired.
package struct GPIOWiring: Hashable, Sendable {
    package enum Bias: Hashable, Sendable { case asIs, disabled, pullUp, pullDown }
    package enum Drive: Hashable, Sendable { case pushPull, openDrain, openSource }

    /// Path of its device, or its label.
    package var chip: String
    /// Names, or numbers on the chip.
    package var outputs: [String]
    package var inputs: [String]
    package var areOutputsActiveLow = false
    package var areInputsActiveLow = false
    package var bias = Bias.asIs
    package var drive = Drive.pushPull

    package init(chip: String, outputs: [String], inputs: [String]) {
        self.chip = chip
        self.outputs = outputs
        self.inputs = inputs
    }
}

/// What could not be done with a chip, with the kernel's word for it.
package struct GPIOChipError: Error, Hashable, Sendable {
    package var text: String
}

/// Who hears of a chip's inputs, on its event loop.
package protocol GPIOEndpoint: AnyObject, Sendable {
    /// Places among the inputs, from 0, in the order in which they changed.
    func changed(_ edges: [(input: Int, isActive: Bool)])
    /// No more edges will come.
    func edgesEnded()
}

/// Requested lines of one GPIO chip. They are free again when it is closed or its process ends; what level an output then
/// has is the chip's affair. Everything happens on one event loop, checked at the entries that matter.
@safe package final class GPIOChip: @unchecked Sendable {
    package static let most = Int(GH_GPIO_LINES)

    private let wiring: GPIOWiring
    private let loop: any EventLoop
    private let handle: OpaquePointer
    private var isClosed = false
    private var channels: [any Channel] = []
    private weak var endpoint: (any GPIOEndpoint)?

    /// 1 or 2: of the library that this was built with.
    package static var libraryGeneration: Int { Int(gh_gpio_api()) }

    /// Outputs have these levels from the request on.
    package init(_ wiring: GPIOWiring, levels: [Bool], loop: any EventLoop) throws(GPIOChipError) {
        loop.preconditionInEventLoop()
        guard let handle = unsafe gh_gpio_open(wiring.chip) else {
            throw GPIOChipError(text: "cannot open GPIO chip \(wiring.chip): \(errorText(errno))")
        }
        self.wiring = wiring
        self.loop = loop
        unsafe self.handle = unsafe handle
        // From here on `deinit` closes it.
        let outputs = try offsets(wiring.outputs)
        let inputs = try offsets(wiring.inputs)
        let driven = unsafe gh_gpio_request_outputs(
            handle, outputs, levels, min(outputs.count, levels.count), outputFlags)
        guard driven == 0 else { throw refused(wiring.outputs) }
        guard unsafe gh_gpio_request_inputs(handle, inputs, inputs.count, inputFlags) == 0 else {
            throw refused(wiring.inputs)
        }
    }

    deinit {
        if !isClosed { unsafe gh_gpio_close(handle) }
    }

    private func refused(_ lines: [String]) -> GPIOChipError {
        let number = errno
        let hint =
            number == EBUSY
            ? "; another program or the kernel has one of them, gpioinfo tells which"
            : number == EPERM || number == EACCES ? "; the service needs the group of the chip's device" : ""
        let names = lines.joined(separator: ", ")
        return GPIOChipError(
            text: "cannot have lines \(names) of \(wiring.chip): \(errorText(number))\(hint)")
    }

    private func offsets(_ lines: [String]) throws(GPIOChipError) -> [UInt32] {
        var offsets: [UInt32] = []
        for line in lines {
            let found = UInt32(line) ?? UInt32(exactly: unsafe gh_gpio_find(handle, line))
            guard let found else {
                throw GPIOChipError(
                    text: "GPIO chip \(wiring.chip) has no line \(line); gpioinfo lists its lines")
            }
            guard !offsets.contains(found) else {
                throw GPIOChipError(text: "line \(line) of \(wiring.chip) is named twice, as number \(found)")
            }
            offsets.append(found)
        }
        return offsets
    }

    private var outputFlags: Int32 {
        let drive: gh_gpio_flag? =
            switch wiring.drive {
            case .pushPull: nil
            case .openDrain: GH_GPIO_OPEN_DRAIN
            case .openSource: GH_GPIO_OPEN_SOURCE
            }
        return Self.flags([wiring.areOutputsActiveLow ? GH_GPIO_ACTIVE_LOW : nil, drive])
    }

    private var inputFlags: Int32 {
        let bias: gh_gpio_flag? =
            switch wiring.bias {
            case .asIs: nil
            case .disabled: GH_GPIO_BIAS_DISABLED
            case .pullUp: GH_GPIO_PULL_UP
            case .pullDown: GH_GPIO_PULL_DOWN
            }
        return Self.flags([wiring.areInputsActiveLow ? GH_GPIO_ACTIVE_LOW : nil, bias])
    }

    private static func flags(_ flags: [gh_gpio_flag?]) -> Int32 {
        flags.reduce(0) { $0 | Int32(bitPattern: $1?.rawValue ?? 0) }
    }

    // MARK: Levels

    package func set(output: Int, _ isActive: Bool) throws(GPIOChipError) {
        guard !isClosed, unsafe gh_gpio_set(handle, UInt32(clamping: output), isActive) == 0 else {
            throw lost("set line \(name(output, of: wiring.outputs))")
        }
    }

    package func outputLevels() throws(GPIOChipError) -> [Bool] {
        try levels(GH_GPIO_OUTPUTS, wiring.outputs)
    }

    package func inputLevels() throws(GPIOChipError) -> [Bool] { try levels(GH_GPIO_INPUTS, wiring.inputs) }

    private func levels(_ bank: gh_gpio_bank, _ lines: [String]) throws(GPIOChipError) -> [Bool] {
        var levels: [Bool] = []
        for index in lines.indices {
            let level = isClosed ? -1 : unsafe gh_gpio_get(handle, bank, UInt32(clamping: index))
            guard level >= 0 else { throw lost("read line \(lines[index])") }
            levels.append(level == 1)
        }
        return levels
    }

    private func name(_ index: Int, of lines: [String]) -> String {
        lines.indices.contains(index) ? lines[index] : "\(index)"
    }

    private func lost(_ what: String) -> GPIOChipError {
        GPIOChipError(text: "cannot \(what) of \(wiring.chip): \(isClosed ? "closed" : errorText(errno))")
    }

    // MARK: Edges

    /// The chip tells of changes; without, its lines have to be looked at.
    package private(set) var hasEdges = false

    /// Edges go to the endpoint from now on, where there are any. Bytes are read by the event loop and not by the library,
    /// which would wait for them.
    package func watch(_ endpoint: any GPIOEndpoint) {
        loop.preconditionInEventLoop()
        self.endpoint = endpoint
        let bound = NIOLoopBound(self, eventLoop: loop)
        for source in 0..<UInt32(Self.most) {
            let descriptor = unsafe gh_gpio_edge_descriptor(handle, source)
            guard descriptor >= 0 else { return }
            hasEdges = true
            NIOPipeBootstrap(group: loop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let handler = GPIOEdgeHandler(chip: bound.value, source: source)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                }
                .takingOwnershipOfDescriptor(input: descriptor)
                .whenComplete { result in bound.value.opened(result, descriptor) }
        }
    }

    private func opened(_ result: Result<any Channel, any Error>, _ descriptor: Int32) {
        switch result {
        case .failure:
            _ = Glibc.close(descriptor)
            ended()
        case .success(let channel) where isClosed: channel.close(promise: nil)
        case .success(let channel): channels.append(channel)
        }
    }

    fileprivate func received(_ bytes: [UInt8], from source: UInt32) {
        guard !isClosed else { return }
        // The least size of an edge is 16 bytes.
        var edges = [gh_gpio_edge](repeating: gh_gpio_edge(), count: bytes.count / 16)
        let count = unsafe gh_gpio_edges(handle, source, bytes, bytes.count, &edges, edges.count)
        endpoint?.changed(edges.prefix(count).map { (Int($0.input), $0.is_active) })
    }

    fileprivate func ended() {
        guard !isClosed else { return }
        endpoint?.edgesEnded()
    }

    /// On the event loop. The lines are free when it returns.
    package func close() {
        loop.preconditionInEventLoop()
        guard !isClosed else { return }
        isClosed = true
        for channel in channels { channel.close(promise: nil) }
        channels = []
        unsafe gh_gpio_close(handle)
    }
}

private final class GPIOEdgeHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let chip: GPIOChip
    private let source: UInt32

    init(chip: GPIOChip, source: UInt32) {
        self.chip = chip
        self.source = source
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        chip.received(Array(unwrapInboundIn(data).readableBytesView), from: source)
    }

    func channelInactive(context: ChannelHandlerContext) { chip.ended() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
