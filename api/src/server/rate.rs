//! How many requests one caller may send: a bucket for each address, and for each account.
//!
//! A token is known only after it was verified, so the first request with it is counted for its
//! address; forged ones never leave that bucket.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, MutexGuard, PoisonError};

use actix_web::dev::ServiceRequest;
use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::access::{Access, Actor, Timestamp};
use crate::wire::Limits;

const WINDOW: i64 = 60;
/// More callers than this at once, and those who have not been here for a while are forgotten.
const CALLERS: usize = 50_000;

type Token = [u8; 32];

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Caller {
    Address(IpAddr),
    Account(Uuid),
    Token(Token),
}

/// What is left of a caller's requests, in millionths.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: i64,
    at: Timestamp,
}

#[derive(Default)]
struct Known {
    buckets: HashMap<Caller, Bucket>,
    verified: HashMap<Token, Caller>,
}

/// The buckets of all callers.
pub struct Rate {
    anonymous: u32,
    signed_in: u32,
    /// How many proxies before this service tell whom they speak for.
    proxies: usize,
    known: Mutex<Known>,
}

/// What one request took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge {
    policy: &'static str,
    most: u32,
    left: u32,
    /// Seconds until all of it is there again.
    full_in: i64,
    /// Seconds until one is there again, where there is none now.
    pub refused: Option<i64>,
}

impl Rate {
    /// Buckets of these sizes.
    pub fn new(limits: &Limits, proxies: usize) -> Self {
        let Limits { anonymous_per_minute, signed_in_per_minute, .. } = *limits;
        let (anonymous, signed_in) = (anonymous_per_minute, signed_in_per_minute);
        Self { anonymous, signed_in, proxies, known: Mutex::default() }
    }

    /// Counts a request, if it is one that counts.
    pub fn charge(&self, request: &ServiceRequest, now: Timestamp) -> Option<Charge> {
        let counted = ["/api/", "/graphql", "/oauth/"];
        if !counted.iter().any(|prefix| request.path().starts_with(prefix)) {
            return None;
        }
        let token = shown(request.headers());
        let address = self.address(request);
        let mut known = self.known();
        let caller = token.and_then(|token| known.verified.get(&token).copied());
        let (policy, most) = match caller {
            Some(_) => ("signed-in", self.signed_in),
            None => ("anonymous", self.anonymous),
        };
        known.forget(now);
        (most > 0)
            .then(|| known.take(caller.unwrap_or(Caller::Address(address)), most, now))
            .map(|charge| Charge { policy, ..charge })
    }

    /// Remembers whom a token was verified for, or that it is good no more.
    pub fn learn(&self, headers: Option<Token>, access: Option<&Access>, status: u16) {
        let Some(token) = headers else { return };
        let mut known = self.known();
        match access.map(Access::actor) {
            Some(Actor::Public) | None if status == 401 => drop(known.verified.remove(&token)),
            Some(Actor::Public) | None => {}
            Some(actor) => {
                let caller = actor.account().map_or(Caller::Token(token), Caller::Account);
                known.verified.insert(token, caller);
            }
        }
    }

    /// Whom a request comes from: the nearest address that no proxy of ours speaks for. A network
    /// hands out whole /64 blocks of IPv6.
    fn address(&self, request: &ServiceRequest) -> IpAddr {
        let peer = request.peer_addr().map_or(IpAddr::V6(Ipv6Addr::UNSPECIFIED), |peer| peer.ip());
        let told = request.headers().get_all("x-forwarded-for");
        let told: Vec<&str> =
            told.filter_map(|value| value.to_str().ok()).flat_map(|text| text.split(',')).collect();
        let behind = self.proxies.checked_sub(1).and_then(|n| told.iter().rev().nth(n));
        match behind.and_then(|text| text.trim().parse().ok()).unwrap_or(peer) {
            IpAddr::V6(six) => match six.to_ipv4_mapped() {
                Some(four) => IpAddr::V4(four),
                None => IpAddr::V6((u128::from(six) >> 64 << 64).into()),
            },
            four => four,
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn take(&mut self, caller: Caller, most: u32, now: Timestamp) -> Charge {
        let full = i64::from(most) * 1_000_000;
        let bucket = self.buckets.entry(caller).or_insert(Bucket { left: full, at: now });
        let passed = (now.0 - bucket.at.0).clamp(0, WINDOW * 1_000_000);
        bucket.left = full.min(bucket.left + passed * i64::from(most) / WINDOW);
        bucket.at = bucket.at.max(now);
        let a_second = i64::from(most) * 1_000_000 / WINDOW;
        let in_seconds = |missing: i64| (missing + a_second - 1).div_euclid(a_second.max(1)).max(1);
        let refused = (bucket.left < 1_000_000).then(|| in_seconds(1_000_000 - bucket.left));
        if refused.is_none() {
            bucket.left -= 1_000_000;
        }
        let left = u32::try_from(bucket.left / 1_000_000).unwrap_or(most);
        Charge { policy: "", most, left, full_in: in_seconds(full - bucket.left), refused }
    }

    /// A bucket that nobody took from for a minute is full, and need not be kept.
    fn forget(&mut self, now: Timestamp) {
        if self.buckets.len() > CALLERS {
            self.buckets.retain(|_, bucket| now.0 - bucket.at.0 < WINDOW * 1_000_000);
        }
        if self.verified.len() > CALLERS {
            self.verified.clear();
        }
    }
}

impl Charge {
    /// Tells the caller where they stand.
    pub fn tell(&self, headers: &mut HeaderMap) {
        let Self { policy, most, left, full_in, refused } = self;
        let mut set = |name: HeaderName, text: String| {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(name, value);
            }
        };
        let policies = format!("\"{policy}\";q={most};w={WINDOW}");
        set(HeaderName::from_static("ratelimit-policy"), policies);
        let state = format!("\"{policy}\";r={left};t={full_in}");
        set(HeaderName::from_static("ratelimit"), state);
        if let Some(seconds) = refused {
            set(RETRY_AFTER, seconds.to_string());
        }
    }
}

/// What stands for the token that a request shows.
pub fn shown(headers: &HeaderMap) -> Option<Token> {
    headers.get(AUTHORIZATION).map(|value| Sha256::digest(value.as_bytes()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_empties_and_fills_again() {
        let mut known = Known::default();
        let (caller, now) = (Caller::Account(Uuid::nil()), Timestamp(1_000_000_000));
        for left in (0..3).rev() {
            let charge = known.take(caller, 3, now);
            assert_eq!((charge.left, charge.refused), (left, None));
        }
        assert_eq!(known.take(caller, 3, now).refused, Some(20));
        assert_eq!(known.take(caller, 3, now.plus_seconds(19)).refused, Some(1));
        assert_eq!(known.take(caller, 3, now.plus_seconds(20)).refused, None);
        assert_eq!(known.take(caller, 3, now.plus_seconds(19)).refused, Some(20), "a clock back");
        let other = known.take(Caller::Account(Uuid::max()), 3, now);
        assert_eq!((other.left, other.full_in), (2, 20), "everybody has their own");
        assert_eq!(known.take(caller, 3, now.plus_seconds(600)).left, 2, "never more than full");
    }
}
