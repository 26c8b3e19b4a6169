//! What is on air, and what people do to it.

use std::collections::{BTreeMap, VecDeque};

use smol_str::SmolStr;
use vigie_model::{
    Countdown, CountdownStep, Level, Micros, Nominee, PostId, Refusal, SceneName, ScreenName, Show,
    Timestamp, Vote, Winner,
};

use crate::{
    RoomState,
    digest::PostKey,
    setup::{SceneSetup, ShowSetup},
};

/// From a command to the frame in which all screens change: time for the snapshot to reach every one of them.
const LEAD: Micros = 50_000;
/// The least time between two takes: a nervous second press is none.
const TAKE_GAP: Micros = 400_000;
/// The longest countdown.
const MAX_COUNTDOWN_SECS: i64 = 24 * 3_600;
/// Winners whose posts are kept whole, to be shown again.
const MAX_WINNER_POSTS: usize = 15;
const SECOND: Micros = 1_000_000;

/// What is on air.
#[derive(Debug)]
pub(crate) struct ShowState {
    scenes: Vec<SceneSetup>,
    screens: Vec<ScreenName>,
    rundown: Vec<SceneName>,
    /// Time passes so many times faster than on the screens.
    speed: i64,
    due: Timestamp,
    scene: Option<SceneName>,
    since: Timestamp,
    taken_at: Option<Timestamp>,
    preview: Option<SceneName>,
    panic: bool,
    pub(crate) masked: bool,
    level: Level,
    spotlights: BTreeMap<ScreenName, PostKey>,
    countdown: Option<Countdown>,
    ballot: Option<Ballot>,
    winners: VecDeque<Won>,
    pub(crate) is_stale: bool,
}

/// An open vote.
#[derive(Debug)]
struct Ballot {
    nominees: Vec<(PostKey, Nominee)>,
    /// Whom each person voted for, counted from 0.
    votes: BTreeMap<SmolStr, usize>,
}

/// A winner.
#[derive(Debug)]
struct Won {
    key: PostKey,
    id: PostId,
    at: Timestamp,
    voters: Vec<SmolStr>,
}

impl ShowState {
    pub(crate) fn new(setup: &ShowSetup) -> Self {
        Self {
            scenes: setup.scenes.clone(),
            screens: setup.screens.clone(),
            rundown: setup.rundown.clone(),
            speed: i64::from(setup.speed.max(1)),
            due: Timestamp::EPOCH,
            scene: None,
            since: Timestamp::EPOCH,
            taken_at: None,
            preview: None,
            panic: false,
            masked: false,
            level: Level::default(),
            spotlights: BTreeMap::new(),
            countdown: None,
            ballot: None,
            winners: VecDeque::new(),
            is_stale: true,
        }
    }

    /// What changes now is to be seen on all screens in one frame.
    pub(crate) fn change_at(&mut self, at: Timestamp) {
        self.due = at.plus(LEAD * self.speed);
        self.is_stale = true;
    }

    fn knows(&self, name: &SceneName) -> bool {
        self.scenes.iter().any(|scene| scene.name == *name)
    }

    pub(crate) fn preview(&mut self, name: Option<&SceneName>) -> Result<(), Refusal> {
        if name.is_some_and(|name| !self.knows(name)) {
            return Err(Refusal::Unknown);
        }
        self.preview = name.cloned();
        self.is_stale = true;
        Ok(())
    }

    /// Goes along the rundown from what is in preview, else from what is on air.
    pub(crate) fn step(&mut self, n_steps: i8) -> Result<(), Refusal> {
        let from = self.preview.as_ref().or(self.scene.as_ref());
        let place = from.and_then(|from| self.rundown.iter().position(|name| name == from));
        let next = match place {
            Some(place) => place.saturating_add_signed(n_steps.into()),
            None if n_steps < 0 => self.rundown.len().saturating_sub(1),
            None => 0,
        };
        let last = self.rundown.len().checked_sub(1).ok_or(Refusal::Unknown)?;
        self.preview = self.rundown.get(next.min(last)).cloned();
        self.is_stale = true;
        Ok(())
    }

    fn set_scene(&mut self, scene: Option<SceneName>, at: Timestamp) {
        self.scene = scene;
        self.since = at;
        self.spotlights.clear();
        self.change_at(at);
    }

    fn take(&mut self, name: &SceneName, at: Timestamp) -> Result<(), Refusal> {
        if self.panic {
            return Err(Refusal::Panic);
        }
        if !self.knows(name) {
            return Err(Refusal::Unknown);
        }
        if self.taken_at.is_some_and(|taken_at| at.since(taken_at) < TAKE_GAP * self.speed) {
            return Err(Refusal::TooSoon);
        }
        self.taken_at = Some(at);
        self.preview = None;
        self.set_scene(Some(name.clone()), at);
        Ok(())
    }

    pub(crate) fn panic(&mut self, on: bool, at: Timestamp) {
        if self.panic != on {
            self.panic = on;
            self.change_at(at);
        }
    }

    fn level(&mut self, level: Level, at: Timestamp) {
        if self.level == level {
            return;
        }
        let scene_of = |level: Level| {
            let mut scenes = self.scenes.iter();
            scenes.find(|scene| scene.level == Some(level)).map(|scene| scene.name.clone())
        };
        let is_recalled = self.scene.is_some() && self.scene == scene_of(self.level);
        match scene_of(level) {
            Some(scene) => self.set_scene(Some(scene), at),
            None if is_recalled => self.set_scene(None, at),
            None => {}
        }
        self.level = level;
        self.change_at(at);
    }

    pub(crate) fn countdown(&mut self, step: CountdownStep, at: Timestamp) {
        let max = MAX_COUNTDOWN_SECS * SECOND;
        let left = self.countdown.map(|countdown| countdown.left(at).clamp(-max, max));
        let set = |left: Micros, is_held: bool| {
            let left = left.clamp(-max, max);
            Some(if is_held { Countdown::Held(left) } else { Countdown::Until(at.plus(left)) })
        };
        let is_held = matches!(self.countdown, Some(Countdown::Held(_)));
        self.countdown = match (step, left) {
            (CountdownStep::Start(secs), _) => set(i64::from(secs) * SECOND, false),
            (CountdownStep::Add(secs), Some(left)) => set(left + i64::from(secs) * SECOND, is_held),
            (CountdownStep::Hold(held), Some(left)) => set(left, held),
            (CountdownStep::Clear, _) | (_, None) => None,
        };
        self.change_at(at);
    }

    pub(crate) fn vote(&mut self, by: &SmolStr, number: u8) -> Result<(), Refusal> {
        let ballot = self.ballot.as_mut().ok_or(Refusal::NoVote)?;
        let place = usize::from(number).checked_sub(1).ok_or(Refusal::NoVote)?;
        if place >= ballot.nominees.len() {
            return Err(Refusal::NoVote);
        }
        ballot.votes.insert(by.clone(), place);
        self.is_stale = true;
        Ok(())
    }

    /// All posts that the show needs whole.
    fn needed(&self) -> Vec<PostKey> {
        let nominees = self.ballot.iter().flat_map(|ballot| &ballot.nominees).map(|(key, _)| key);
        let winners = self.winners.iter().take(MAX_WINNER_POSTS).map(|won| &won.key);
        self.spotlights.values().chain(nominees).chain(winners).copied().collect()
    }
}

impl RoomState {
    /// Changes the show, and sees to it that its posts are kept whole as long as it needs them.
    pub(crate) fn with_show<T>(&mut self, change: impl FnOnce(&mut ShowState) -> T) -> T {
        let before = self.show.needed();
        let outcome = change(&mut self.show);
        let after = self.show.needed();
        for key in &after {
            self.moderation.need(*key, true);
        }
        for key in &before {
            self.moderation.need(*key, false);
        }
        for key in before.into_iter().chain(after) {
            self.lay(key);
        }
        outcome
    }

    pub(crate) fn take(&mut self, name: &SceneName, at: Timestamp) -> Result<(), Refusal> {
        self.with_show(|show| show.take(name, at))
    }

    pub(crate) fn out(&mut self, at: Timestamp) {
        self.with_show(|show| show.set_scene(None, at));
    }

    pub(crate) fn raise(&mut self, level: Level, at: Timestamp) {
        self.with_show(|show| show.level(level, at));
    }

    pub(crate) fn spotlight(
        &mut self,
        screen: &ScreenName,
        post: Option<&PostId>,
        at: Timestamp,
    ) -> Result<(), Refusal> {
        if !self.show.screens.contains(screen) {
            return Err(Refusal::Unknown);
        }
        let key = post.map(|post| self.keys.post(post));
        self.with_show(|show| {
            match key {
                Some(key) => drop(show.spotlights.insert(screen.clone(), key)),
                None => drop(show.spotlights.remove(screen)),
            }
            show.change_at(at);
        });
        Ok(())
    }

    pub(crate) fn mask(&mut self, masked: bool, at: Timestamp) {
        if self.show.masked == masked {
            return;
        }
        self.show.masked = masked;
        self.show.change_at(at);
        for query in &mut self.queries {
            query.stale.feed = true;
            query.resample();
        }
    }

    pub(crate) fn shortlist(&mut self, nominees: &[Nominee]) {
        let nominees: Vec<_> = nominees
            .iter()
            .take(Show::MAX_SHORTLIST)
            .map(|nominee| (self.keys.post(&nominee.post), nominee.clone()))
            .collect();
        self.with_show(|show| {
            let ballot = Ballot { nominees, votes: BTreeMap::new() };
            show.ballot = Some(ballot).filter(|ballot| !ballot.nominees.is_empty());
            show.is_stale = true;
        });
    }

    /// Whether a post may win. It depends on what was deleted, rejected and blocked, not on what is still there,
    /// so that the winner stays the winner when posts are deleted later.
    fn may_win(&self, key: PostKey, nominee: &Nominee) -> bool {
        let author = self.keys.author(&nominee.author);
        let is_gone = self.graves.contains(key) || self.purged.contains(author);
        !is_gone && !self.moderation.bars(key, author)
    }

    pub(crate) fn crown(&mut self, at: Timestamp) -> Result<(), Refusal> {
        let ballot = self.show.ballot.as_ref().ok_or(Refusal::NoVote)?;
        let mut best: Option<(&PostKey, &Nominee, Vec<SmolStr>)> = None;
        for (place, (key, nominee)) in ballot.nominees.iter().enumerate() {
            let chosen = ballot.votes.iter().filter(|(_, vote)| **vote == place);
            let voters: Vec<_> = chosen.map(|(by, _)| by.clone()).collect();
            let n_best = best.as_ref().map_or(0, |(_, _, voters)| voters.len());
            // Of equals, the first of the shortlist.
            if voters.len() > n_best && self.may_win(*key, nominee) {
                best = Some((key, nominee, voters));
            }
        }
        let (key, nominee, voters) = best.ok_or(Refusal::NoVote)?;
        let won = Won { key: *key, id: nominee.post.clone(), at, voters };
        self.with_show(|show| {
            show.ballot = None;
            show.winners.push_front(won);
            show.winners.truncate(Show::MAX_WINNERS);
            show.change_at(at);
        });
        Ok(())
    }

    /// The show as screens see it.
    pub(crate) fn show_view(&self) -> Show {
        let show = &self.show;
        let item = |key: PostKey| {
            // A rejected post is out of the room, though it can still be brought back.
            let record = self.posts.find(key).filter(|record| record.is_public())?;
            let item = self.item(record.key)?;
            Some(if show.masked { item.masked().into() } else { item })
        };
        let spotlights = show.spotlights.iter();
        Show {
            due: show.due,
            scene: show.scene.clone(),
            since: show.since,
            preview: show.preview.clone(),
            panic: show.panic,
            masked: show.masked,
            level: show.level,
            spotlights: spotlights
                .filter_map(|(screen, key)| Some((screen.clone(), item(*key)?)))
                .collect(),
            countdown: show.countdown,
            vote: show.ballot.as_ref().map(|ballot| Vote {
                entries: (1..)
                    .zip(&ballot.nominees)
                    .filter(|(_, (key, nominee))| self.may_win(*key, nominee))
                    .filter_map(|(number, (key, _))| Some((number, item(*key)?)))
                    .collect(),
                n_votes: ballot.votes.len() as u64,
            }),
            winners: show
                .winners
                .iter()
                .map(|won| Winner {
                    id: won.id.clone(),
                    item: item(won.key),
                    at: won.at,
                    n_votes: won.voters.len() as u64,
                    voters: won.voters.clone(),
                })
                .collect(),
        }
    }
}
