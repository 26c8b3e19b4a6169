//! What people do: one arm a command, and the list of who did what.

use std::{collections::VecDeque, sync::Arc};

use vigie_model::{Action, Command, Issued, Logged, PurgeCause, QueryName, Refusal, Seq, Verdict};

use crate::{
    RoomState,
    moderation::{Direction, Hand},
    query::QueryState,
};

/// The latest actions.
#[derive(Debug, Default)]
pub(crate) struct Actions {
    latest: VecDeque<Action>,
    pub(crate) is_stale: bool,
}

impl Actions {
    fn note(&mut self, issued: &Issued, logged: &Logged, refused: Option<Refusal>) {
        let issued = Arc::new(issued.clone());
        self.latest.push_front(Action { seq: logged.seq, at: logged.at, issued, refused });
        self.latest.truncate(Action::MAX_ACTIONS);
        self.is_stale = true;
    }

    pub(crate) fn view(&self) -> Vec<Action> {
        self.latest.iter().cloned().collect()
    }
}

impl RoomState {
    pub(crate) fn command(&mut self, issued: &Issued, logged: &Logged) {
        let refused = self.obey(issued, logged).err();
        self.actions.note(issued, logged, refused);
    }

    fn obey(&mut self, issued: &Issued, logged: &Logged) -> Result<(), Refusal> {
        let hand = Hand::of(issued, logged);
        let at = logged.at;
        match &issued.command {
            Command::Identify { shown } => self.identify(*shown, logged),
            Command::Pause { query, paused } => self.pause(query.as_ref(), *paused, logged.seq),
            Command::Approve(id) => self.judge(hand, id, Verdict::Approved),
            Command::Reject(id) => self.judge(hand, id, Verdict::Rejected),
            Command::Stash(id) => self.judge(hand, id, Verdict::Stashed),
            Command::Forget(id) => self.delete(self.keys.post(id)),
            Command::Pin { post, pinned } => self.pin(hand, post, *pinned),
            Command::Flag { post, reason, owner } => self.flag(hand, post, Some((reason, owner))),
            Command::Resolve(id) => self.flag(hand, id, None),
            Command::Claim { post, taken } => return self.claim(hand, post, *taken),
            Command::Block { author, blocked } => self.block(hand, author, *blocked),
            Command::Undo => return self.go(hand, Direction::Back),
            Command::Redo => return self.go(hand, Direction::Forth),
            Command::Erase(author) => self.purge(author, PurgeCause::Erasure, at),
            Command::Preview(scene) => return self.show.preview(scene.as_ref()),
            Command::Step(n_steps) => return self.show.step(*n_steps),
            Command::Take(scene) => return self.take(scene, at),
            Command::Out => self.out(at),
            Command::Spotlight { screen, post } => {
                return self.spotlight(screen, post.as_ref(), at);
            }
            Command::Panic(on) => self.show.panic(*on, at),
            Command::Mask(masked) => self.mask(*masked, at),
            Command::Level(level) => self.raise(*level, at),
            Command::Countdown(step) => self.show.countdown(*step, at),
            Command::Shortlist(nominees) => self.shortlist(nominees),
            Command::Vote(number) => return self.show.vote(&issued.by, *number),
            Command::Crown => return self.crown(at),
            Command::Acknowledge(id) => self.alerts.acknowledge(*id, &issued.by, at),
            Command::Retone { post, attitude } => self.retone(post, *attitude),
            Command::Requestion { post, question } => self.requestion(post, *question),
            Command::Trouble { kind, name, over } => self.alerts.trouble(*kind, name, *over, at),
            Command::Reloaded { notice } => self.notices.reloaded(at, notice.as_ref()),
        }
        Ok(())
    }

    fn identify(&mut self, shown: bool, logged: &Logged) {
        if self.identify != shown {
            self.identify = shown;
            self.show.change_at(logged.at);
        }
    }

    fn pause(&mut self, name: Option<&QueryName>, paused: bool, seq: Seq) {
        let meant = |query: &&mut QueryState| name.is_none_or(|name| *name == query.name);
        for query in self.queries.iter_mut().filter(meant) {
            query.stale.feed |= query.feed.pause(paused, seq);
        }
    }
}
