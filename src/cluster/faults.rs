//! How often something is tried, and how long in between. kube's own retries are off: they repeat
//! a POST, and do not know what was sent.

use std::time::Duration;

use tokio::time::sleep;

use super::progress::Progress;
use super::trouble::Trouble;

/// How often one thing is tried in all.
const TRIES: u32 = 5;
const FIRST: Duration = Duration::from_millis(100);
/// The longest that a server's `Retry-After` is waited for.
const RETRY_AFTER_MAX: Duration = Duration::from_secs(30);
/// How often a request is sent again after 429 (client-go's `maxRetries`).
const RESENDS: u32 = 10;

/// The tries of one thing.
pub(super) struct Tries<'a> {
    left: u32,
    pause: Duration,
    jitter: u64,
    resends: u32,
    /// How long the server has been waited for, and the longest that it may be.
    waited: Duration,
    patience: Option<Duration>,
    progress: Option<&'a Progress>,
}

impl<'a> Tries<'a> {
    /// `seed` is any number: callers with different ones do not come back at the same moment.
    pub(super) fn new(seed: u64) -> Self {
        Self {
            left: TRIES - 1,
            pause: FIRST,
            jitter: seed | 1,
            resends: 0,
            waited: Duration::ZERO,
            patience: None,
            progress: None,
        }
    }

    /// Ends waits that a server asks for when they take longer than this.
    pub(super) fn within(self, patience: Option<Duration>) -> Self {
        Self { patience, ..self }
    }

    /// Ends waits that a server asks for when the user interrupts.
    pub(super) fn interruptible(self, progress: &'a Progress) -> Self {
        Self { progress: Some(progress), ..self }
    }

    /// Waits for the next try; `false` if there is none.
    pub(super) async fn another(&mut self, retry_after: Option<Duration>) -> bool {
        match self.next_pause(retry_after) {
            None => false,
            Some(pause) => {
                sleep(pause).await;
                true
            }
        }
    }

    /// Waits until a request that was answered with 429 may be sent again, or says why it is not.
    pub(super) async fn hold_off(&mut self, retry_after: Option<Duration>) -> Result<(), Trouble> {
        let pause = self
            .next_wait(retry_after)
            .ok_or(Trouble::Busy { retry_after, resends: self.resends })?;
        self.resends += 1;
        match self.progress {
            None => sleep(pause).await,
            Some(progress) if progress.is_interrupted_within(pause).await => {
                return Err(Trouble::Interrupted);
            }
            Some(_) => {}
        }
        Ok(())
    }

    fn next_wait(&mut self, retry_after: Option<Duration>) -> Option<Duration> {
        let Some(asked) = retry_after else { return self.next_pause(None) };
        let waited = self.waited.saturating_add(asked);
        let is_too_long = |wait: &Duration| {
            *wait > RETRY_AFTER_MAX || self.patience.is_some_and(|patience| waited > patience)
        };
        if self.resends >= RESENDS || is_too_long(&asked) {
            return None;
        }
        self.waited = waited;
        Some(asked + self.part_of(FIRST))
    }

    /// Between half of the pause and all of it, the pause doubling; what the server asks for comes
    /// first, unless it is too long to wait.
    fn next_pause(&mut self, retry_after: Option<Duration>) -> Option<Duration> {
        self.left = self.left.checked_sub(1)?;
        if retry_after.is_some_and(|asked| asked > RETRY_AFTER_MAX) {
            return None;
        }
        let pause = self.part_of(self.pause);
        self.pause *= 2;
        Some(retry_after.map_or(pause, |asked| asked + pause))
    }

    fn part_of(&mut self, pause: Duration) -> Duration {
        // xorshift: no randomness that anything rests on.
        self.jitter ^= self.jitter << 13;
        self.jitter ^= self.jitter >> 7;
        self.jitter ^= self.jitter << 17;
        let half = pause / 2;
        let part = u32::try_from(self.jitter % 1000).unwrap_or(0);
        half + half * part / 1000
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

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
        assert!(Tries::new(1).next_pause(Some(SECOND)).unwrap() >= SECOND);
        assert_eq!(Tries::new(1).next_pause(Some(SECOND * 3600)), None);
    }

    #[test]
    fn a_busy_server_is_waited_for_within_bounds() {
        let rows = [
            (Some(SECOND), None, 10),
            (Some(Duration::ZERO), None, 10),
            (Some(SECOND * 30), None, 10),
            (Some(SECOND * 31), None, 0),
            (Some(Duration::MAX), None, 0),
            (Some(SECOND), Some(SECOND * 3), 3),
            (Some(SECOND), Some(SECOND / 2), 0),
            (None, None, 4),
        ];
        for (asked, patience, wanted) in rows {
            let mut tries = Tries::new(1).within(patience);
            let mut sent = 0;
            while tries.next_wait(asked).is_some() {
                tries.resends += 1;
                sent += 1;
            }
            assert_eq!(sent, wanted, "{asked:?} within {patience:?}");
        }
    }
}
