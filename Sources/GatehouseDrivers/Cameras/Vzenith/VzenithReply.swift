// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import GatehouseCore

/// What a camera reads in the answer to its push (`lpr-cameras.md` §3.2, §3.3, §3.6).
package struct VzenithReply: Hashable, Sendable {
    /// Bytes for a serial port of the camera; 0 is the first RS-485 port.
    package struct Frame: Hashable, Sendable {
        package var port: Int
        package var bytes: [UInt8]

        package init(port: Int, bytes: [UInt8]) {
            self.port = port
            self.bytes = bytes
        }
    }

    /// The output that is pulsed, 0 the first; nil: the gate stays as it is.
    package var opens: Int?
    package var plateID: Int64?
    package var serial: [Frame]
    /// The record was stored while the camera was offline: the next one may come.
    package var continuesOffline: Bool

    package init(
        opens: Int? = nil, plateID: Int64? = nil, serial: [Frame] = [], continuesOffline: Bool = false
    ) {
        self.opens = opens
        self.plateID = plateID
        self.serial = serial
        self.continuesOffline = continuesOffline
    }

    /// `content` is read by copies of the camera, which re-send without it; no other minds it.
    package var plate: [UInt8] {
        response("Response_AlarmInfoPlate") { response in
            response.put("info", opens == nil ? "no" : "ok")
            response.put("channelNum", ifPresent: opens)
            response.put("content", "retransfer_stop")
            if opens != nil { response.put("is_pay", "true") }
            response.put("plateid", ifPresent: plateID)
            putSerial(&response)
            guard continuesOffline, let plateID else { return }
            let next = FieldWriter.object { next in
                next.put("plateid", plateID)
                next.put("continue", 1)
            }
            response.put("ContinuePushOffline", json: next)
        }
    }

    package var serialData: [UInt8] {
        response("Response_SerialData") { response in
            response.put("info", "ok")
            putSerial(&response)
        }
    }

    /// Of the heartbeat of copies. It opens nothing: nobody documents that it could.
    package var heartbeat: [UInt8] {
        response("Response_Heartbeat") { response in
            response.put("info", "no")
            putSerial(&response)
            response.put("snapnow", "no")
        }
    }

    private func response(_ name: String, _ write: (inout FieldWriter) -> Void) -> [UInt8] {
        FieldWriter.object { $0.put(name, object: write) }
    }

    /// The device sends `dataLen` bytes: it is the count before base64.
    private func putSerial(_ response: inout FieldWriter) {
        response.put("serialData", objects: serial) { frame, writer in
            writer.put("serialChannel", frame.port)
            writer.put("data", Data(frame.bytes).base64EncodedString())
            writer.put("dataLen", frame.bytes.count)
        }
    }
}
