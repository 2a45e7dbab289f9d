use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;

/// What the writer counts.
#[derive(Clone, Debug)]
pub struct Meters {
    /// How many changes shared a transaction.
    pub groups: Histogram,
    /// Changes committed.
    pub changes: Counter,
    /// Changes that wait for their turn.
    pub waiting: Gauge,
}

impl Default for Meters {
    fn default() -> Self {
        let groups = Histogram::new([1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0]);
        Self { groups, changes: Counter::default(), waiting: Gauge::default() }
    }
}
