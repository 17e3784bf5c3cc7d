import Ports

extension String {
    /// The beginning of a text from outside, fit for one line of a message.
    var excerpt: String {
        (count > 40 ? prefix(40) + "…" : self).withoutControlCharacters
    }
}
