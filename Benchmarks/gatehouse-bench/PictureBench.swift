// SPDX-License-Identifier: Apache-2.0

import Dispatch
import GatehouseDrivers
import GatehouseStore
import GatehouseTransport
import Glibc
import NIOCore
import NIOPosix

/// Receives plates with pictures and stores those by the daemon's own listener, decoder and store, on the two threads
/// that it has for them. A push is answered when its picture is stored. Without the engine: a camera's plates are held
/// to ten a second, and its answer waits for a commit that others share.
struct PictureBench {
    let port: Int
    let folder: String

    func run() async throws {
        let store = PictureStore(folder, maximumBytes: 1 << 40)
        let queue = DispatchQueue(label: "pictures", qos: .utility)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let service = PushService(
            admit: { _ in nil },
            receive: { request, reply in
                let body = request.body
                guard
                    case .plate(let plate)? = try? HikvisionPlateWire.decode(
                        contentType: request.contentType, body: body
                    ).content
                else { return reply(PushReply(status: 400)) }
                queue.async {
                    do {
                        for picture in plate.pictures { _ = try store.put(body[picture]) }
                        reply(PushReply(status: 200))
                    } catch { reply(PushReply(status: 503)) }
                }
            })
        let listener = try await HTTPPushListener.bind(
            host: "127.0.0.1", port: port, loop: group.next(), service: service)
        GatehouseBench.say("ready")
        while readLine() != nil {}
        await listener.close()
        try await group.shutdownGracefully()
    }
}
