/// A call as it stands at one moment, apart from how a version of 3CX shows it.
struct SceneCall: Equatable, Sendable {
    enum Phase: Equatable, Sendable {
        case inboundRinging
        case inboundTalking
        case outboundDialing
        case outboundTalking
        /// In the queue 816, where music plays.
        case queueWaiting
        /// In the queue, and the agent rings.
        case queueRinging
        case queueTalking
        /// Between `agent` and 103.
        case internalTalking
    }

    var id: Int64
    var phase: Phase
    var number = "+493023125001"
    var agent = "101"

    init(_ id: Int64, _ phase: Phase, number: String = "+493023125001", agent: String = "101") {
        self.id = id
        self.phase = phase
        self.number = number
        self.agent = agent
    }
}
