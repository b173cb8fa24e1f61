//! The server's time: the machine's, or one that a test sets.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

/// What the answers' `Date` header says.
#[derive(Clone, Debug, Default)]
pub enum DateHeader {
    /// The server's time.
    #[default]
    Clock,
    /// There is none.
    Absent,
    /// This text, whatever the clock says.
    Text(String),
}

/// The server's time and what it says about it.
#[derive(Debug, Default)]
pub struct Clock {
    fixed: Mutex<Option<Timestamp>>,
    header: Mutex<DateHeader>,
}

impl Clock {
    /// Stops the clock at this time, or lets it go with the machine's.
    pub fn set(&self, time: Option<Timestamp>) {
        *self.fixed.lock().unwrap_or_else(PoisonError::into_inner) = time;
    }

    pub fn set_header(&self, header: DateHeader) {
        *self.header.lock().unwrap_or_else(PoisonError::into_inner) = header;
    }

    /// As objects carry it: RFC 3339, seconds.
    pub fn timestamp(&self) -> String {
        self.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// As the header carries it.
    pub fn header(&self) -> Option<String> {
        match &*self.header.lock().unwrap_or_else(PoisonError::into_inner) {
            DateHeader::Clock => Some(self.now().strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()),
            DateHeader::Absent => None,
            DateHeader::Text(text) => Some(text.clone()),
        }
    }

    fn now(&self) -> Timestamp {
        let fixed = *self.fixed.lock().unwrap_or_else(PoisonError::into_inner);
        fixed.unwrap_or_else(Timestamp::now)
    }
}
