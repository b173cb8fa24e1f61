//! How often something is tried, and how long in between. kube's own retries are off: they repeat
//! a POST, and do not know what was sent.

use std::time::Duration;

/// How often one thing is tried in all.
const TRIES: u32 = 5;
const FIRST: Duration = Duration::from_millis(100);
/// The longest that a server's `Retry-After` is waited for.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(30);

/// The tries of one thing.
pub(super) struct Tries {
    left: u32,
    pause: Duration,
    jitter: u64,
}

impl Tries {
    /// `seed` is any number: callers with different ones do not come back at the same moment.
    pub(super) fn new(seed: u64) -> Self {
        Self { left: TRIES - 1, pause: FIRST, jitter: seed | 1 }
    }

    /// Waits for the next try; `false` where there is none.
    pub(super) async fn another(&mut self, retry_after: Option<Duration>) -> bool {
        match self.next_pause(retry_after) {
            None => false,
            Some(pause) => {
                tokio::time::sleep(pause).await;
                true
            }
        }
    }

    /// Between half of the pause and all of it, the pause doubling; what the server asks for comes
    /// first, unless it is too long to wait.
    fn next_pause(&mut self, retry_after: Option<Duration>) -> Option<Duration> {
        self.left = self.left.checked_sub(1)?;
        if retry_after.is_some_and(|asked| asked > RETRY_AFTER_MAX) {
            return None;
        }
        // xorshift: no randomness that anything rests on.
        self.jitter ^= self.jitter << 13;
        self.jitter ^= self.jitter >> 7;
        self.jitter ^= self.jitter << 17;
        let half = self.pause / 2;
        let part = u32::try_from(self.jitter % 1000).unwrap_or(0);
        let pause = half + half * part / 1000;
        self.pause *= 2;
        Some(retry_after.map_or(pause, |asked| asked + pause))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_bounded_and_grow() {
        let mut tries = Tries::new(7);
        let mut total = Duration::ZERO;
        for double in [1, 2, 4, 8] {
            let pause = tries.next_pause(None).unwrap();
            assert!(pause >= FIRST * double / 2 && pause < FIRST * double, "{pause:?}");
            total += pause;
        }
        assert_eq!(tries.next_pause(None), None);
        assert!(total < Duration::from_secs(2));
    }

    #[test]
    fn a_server_is_waited_for_but_not_for_long() {
        let second = Duration::from_secs(1);
        assert!(Tries::new(1).next_pause(Some(second)).unwrap() >= second);
        assert_eq!(Tries::new(1).next_pause(Some(second * 3600)), None);
    }
}
