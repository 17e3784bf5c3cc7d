import Hummingbird
import NIOCore

/// A request with the connection that it came on, which ends if its reader stops to read.
struct StatusRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
