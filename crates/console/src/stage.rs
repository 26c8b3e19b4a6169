//! What is on air and what comes next: scenes, screens, spotlights, votes.

use vigie_model::{Command, Nominee, QueryName, SceneName, Show};

use crate::{
    desk::Desk,
    label::{Label, View},
    moment::Moment,
};

/// Posts that a vote chooses from, one key each.
pub(crate) const SHORTLIST: usize = 5;

impl Desk {
    pub(crate) fn digit(&mut self, digit: u8, moment: &Moment<'_>) {
        if self.view == View::Winner {
            return self.cast(digit, moment);
        }
        let scene = moment.room.scenes.get(usize::from(digit).wrapping_sub(1));
        match scene {
            Some(scene) => self.preview(scene.name.clone()),
            None => self.tell(moment, self.say(Label::NoSuchScene).to_owned(), true),
        }
    }

    pub(crate) fn preview(&mut self, scene: SceneName) {
        // What was last named is what Enter is about.
        self.target = None;
        self.send(Command::Preview(Some(scene)));
    }

    /// Whether Enter shows the chosen post on the chosen screen.
    pub(crate) fn aims(&self) -> bool {
        self.target.is_some()
            && self.chosen.is_some()
            && matches!(self.view, View::Moderation | View::Search)
    }

    pub(crate) fn enter(&mut self, moment: &Moment<'_>) {
        if self.aims() {
            self.spotlight(moment);
        } else if self.view == View::Winner {
            self.crown(moment);
        } else if moment.snapshot.show.preview.is_some() && self.view != View::Search {
            self.take(moment);
        }
        // A field gives the keyboard back: the next letter is a key.
        self.blur = true;
    }

    pub(crate) fn take(&mut self, moment: &Moment<'_>) {
        match moment.snapshot.show.preview.clone() {
            Some(scene) => self.send(Command::Take(scene)),
            None => self.tell(moment, self.say(Label::NothingInPreview).to_owned(), true),
        }
    }

    /// Takes the chosen screen's spotlight off, else scene and all spotlights.
    pub(crate) fn back(&mut self, moment: &Moment<'_>) {
        let screen = self.target.and_then(|target| moment.room.screens.get(target));
        let lit =
            screen.filter(|screen| moment.snapshot.show.spotlights.contains_key(&screen.name));
        match lit {
            Some(screen) => {
                self.send(Command::Spotlight { screen: screen.name.clone(), post: None });
            }
            None => self.send(Command::Out),
        }
    }

    pub(crate) fn choose_screen(&mut self, screen: usize, moment: &Moment<'_>) {
        if screen >= moment.room.screens.len() {
            return self.tell(moment, self.say(Label::NoSuchScreen).to_owned(), true);
        }
        self.target = if self.target == Some(screen) { None } else { Some(screen) };
    }

    pub(crate) fn spotlight(&mut self, moment: &Moment<'_>) {
        let Some(listed) = self.chosen_post(moment) else { return };
        let Some(screen) = self.target.and_then(|target| moment.room.screens.get(target)) else {
            return self.tell(moment, self.say(Label::ChooseScreen).to_owned(), true);
        };
        // A post that waits is shown nowhere before somebody has approved it.
        let waits = listed.queued().is_some_and(|queued| {
            let verdict = queued.decision.as_ref().and_then(|decision| decision.verdict);
            verdict.map_or(!queued.held.is_empty(), |it| it != vigie_model::Verdict::Approved)
        });
        if waits {
            return self.tell(moment, self.say(Label::ApproveFirst).to_owned(), true);
        }
        let told = format!("{} {}", self.say(Label::DoneSpotlit), screen.name);
        let post = Some(listed.id().clone());
        self.send(Command::Spotlight { screen: screen.name.clone(), post });
        self.tell(moment, told, false);
    }

    pub(crate) fn pause(&mut self, moment: &Moment<'_>) {
        let paused = moment.snapshot.queries.values().any(|query| query.feed.paused);
        self.send(Command::Pause { query: None, paused: !paused });
    }

    pub(crate) fn pause_query(&mut self, name: QueryName, moment: &Moment<'_>) {
        let paused = moment.snapshot.feed(&name).is_some_and(|feed| feed.paused);
        self.send(Command::Pause { query: Some(name), paused: !paused });
    }

    /// The posts that the next vote chooses from: the pinned ones, else the newest on the wall.
    pub(crate) fn candidates<'a>(
        &'a self,
        moment: &Moment<'a>,
    ) -> Vec<&'a std::sync::Arc<vigie_model::FeedItem>> {
        let pinned = moment.snapshot.moderation.pinned.items.iter().map(|queued| &queued.item);
        let chosen: Vec<_> = pinned.take(SHORTLIST).collect();
        if chosen.is_empty() { self.live.items().iter().take(SHORTLIST).collect() } else { chosen }
    }

    fn open_vote(&mut self, moment: &Moment<'_>) -> bool {
        let nominees: Vec<Nominee> = self
            .candidates(moment)
            .into_iter()
            .take(Show::MAX_SHORTLIST)
            .map(|item| Nominee { post: item.post.id.clone(), author: item.post.author.id.clone() })
            .collect();
        if nominees.is_empty() {
            self.tell(moment, self.say(Label::NoCandidates).to_owned(), true);
            return false;
        }
        self.send(Command::Shortlist(nominees));
        true
    }

    /// Votes; the first vote opens it.
    pub(crate) fn cast(&mut self, number: u8, moment: &Moment<'_>) {
        let n_entries = match &moment.snapshot.show.vote {
            Some(vote) => vote.entries.iter().map(|(number, _)| *number).max().unwrap_or(0),
            None => u8::try_from(self.candidates(moment).len()).unwrap_or(u8::MAX),
        };
        if number == 0 || number > n_entries {
            return self.tell(moment, self.say(Label::NoSuchEntry).to_owned(), true);
        }
        if moment.snapshot.show.vote.is_none() && self.vote.is_none() && !self.open_vote(moment) {
            return;
        }
        self.vote = Some((number, moment.now));
        self.send(Command::Vote(number));
        self.tell(moment, self.say(Label::DoneVoted).to_owned(), false);
    }

    /// Opens the vote, or ends it.
    pub(crate) fn crown(&mut self, moment: &Moment<'_>) {
        if moment.snapshot.show.vote.is_some() || self.vote.is_some() {
            self.vote = None;
            self.send(Command::Crown);
        } else {
            self.open_vote(moment);
        }
    }
}
