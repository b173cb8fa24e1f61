//! The value of klog's `--log-flush-frequency`.

use super::durations::{GoDuration, parse_duration};

/// A value that `--log-flush-frequency` does not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LogFlushError {
    /// A duration that is not above 0: kubectl panics with these words.
    #[error("non-positive interval for NewTicker")]
    NotPositive,
    /// No duration. Go's own `flag` package, which holds this flag, says no more.
    #[error("parse error")]
    Parse,
}

/// Reads a duration with its unit, above 0.
pub(crate) fn parse_log_flush_frequency(text: &str) -> Result<GoDuration, LogFlushError> {
    match parse_duration(text) {
        Ok(duration) if duration > GoDuration(0) => Ok(duration),
        Ok(_) => Err(LogFlushError::NotPositive),
        Err(_) => Err(LogFlushError::Parse),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_duration_above_zero() {
        for (text, read) in [
            ("5s", Ok(GoDuration(5_000_000_000))),
            ("1ns", Ok(GoDuration(1))),
            ("0", Err(LogFlushError::NotPositive)),
            ("-1s", Err(LogFlushError::NotPositive)),
            ("", Err(LogFlushError::Parse)),
            ("5", Err(LogFlushError::Parse)),
            ("x", Err(LogFlushError::Parse)),
        ] {
            assert_eq!(parse_log_flush_frequency(text), read, "{text}");
        }
    }
}
