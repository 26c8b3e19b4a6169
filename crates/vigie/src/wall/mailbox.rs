//! How a screen's thread is told things: a slot per kind, newest wins, so that nothing queues and nobody waits.

use std::{sync::Arc, time::Instant};

use parking_lot::{Condvar, Mutex};
use vigie_layout::ScreenFacts;

use crate::wall::{
    content::{Assignment, Stage},
    pace,
    sign::Sign,
};

/// Something that goes wrong on purpose, for tests and benches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The screen's thread panics.
    Panic,
    /// The GPU device is destroyed.
    DestroyDevice,
}

/// What a screen is to show from now on.
#[derive(Clone)]
pub(super) struct Part {
    pub(super) facts: ScreenFacts,
    pub(super) assignment: Assignment,
    pub(super) stage: Arc<dyn Stage>,
}

/// What has come for a screen's thread since it last looked.
#[derive(Default)]
pub(super) struct Mail {
    /// The window's new size in pixels.
    pub(super) size_px: Option<[u32; 2]>,
    /// The window system asks for a frame: on Wayland because the last one is shown, elsewhere because it is lost.
    pub(super) is_redraw: bool,
    /// The last frame is to be presented again, to learn whether the window is seen.
    pub(super) is_probe: bool,
    /// Somebody did something in the window.
    pub(super) is_input: bool,
    /// New content.
    pub(super) part: Option<Part>,
    /// A new sign over the content.
    pub(super) sign: Option<Sign>,
    /// Something to go wrong.
    pub(super) fault: Option<Fault>,
    /// The GPU said that it is lost.
    pub(super) is_gpu_lost: bool,
    /// The end.
    pub(super) is_stop: bool,
}

#[derive(Default)]
struct State {
    mail: Mail,
    is_urgent: bool,
    /// When the oldest wake-up came that no look has answered yet.
    woken: Option<Instant>,
}

/// One screen's mailbox.
#[derive(Default)]
pub(super) struct Mailbox {
    state: Mutex<State>,
    bell: Condvar,
}

impl Mailbox {
    /// Something may have changed: look when a frame may start. Costs a lock, and one signal a look.
    pub(super) fn wake(&self) {
        let mut state = self.state.lock();
        if state.woken.is_none() {
            state.woken = Some(pace::now());
            self.bell.notify_one();
        }
    }

    /// Puts in mail, and rings.
    pub(super) fn put(&self, write: impl FnOnce(&mut Mail)) {
        let mut state = self.state.lock();
        write(&mut state.mail);
        state.is_urgent = true;
        self.bell.notify_one();
    }

    /// Waits for mail, for `quiet`, or, if there is a wake-up, for `woken`; `None` is for ever.
    ///
    /// Wake-ups stay until [`Mailbox::take_wake`].
    pub(super) fn wait(&self, quiet: Option<Instant>, woken: Option<Instant>) -> Mail {
        let mut state = self.state.lock();
        loop {
            if state.is_urgent {
                state.is_urgent = false;
                return std::mem::take(&mut state.mail);
            }
            let until = match (state.woken, quiet, woken) {
                (None, quiet, _) => quiet,
                (Some(_), None, woken) => woken,
                (Some(_), Some(quiet), woken) => {
                    Some(woken.map_or(quiet, |woken| woken.min(quiet)))
                }
            };
            match until {
                None => self.bell.wait(&mut state),
                Some(until) if until <= pace::now() => return Mail::default(),
                Some(until) => {
                    self.bell.wait_until(&mut state, until);
                }
            }
        }
    }

    /// The oldest wake-up that no look has answered; a look follows now.
    pub(super) fn take_wake(&self) -> Option<Instant> {
        self.state.lock().woken.take()
    }

    /// Whether there is such a wake-up.
    pub(super) fn woken(&self) -> Option<Instant> {
        self.state.lock().woken
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn newest_mail_wins_and_is_taken_once() {
        let mailbox = Mailbox::default();
        mailbox.put(|mail| mail.size_px = Some([1, 1]));
        mailbox.put(|mail| mail.size_px = Some([2, 2]));
        assert_eq!(mailbox.wait(None, None).size_px, Some([2, 2]));
        assert_eq!(mailbox.wait(Some(pace::now()), None).size_px, None);
    }

    #[test]
    fn a_wake_up_waits_for_the_time_of_the_next_frame_and_stays_until_taken() {
        let mailbox = Mailbox::default();
        mailbox.wake();
        let first = mailbox.woken();
        mailbox.wake();
        assert_eq!(mailbox.woken(), first, "the oldest counts");
        let frame = pace::now() + Duration::from_millis(5);
        mailbox.wait(None, Some(frame));
        assert!(pace::now() >= frame);
        assert_eq!(mailbox.take_wake(), first);
        assert_eq!(mailbox.take_wake(), None);
    }

    #[test]
    fn a_wake_up_from_another_thread_ends_an_endless_wait() {
        let mailbox = Arc::new(Mailbox::default());
        let other = mailbox.clone();
        let thread = std::thread::Builder::new()
            .name("waker".to_owned())
            .spawn(move || other.wake())
            .unwrap();
        mailbox.wait(None, Some(pace::now()));
        thread.join().unwrap();
        assert!(mailbox.take_wake().is_some());
    }
}
