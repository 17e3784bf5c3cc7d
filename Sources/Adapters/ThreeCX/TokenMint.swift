import Ports

/// One way to get a token of a 3CX v20. Asked by its `TokenOwner` alone, and once at a time.
protocol TokenMint: Sendable {
    /// `afterRefusal`: the PBX has refused the token before its time, so that nothing which came with it is worth anything.
    func mint(afterRefusal: Bool) async throws(LookFailure) -> AccessToken

    /// What to say when somebody else's tokens end ours: what happens, and what to do.
    var contest: (what: String, remedy: String) { get }
}
