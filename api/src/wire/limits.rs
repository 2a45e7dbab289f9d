/// What one request may have. All of it can be configured; `service.limits` shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest GraphQL document, in bytes.
    pub document_bytes: usize,
    /// The most tokens of a document.
    pub tokens: usize,
    /// The deepest a document may select.
    pub depth: usize,
    /// The most fields of an answer, as far as they can be foreseen.
    pub cost: u64,
    /// The most aliases of a document.
    pub aliases: usize,
    /// The most directives of a document.
    pub directives: usize,
    /// The largest body, in bytes.
    pub body_bytes: usize,
    /// The largest document that can be handed in, in bytes.
    pub file_bytes: u64,
    /// How long an answer may take, in seconds.
    pub seconds: u32,
    /// How many requests an address may send a minute without signing in; 0 is no limit.
    pub anonymous_per_minute: u32,
    /// How many an account may send a minute; 0 is no limit.
    pub signed_in_per_minute: u32,
}

impl Limits {
    /// The longest address, in bytes.
    pub const ADDRESS_BYTES: usize = 60 * 1024;
    /// All headers together, in bytes.
    pub const HEADER_BYTES: usize = 32 * 1024;
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes: 64 * 1024,
            tokens: 5_000,
            depth: 20,
            cost: 20_000,
            aliases: 50,
            directives: 50,
            body_bytes: 1024 * 1024,
            file_bytes: 50 * 1024 * 1024,
            seconds: 10,
            anonymous_per_minute: 3_000,
            signed_in_per_minute: 6_000,
        }
    }
}
