use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::access::Timestamp;
use crate::error::{Error, Result};

/// Failed tries at one account or client, and from one address, within a quarter of an hour.
const OF_ONE: usize = 5;
const FROM_ONE: usize = 20;
const WINDOW: i64 = 15 * 60;
/// Beyond so many names the oldest are forgotten: memory is bounded, too.
const REMEMBERED: usize = 20_000;

/// Tries to sign in that failed lately. Each instance counts its own.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<HashMap<String, Vec<i64>>>);

/// Where a try comes from, and at whom.
#[derive(Clone, Debug)]
pub struct Attempt {
    names: Vec<(String, usize)>,
}

impl Attempt {
    /// A try at this account or client, from this address if it is known.
    pub fn at(whom: &str, from: Option<IpAddr>) -> Self {
        let from = from.map(|address| (format!("from {}", network(address)), FROM_ONE));
        let whom = (format!("at {whom}"), OF_ONE);
        Self { names: from.into_iter().chain([whom]).collect() }
    }
}

/// One subscriber has a network of version 6 rather than an address.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address.to_string(),
            None => format!("{:x?}", &address.segments()[..4]),
        },
    }
}

impl Attempts {
    /// Counts a try as failed until it is known to be right, so that many at once are counted, too.
    /// `RATE_LIMITED`, the same for accounts that exist and for those that do not.
    pub fn begin(&self, attempt: &Attempt, now: Timestamp) -> Result<()> {
        let now = now.seconds();
        let mut failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, most) in &attempt.names {
            let Some(times) = failed.get_mut(name) else { continue };
            times.retain(|time| *time > now - WINDOW);
            if times.len() >= *most {
                let free = times[times.len() - most] + WINDOW - now;
                return Err(Error::rate_limited(u32::try_from(free.max(1)).unwrap_or(1)));
            }
        }
        if failed.len() >= REMEMBERED {
            failed.retain(|_, times| times.last().is_some_and(|time| *time > now - WINDOW));
        }
        if failed.len() >= REMEMBERED {
            failed.clear();
        }
        for (name, _) in &attempt.names {
            failed.entry(name.clone()).or_default().push(now);
        }
        Ok(())
    }

    /// The try was right: it was none against the address, and the account starts afresh.
    pub fn succeeded(&self, attempt: &Attempt) {
        let mut failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, most) in &attempt.names {
            if *most == OF_ONE {
                failed.remove(name);
            } else if let Some(times) = failed.get_mut(name) {
                times.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000_000);

    fn from(address: &str) -> Option<IpAddr> {
        Some(address.parse().expect("an address"))
    }

    #[test]
    fn one_account_has_five_tries_and_one_address_twenty() {
        let attempts = Attempts::default();
        let one = Attempt::at("a@x.example", from("192.0.2.1"));
        for _ in 0..5 {
            attempts.begin(&one, NOW).expect("a try");
        }
        let refused = attempts.begin(&one, NOW.plus_seconds(60)).expect_err("too many");
        assert_eq!(refused.retry_after(), Some(840));
        for n in 0..15 {
            let other = Attempt::at(&format!("{n}@x.example"), from("192.0.2.1"));
            attempts.begin(&other, NOW).expect("another account");
        }
        let next = Attempt::at("next@x.example", from("192.0.2.1"));
        assert!(attempts.begin(&next, NOW).is_err(), "the address has had its tries");
        let elsewhere = Attempt::at("next@x.example", from("192.0.2.2"));
        attempts.begin(&elsewhere, NOW).expect("another address");
        attempts.begin(&one, NOW.plus_seconds(WINDOW)).expect("it is over");
    }

    #[test]
    fn who_gets_it_right_starts_afresh() {
        let attempts = Attempts::default();
        let one = Attempt::at("a@x.example", from("2001:db8::1"));
        for _ in 0..30 {
            attempts.begin(&one, NOW).expect("a try");
            attempts.succeeded(&one);
        }
    }
}
