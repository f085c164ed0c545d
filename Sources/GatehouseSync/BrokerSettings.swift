// SPDX-License-Identifier: Apache-2.0

/// Where the broker is and how it knows us.
package struct BrokerSettings: Hashable, Sendable {
    package var host: String
    package var port: Int
    package var usesTLS: Bool
    /// One connection per id: a second gateway of the same name would take this one's.
    package var clientID: String
    package var topic: String
    package var username: String?
    package var password: String?
    /// Files; nil: the system's certificates, no certificate of our own.
    package var authority: String?
    package var certificate: String?
    package var key: String?
    package var keepAlive = 30
    /// Topics that others call us by, subscribed on every connection.
    package var calls: [String] = []

    package init(host: String, port: Int, usesTLS: Bool, clientID: String, topic: String) {
        self.host = host
        self.port = port
        self.usesTLS = usesTLS
        self.clientID = clientID
        self.topic = topic
    }
}
