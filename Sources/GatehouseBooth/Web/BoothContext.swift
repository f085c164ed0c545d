// SPDX-License-Identifier: Apache-2.0

internal import Hummingbird
internal import NIOCore

/// What is known of a request besides its own words.
struct BoothContext: RequestContext, RemoteAddressRequestContext {
    var coreContext: CoreRequestContextStorage
    let remoteAddress: SocketAddress?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        remoteAddress = source.channel.remoteAddress
    }

    var address: String { remoteAddress?.ipAddress ?? "" }
    var isOfThisMachine: Bool { address.hasPrefix("127.") || address == "::1" }
}
