// SPDX-License-Identifier: Apache-2.0

import Foundation
import GatehouseCore
import GatehouseSimulation
import GatehouseTwins
import Testing

/// The guard's page as a guard sees it: the real daemon and page, twins at the wires, Debian's Chromium.
@Suite(.serialized, .enabled(if: Browser.isHere, "chromium is not installed")) struct BoothBrowserTests {
    private static func picture(_ name: String) throws -> [UInt8] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Pictures/\(name).jpg"
        return Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    }

    private func withBrowser(
        prepare: (TwinSite) throws -> Void = { _ in }, _ body: (TwinSite, BoothPage, Browser) throws -> Void
    ) throws {
        try BoothPage.with(prepare: prepare) { site, page in
            try TestSite.importDirectory(site)
            let browser = try Browser(folder: site.folder)
            defer { browser.close() }
            try browser.size(width: 1280, height: 900)
            try browser.go(to: page.address)
            try browser.wait(for: "the login") { "document.querySelector('input[name=password]')" }
            try browser.type(BoothPage.guardName, into: "input[name=name]")
            try browser.type(BoothPage.password, into: "input[name=password]")
            try browser.click("form.login button")
            try browser.wait(for: "the board") { "document.querySelector('#board [data-lane=north]')" }
            try body(site, page, browser)
            // Whatever was done, nothing left the machine.
            let asked = try browser.urls().filter { !$0.hasPrefix("data:") && $0 != "about:blank" }
            #expect(asked.count > 5)
            #expect(asked.filter { !$0.hasPrefix(page.address) } == [])
        }
    }

    /// A car drives up, is read, and through.
    private func pass(
        _ lane: RelayTwin, _ camera: CameraTwin, _ plate: String, picture: String, _ site: TwinSite
    ) throws {
        let before = try site.records().count(where: \.isPassage)
        let car = lane.with { $0.arrive(stop: 150) }
        try waiting(for: "the car at the line", within: .seconds(10)) {
            lane.with { $0.loops.isOn("P") } ? true : nil
        }
        var sight = PlateCameraModel.Sight(plate: plate)
        sight.overview = try Self.picture(picture)
        camera.send(sight)
        try waiting(for: "the arm to be up", within: .seconds(10)) {
            lane.with { $0.barrier.isUp } ? true : nil
        }
        lane.with { $0.drive(car) }
        try waiting(for: "the passage on record", within: .seconds(15)) { () -> Bool? in
            try site.records().count(where: \.isPassage) > before ? true : nil
        }
    }

    private static func isLoaded(_ image: String) -> String {
        "[...document.querySelectorAll('\(image)')].length > 0 && "
            + "[...document.querySelectorAll('\(image)')].every((i) => i.complete && i.naturalWidth > 0)"
    }

    @Test func `a lane goes live, the entry stands beside the exit, and a double click opens once`() throws {
        try withBrowser { site, _, browser in
            #expect(try browser.text("header").contains(BoothPage.guardName))
            #expect(try browser.value("document.querySelectorAll('script').length") as? Int == 1)

            try pass(site.north, site.northCamera, "沪A12345", picture: "entry", site)
            try browser.wait(for: "the passage on the page") {
                "document.querySelector('.passages')?.innerText.includes('沪A12345')"
            }
            try browser.wait(for: "one place less") {
                "document.querySelector('.area .number').innerText === '19'"
            }
            // A plate that nobody has, as a camera may send it, is text or nothing.
            site.northCamera.send(PlateCameraModel.Sight(plate: "<img src=x onerror=alert(1)>"))

            try pass(site.south, site.southCamera, "沪A12345", picture: "exit", site)
            try browser.wait(for: "entry beside exit in the list") {
                "document.querySelectorAll('.passages li:first-child .thumbs img').length === 2"
            }
            try browser.wait(for: "both pictures at the exit", within: .seconds(30)) {
                "document.querySelectorAll('[data-lane=south] .pair img').length === 2 && "
                    + Self.isLoaded("[data-lane=south] .pair img")
            }
            try browser.wait(for: "all small ones") { Self.isLoaded(".thumbs img") }
            #expect(try browser.value("document.querySelector('img[src=x]') === null") as? Bool == true)

            // A stranger waits at the exit: why, and what may be done about it.
            _ = site.south.with { $0.arrive(stop: 150) }
            try waiting(for: "the car at the line", within: .seconds(15)) {
                site.south.with { $0.loops.isOn("P") } ? true : nil
            }
            var stranger = PlateCameraModel.Sight(plate: "京B99999")
            stranger.overview = try Self.picture("exit")
            site.southCamera.send(stranger)
            try browser.wait(for: "the stranger on the page") {
                "document.querySelector('[data-lane=south] .plate').innerText.includes('京B99999')"
            }

            try waiting(for: "the arm to be down", within: .seconds(15)) {
                site.north.with { $0.barrier.isDown } ? true : nil
            }
            let openings = site.north.with { $0.openClosings.count }
            _ = try browser.value(
                """
                (() => { const s = document.querySelector('[data-lane=north] form.order select[name=reason]');
                  s.value = 'VISITOR_VERIFIED'; s.dispatchEvent(new Event('change', {bubbles: true})); })()
                """)
            try browser.click("[data-lane=north] button[value=open]", times: 2)
            try browser.wait(for: "the answer") {
                "document.querySelector('#said').innerText.includes('done, record')"
            }
            try waiting(for: "the relay", within: .seconds(5)) {
                site.north.with { $0.openClosings.count } > openings ? true : nil
            }
            // Later than a second press would come.
            try browser.wait(for: "the form to be free again") {
                "!document.querySelector('[data-lane=north] form[data-sent]')"
            }
            let orders = try site.records().filter { $0.kind == "manualOpen" }
            #expect(orders.count == 1 && site.north.with { $0.openClosings.count } == openings + 1)
            #expect(try orders.first?.data.objectIfPresent("by")?.text("name") == BoothPage.guardName)

            for (name, width, isPhone) in [("booth-desktop", 1280, false), ("booth-phone", 390, true)] {
                try browser.size(width: width, height: 844, isPhone: isPhone)
                try browser.wait(for: "the layout") { "window.innerWidth === \(width)" }
                let overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                #expect(try browser.value(overflow) as? Int == 0, "\(name)")
                try browser.shoot(name)
            }
            let low =
                "[...document.querySelectorAll('form.order button')].filter((b) => b.offsetParent && b.offsetHeight < 44).length"
            #expect(try browser.value(low) as? Int == 0)
        }
    }

    /// It charges 5 yuan a stay, in cash.
    private static func charge(_ site: TwinSite) throws {
        let file = TextFile("\(site.folder)/tariff.yaml")
        try file.write(ChargingSite.tariff)
        let charging = "charging: {tariffs: [{file: \(file.path)}]}\n"
        try site.siteFile.write(site.siteText + "\nbooth: {}\n" + charging)
    }

    private func record(_ kind: String, _ site: TwinSite) throws -> Fields {
        try waiting(for: "\(kind) on record", within: .seconds(10)) { () -> Fields? in
            try site.records().last { $0.kind == kind }?.data
        }
    }

    @Test
    func `whoever waits to pay is shown with its lines, pays cash, goes, and the drawer is handed over`()
        throws
    {
        try withBrowser(prepare: Self.charge) { site, _, browser in
            let imported = try site.gatehouse("stay", "import", "main", "沪B12345", "--reason", "READ_ERROR")
            #expect(imported.isSuccess, "\(imported.errors)")
            try browser.wait(for: "the drawer") { "document.querySelector('button[value=open_shift]')" }
            try browser.click("button[value=open_shift]")
            #expect(try record("shiftOpened", site).object("by").text("name") == BoothPage.guardName)

            let car = site.south.with { $0.arrive(stop: 150) }
            try waiting(for: "the car at the line", within: .seconds(15)) {
                site.south.with { $0.loops.isOn("P") } ? true : nil
            }
            var sight = PlateCameraModel.Sight(plate: "沪B12345")
            sight.overview = try Self.picture("exit")
            site.southCamera.send(sight)
            let charge = "document.querySelector('[data-lane=south] section.charge')"
            try browser.wait(for: "the charge") { "\(charge)?.innerText.includes('应付 5.00元')" }
            #expect(try browser.text("[data-lane=south] section.charge").contains("1个计时单位 × 5.00元"))
            #expect(site.south.with { $0.barrier.isDown })
            #expect(
                try browser.value("\(charge).querySelector('input[name=amount]').value") as? String == "5.00")
            try browser.shoot("booth-charge")

            try browser.click("[data-lane=south] button[value=cash]")
            try waiting(for: "the arm to be up", within: .seconds(10)) {
                site.south.with { $0.barrier.isUp } ? true : nil
            }
            let paid = try record("paymentSettled", site)
            #expect(paid.number("amount") == 500 && paid.text("way") == "cash")
            #expect(try paid.object("by").text("name") == BoothPage.guardName)
            site.south.with { $0.drive(car) }
            #expect(try record("stayCharged", site).text("outcome") == "paid")
            try browser.wait(for: "the charge to be gone") { "!\(charge)" }
            try browser.wait(for: "the cash in the drawer") {
                "document.querySelector('.beside').innerText.includes('5.00元')"
            }

            let form = "form:has(button[value=close_shift])"
            try browser.click("details:has(button[value=close_shift]) summary")
            try browser.wait(for: "the form") {
                "document.querySelector('\(form) input[name=amount]').offsetParent"
            }
            try browser.type("4.50", into: "\(form) input[name=amount]")
            try browser.click("\(form) button")
            try browser.wait(for: "the difference") {
                "document.querySelector('#said').innerText.includes('difference -0.50')"
            }
            let count = try record("shiftClosed", site)
            #expect(count.number("expected") == 500 && count.number("difference") == -50)
            try browser.wait(for: "no drawer") { "document.querySelector('button[value=open_shift]')" }
        }
    }

    @Test func `a silent gateway is seen at once, its buttons are dead, and it comes back`() throws {
        try withBrowser { site, _, browser in
            try browser.wait(for: "a live page") {
                "document.querySelector('#silence').hidden && !document.querySelector('#board').inert"
            }
            // Stopped, not ended: its socket still takes connections.
            site.signalDaemon(SIGSTOP)
            defer { site.signalDaemon(SIGCONT) }
            try browser.wait(for: "the warning") {
                "!document.querySelector('#silence').hidden && document.querySelector('#board').inert"
            }
            #expect(try browser.text("#silence").contains("No word from the gateway"))
            #expect(
                try browser.value("document.querySelector('#board').classList.contains('stale')") as? Bool
                    == true)
            site.signalDaemon(SIGCONT)
            try browser.wait(for: "the page to live again") {
                "document.querySelector('#silence').hidden && !document.querySelector('#board').inert"
            }
        }
    }

    @Test func `stays are found and repaired on their page, and the guard logs out`() throws {
        try withBrowser { site, page, browser in
            let imported = try site.gatehouse(
                "stay", "import", "main", "沪B12345", "--reason", "TEST")
            #expect(imported.isSuccess, "\(imported.errors)")
            try browser.go(to: page.address + "stays?q=b123")
            #expect(try browser.text("ol.stays").contains("沪B12345"))
            try browser.click("ol.stays summary")
            try browser.type("沪B12346", into: "ol.stays input[name=plate]")
            try browser.click("ol.stays form.order button.primary")
            try browser.wait(for: "the correction on record") { "document.querySelector('#said, ol.stays')" }
            try waiting(for: "the record", within: .seconds(10)) { () -> Bool? in
                try site.records().contains { $0.kind == "stayCorrected" } ? true : nil
            }
            try browser.go(to: page.address + "stays")
            #expect(try browser.text("ol.stays").contains("沪B12346"))
            try browser.size(width: 390, height: 844, isPhone: true)
            try browser.wait(for: "the layout") { "document.documentElement.scrollWidth === 390" }
            try browser.click("form.who button")
            try browser.wait(for: "the login") { "document.querySelector('input[name=password]')" }
            try browser.go(to: page.address)
            #expect(try browser.value("location.pathname") as? String == "/login")
        }
    }
}
