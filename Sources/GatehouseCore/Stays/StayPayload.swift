// SPDX-License-Identifier: Apache-2.0

extension StayHolder: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("class", vehicleClass.rawValue)
        fields.put("permit", ifPresent: permit)
        fields.put("household", ifPresent: household)
    }

    package init(from fields: Fields) throws(FieldError) {
        vehicleClass = try fields.word("class", as: VehicleClass.self)
        permit = try fields.integerIfPresent("permit")
        household = try fields.integerIfPresent("household")
    }
}

extension StayOpening: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("area", area)
        fields.put("lane", ifPresent: lane)
        fields.put("plate", ifPresent: plate?.text)
        if let reading { fields.put("reading", object: reading.write) }
        holder.write(to: &fields)
        fields.put("recognised_at", recognisedAt.milliseconds)
        fields.put("passed_at", passedAt.milliseconds)
        fields.put("flags", ifAny: flags)
        fields.put(clock)
        fields.put("at_exit", ifTrue: isAtExit)
    }

    package init(from fields: Fields) throws(FieldError) {
        area = try fields.string("area")
        lane = try fields.stringIfPresent("lane")
        plate = try fields.plateIfPresent("plate", allowingWildcards: true)
        reading = try fields.readingIfPresent("reading")
        holder = try StayHolder(from: fields)
        recognisedAt = try fields.wallTime("recognised_at")
        passedAt = try fields.wallTime("passed_at")
        flags = try fields.strings("flags")
        clock = try fields.clockStamp()
        isAtExit = try fields.bool("at_exit")
    }
}

extension Stay.Exit: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("lane", ifPresent: lane)
        fields.put("recognised_at", recognisedAt.milliseconds)
        fields.put("passed_at", passedAt.milliseconds)
        if let reading { fields.put("reading", object: reading.write) }
        fields.put(clock)
    }

    package init(from fields: Fields) throws(FieldError) {
        lane = try fields.stringIfPresent("lane")
        recognisedAt = try fields.wallTime("recognised_at")
        passedAt = try fields.wallTime("passed_at")
        reading = try fields.readingIfPresent("reading")
        clock = try fields.clockStamp()
    }
}

extension Stay.Correction: Payload {
    package func write(to fields: inout FieldWriter) {
        by.write(to: &fields, reason: reason)
        fields.put("before", object: before.write)
        fields.put("after", object: after.write)
    }

    package init(from fields: Fields) throws(FieldError) {
        by = try fields.byOperator()
        reason = try fields.string("reason")
        before = try PlateReading(from: fields.object("before"))
        after = try PlateReading(from: fields.object("after"))
    }
}

extension Stay: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("id", id.number)
        fields.put("state", state.rawValue)
        fields.put("plate", ifPresent: plate?.text)
        holder.write(to: &fields)
        fields.put("flags", ifAny: flags)
        fields.put("opening", object: opening.write)
        if let exit { fields.put("exit", object: exit.write) }
        if !corrections.isEmpty { fields.put("corrections", objects: corrections) { $0.write(to: &$1) } }
    }

    package init(from fields: Fields) throws(FieldError) {
        self.init(
            id: StayID(try fields.integer("id")), opening: try StayOpening(from: fields.object("opening")))
        state = try fields.word("state", as: State.self)
        plate = try fields.plateIfPresent("plate", allowingWildcards: true)
        holder = try StayHolder(from: fields)
        flags = try fields.strings("flags")
        exit = try fields.exitIfPresent("exit")
        for correction in try fields.objects("corrections") {
            corrections.append(try Correction(from: correction))
        }
    }
}

extension UnmatchedExit: Payload {
    package func write(to fields: inout FieldWriter) {
        fields.put("area", area)
        fields.put("plate", ifPresent: plate?.text)
        exit.write(to: &fields)
        fields.put("flags", ifAny: flags)
    }

    package init(from fields: Fields) throws(FieldError) {
        area = try fields.string("area")
        plate = try fields.plateIfPresent("plate", allowingWildcards: true)
        exit = try Stay.Exit(from: fields)
        flags = try fields.strings("flags")
    }
}

extension Operator {
    /// Flat, beside what was done.
    func write(to fields: inout FieldWriter, reason: String) {
        fields.put("channel", channel)
        fields.put("operator", name)
        fields.put("reason", reason)
    }
}

extension Fields {
    func byOperator() throws(FieldError) -> Operator {
        Operator(channel: try string("channel"), name: try string("operator"))
    }

    func readingIfPresent(_ key: String) throws(FieldError) -> PlateReading? {
        guard let object = try objectIfPresent(key) else { return nil }
        return try PlateReading(from: object)
    }

    func exitIfPresent(_ key: String) throws(FieldError) -> Stay.Exit? {
        guard let object = try objectIfPresent(key) else { return nil }
        return try Stay.Exit(from: object)
    }
}
