// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import GatehouseBooth

@Suite struct MetricsTests {
    @Test func `families have types, units and suffixes, and the text has an end`() {
        var metrics = OpenMetrics()
        metrics.family("a_bytes", .gauge, unit: "bytes", help: "Size.", [.init(3)])
        metrics.family("b", .counter, help: "Say \"so\"\nand \\.", [.init(1, ("lane", "n\"o\\r\nth"))])
        metrics.family("c", .info, help: "What.", [.init(1, ("version", "1"))])
        metrics.family("d", .gauge, help: "Nothing.", [])
        #expect(
            metrics.whole == #"""
                # TYPE a_bytes gauge
                # UNIT a_bytes bytes
                # HELP a_bytes Size.
                a_bytes 3
                # TYPE b counter
                # HELP b Say \"so\"\nand \\.
                b_total{lane="n\"o\\r\nth"} 1
                # TYPE c info
                # HELP c What.
                c_info{version="1"} 1
                # EOF

                """#)
    }

    @Test func `a gateway that does not answer is down and nothing else`() {
        let text = GatewayMetrics.text(nil, sessions: 2)
        #expect(text.contains("\ngatehouse_up 0\n") && text.hasSuffix("# EOF\n"))
        #expect(!text.contains("gatehouse_lane"))
    }
}
