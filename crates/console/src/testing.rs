//! Rooms that tests show, and a person who presses keys.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use egui::{Event, Key, Modifiers, Rect, pos2, vec2};
use jiff::tz::TimeZone;
use smol_str::SmolStr;
use vigie_layout::{Entry, Locale, Room, Vocabulary};
use vigie_model::{
    Acknowledgment, Action, Alert, AlertId, AlertKind, Attitude, Author, AuthorId, Command,
    Countdown, Counters, Decision, Explainer, Explanation, Feed, FeedItem, Flag, Flags, Hold,
    Issued, Level, Part, Picture, Pictures, Post, PostFlag, PostId, QueryName, QueryView, Queue,
    QueueItem, Queues, Reading, Reason, Refusal, SceneName, Seq, Severity, Show, Snapshot,
    SourceId, SourceReport, SourceState, SourceView, Timestamp, Tone, Verdict, Vote, Winner,
};
use vigie_widgets::{Fonts, Setup, ThemeOptions, Words};

use crate::{Console, Moment, Request, ScreenStatus};

/// The present in all samples: 2026-11-23 14:32:05 UTC.
pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_795_444_325);
/// Who sits at the console.
pub(crate) const PERSON: &str = "Camille";
const MINUTE: i64 = 60_000_000;

/// The room that the program carries, with ten screens and five scenes.
pub(crate) fn room() -> Room {
    static ROOM: LazyLock<Room> = LazyLock::new(|| {
        let text = include_str!("../../../layouts/social-room.toml").replace(
            "[retention]",
            "[moderation]\nguarded = ['questions']\nhold = 'has:media'\nblock = 'from:troll'\n[retention]",
        );
        let entry = |name| Entry {
            name,
            title: "",
            check: |_| Ok(()),
            schema: vigie_widgets::Theme::schema,
        };
        let vocabulary = Vocabulary {
            widgets: vigie_widgets::WIDGETS.iter().map(|widget| entry(widget.name)).collect(),
            connectors: vec![entry("demo")],
            ..Vocabulary::default()
        };
        let checked = vigie_layout::check(&text, "room.toml", &vocabulary);
        checked.room.expect("the shipped room is right")
    });
    ROOM.clone()
}

/// No picture is ever there.
#[derive(Debug)]
struct NoPictures;

impl Pictures for NoPictures {
    fn picture(&self, _address: &str) -> Option<Arc<Picture>> {
        None
    }

    fn version(&self) -> u64 {
        0
    }
}

/// Finds the same words good or bad in every post.
#[derive(Debug)]
struct Reader;

impl Explainer for Reader {
    fn explain(&self, post: &Post) -> Explanation {
        let words =
            [("Bravo", 0.62), ("malgré", -0.11), ("retard", -0.41), ("😡", -0.7), ("merci", 0.5)];
        let reasons = words.into_iter().filter_map(|(word, weight)| {
            let start = post.text.find(word)?;
            Some(Reason { range: start..start + word.len(), weight })
        });
        Explanation { reasons: reasons.collect(), base: 0.02 }
    }
}

pub(crate) fn setup(locale: Locale) -> Setup {
    static FONTS: LazyLock<Fonts> = LazyLock::new(Fonts::bundled);
    Setup {
        fonts: FONTS.clone(),
        pictures: Arc::new(NoPictures),
        words: Words { locale, zone: TimeZone::UTC },
        theme: ThemeOptions::default(),
        explainer: Some(Arc::new(Reader)),
        n_failures: Arc::default(),
    }
}

const TEXTS: [(&str, &str, &str, &str); 10] = [
    (
        "bluesky",
        "Camille Moreau",
        "camille.example",
        "Bravo aux équipes de la gare : le 8 h 15 est parti à l’heure malgré la neige ❄️👏 #DemandezAuCM",
    ),
    (
        "mastodon",
        "さくら駅員",
        "sakura",
        "電車が15分遅れています。ご迷惑をおかけして申し訳ありません🙇‍♀️ @vigie #遅延",
    ),
    (
        "x",
        "Le Quotidien du Rail",
        "quotidien",
        "Grève : le trafic reprend progressivement ce matin, comptez encore 40 minutes de retard entre Nice et Cannes https://rail.example/trafic",
    ),
    ("mastodon", "ليلى", "layla", "شكراً @SNCF على الرد السريع، وصل القطار 8:15 في موعده 🚄"),
    (
        "bluesky",
        "Jonas Weber",
        "jonas.example",
        "Warum steht der Zug nach Straßburg seit 40 Minuten? Keine Durchsage, nichts. 😡",
    ),
    (
        "facebook",
        "𝕱𝖗𝖆𝖓ç𝖔𝖎𝖘e-Marie-Antoinette de la Très-Longue-Dénomination 🏳️‍🌈",
        "a-very-long-handle.on.a-very-long-host.example",
        "Est-ce que le contrôleur peut prolonger mon billet si la correspondance est ratée ? Je suis voiture 12 et personne ne répond depuis une heure, c’est pénible pour les enfants.",
    ),
    ("instagram", "Ana", "ana", "Sunrise over the yard 🌅 #CôteDAzur"),
    ("bluesky", "Rahul", "rahul.example", "ट्रेन समय पर पहुँची, धन्यवाद!"),
    ("youtube", "דנה לוי", "dana", "שלום, מתי יוצאת הרכבת הבאה לחיפה? 8:15 או 9:40? תודה 🙏"),
    ("webhook", "Console", "cm", "1️⃣ Question reçue 2️⃣ Réponse en cours ✅"),
];

pub(crate) fn post(idx: usize) -> Post {
    let (network, name, handle, text) = TEXTS[idx % TEXTS.len()];
    let at = NOW.plus(-(idx as i64 * 7_000_000 + 20_000_000));
    Post {
        id: PostId::new(network, format!("at://did:plc:{handle}/{idx}")),
        author: Arc::new(Author {
            id: AuthorId::new(network, format!("did:plc:{handle}{idx}")),
            handle: handle.into(),
            name: name.into(),
            avatar: None,
        }),
        spans: vec![],
        text: text.into(),
        languages: vec![],
        media: vec![],
        labels: vec![],
        reply_to: None,
        quote_of: None,
        repost_of: None,
        link: None,
        published: at.plus(-1_400_000),
        received: at,
        edited: (idx % 4 == 1).then_some(at),
        source: SourceId::new("journee"),
    }
}

pub(crate) fn item(idx: usize) -> Arc<FeedItem> {
    let attitude = [Attitude::Positive, Attitude::Neutral, Attitude::Negative][idx % 3];
    let score = [0.62, 0.03, -0.71][idx % 3];
    let flags = match idx % 5 {
        2 => Flags::one(Flag::Insult, Severity::Strong),
        4 => Flags::one(Flag::Spam, Severity::Severe),
        _ => Flags::NONE,
    };
    let reading = Reading {
        tone: Tone { attitude, score, unsure: idx % 7 == 3 },
        question: idx.is_multiple_of(5),
        flags,
        language: vigie_model::Language::from_tag(["fr", "ja", "fr", "ar", "de"][idx % 5]),
        ..Reading::default()
    };
    Arc::new(FeedItem::new(Arc::new(post(idx)), Arc::new(reading)))
}

pub(crate) fn queued(idx: usize, verdict: Option<Verdict>) -> Arc<QueueItem> {
    let decision = Decision {
        verdict,
        by: "Yanis".into(),
        at: NOW.plus(-MINUTE),
        seq: Seq(idx as u64),
        claimed: (idx % 6 == 3).then(|| "Yanis".into()),
        pinned: false,
        flag: (idx % 9 == 5).then(|| PostFlag {
            reason: "client bloqué".into(),
            owner: "Réponses".into(),
            by: "Yanis".into(),
            since: NOW.plus(-4 * MINUTE),
        }),
    };
    let is_decided = verdict.is_some() || decision.claimed.is_some() || decision.flag.is_some();
    Arc::new(QueueItem {
        item: item(idx),
        entered: NOW.plus(-(idx as i64) * 7_000_000),
        n_edits: (idx % 4) as u64,
        queries: vec![QueryName::new("campagne"), QueryName::new("questions")],
        held: if idx.is_multiple_of(2) {
            vec![Hold::Guarded]
        } else {
            vec![Hold::Guarded, Hold::Flagged]
        },
        decision: is_decided.then_some(decision),
    })
}

fn queue(range: std::ops::Range<usize>, verdict: Option<Verdict>) -> Queue {
    let items: Vec<_> = range.map(|idx| queued(idx, verdict)).collect();
    Queue { n_total: items.len() as u64, items }
}

fn alert(id: u64, kind: AlertKind, term: Option<&str>, mins_ago: i64) -> Alert {
    Alert {
        id: AlertId(id),
        kind,
        at: NOW.plus(-mins_ago * MINUTE),
        last: NOW.plus(-MINUTE),
        active: true,
        query: Some(QueryName::new("campagne")),
        term: term.map(SmolStr::new),
        value: 62.0,
        baseline: 5.1,
        ratio: 12.2,
        n_authors: 48,
        suspicion: 0.08,
        n_joined: 2,
        joined: vec!["bloqués".into(), "coincés".into()],
        samples: vec![item(2), item(4), item(5)],
        acknowledged: None,
    }
}

fn source(id: &str, state: SourceState, heard_secs: i64) -> SourceView {
    SourceView {
        id: SourceId::new(id),
        report: SourceReport {
            state,
            heard: Some(NOW.plus(-heard_secs * 1_000_000)),
            deadline_secs: 30,
            n_skipped: 2,
            n_bytes: 1_234_567_890,
        },
        last_post: Some(NOW.plus(-4_000_000)),
        n_posts: 4_210,
        n_unasked: 81_000,
        n_last_min: 1_340,
        n_gaps: 0,
        n_lost: 0,
        lag: Some(420_000),
    }
}

fn sources() -> Vec<SourceView> {
    let waiting =
        SourceState::Waiting { until: NOW.plus(20_000_000), why: "connection refused".into() };
    let stopped = SourceState::Stopped { why: "the key `VIGIE_HOOK` is missing: set it".into() };
    let mut cut = source("mastodon-social", waiting, 400);
    (cut.n_lost, cut.n_gaps) = (214, 3);
    vec![
        source("jetstream", SourceState::Live, 1),
        cut,
        source("presse", SourceState::CatchingUp, 12),
        source("interne", stopped, 9_000),
        source("replay", SourceState::Finished, 60),
    ]
}

fn log() -> Vec<Action> {
    let post = || post(1).id;
    let commands = [
        (Command::Take(SceneName::new("direct")), None),
        (Command::Take(SceneName::new("gagnant")), Some(Refusal::TooSoon)),
        (Command::Preview(Some(SceneName::new("direct"))), None),
        (Command::Approve(post()), None),
        (Command::Reject(post()), None),
        (Command::Undo, None),
        (
            Command::Flag {
                post: post(),
                reason: "client bloqué".into(),
                owner: "Réponses".into(),
            },
            None,
        ),
        (Command::Level(Level::Orange), None),
        (Command::Countdown(vigie_model::CountdownStep::Start(300)), None),
        (Command::Spotlight { screen: room().screens[3].name.clone(), post: Some(post()) }, None),
        (Command::Retone { post: post(), attitude: Attitude::Positive }, None),
        (Command::Vote(3), None),
        (Command::Block { author: AuthorId::new("x", "troll"), blocked: true }, None),
        (Command::Reloaded { notice: None }, None),
    ];
    (0..40_u64)
        .map(|idx| {
            let (command, refused) = commands[idx as usize % commands.len()].clone();
            let by = if idx.is_multiple_of(3) { "Yanis" } else { PERSON };
            Action {
                seq: Seq(90_000 - idx),
                at: NOW.plus(-(idx as i64) * 11_000_000),
                issued: Arc::new(Issued { by: by.into(), command }),
                refused,
            }
        })
        .collect()
}

fn feed(n_posts: usize) -> QueryView {
    let items: Vec<_> = (0..n_posts).map(item).collect();
    let feed = Feed { n_total: items.len() as u64, items, paused: false, n_waiting: 0 };
    QueryView { feed: Part::new(1, feed), ..QueryView::default() }
}

/// A room on a busy day.
pub(crate) fn busy() -> Snapshot {
    let waiting = Queue { n_total: 10_000, ..queue(0..100, None) };
    let mut pinned = queue(40..45, Some(Verdict::Approved));
    pinned.items.truncate(5);
    let queues = Queues {
        waiting,
        stashed: queue(100..104, Some(Verdict::Stashed)),
        approved: queue(110..160, Some(Verdict::Approved)),
        rejected: queue(160..172, Some(Verdict::Rejected)),
        flagged: queue(5..6, None),
        pinned,
        n_blocked_authors: 3,
        n_ruled_out: 214,
    };
    let seen = Acknowledgment { by: "Nadia".into(), at: NOW.plus(-2 * MINUTE) };
    let alerts = vec![
        alert(1, AlertKind::Term, Some("panne de signalisation"), 14),
        Alert {
            acknowledged: Some(seen),
            value: 0.42,
            baseline: 0.18,
            ratio: 2.3,
            ..alert(2, AlertKind::Mood, None, 9)
        },
        Alert { active: false, ratio: 3.4, ..alert(3, AlertKind::Volume, None, 50) },
        Alert {
            ratio: 1.0,
            samples: vec![],
            ..alert(4, AlertKind::Source, Some("mastodon-social"), 6)
        },
    ];
    let winner = |idx: usize| Winner {
        id: post(idx).id,
        item: (idx % 3 != 2).then(|| item(idx)),
        at: NOW.plus(-(idx as i64 + 1) * 60 * MINUTE),
        n_votes: 5 - (idx as u64 % 3),
        voters: vec!["Camille".into(), "Yanis".into(), "Léo".into()],
    };
    let spotlights = [(room().screens[3].name.clone(), item(0))];
    let show = Show {
        scene: Some(SceneName::new("direct")),
        since: NOW.plus(-4 * MINUTE),
        preview: Some(SceneName::new("gagnant")),
        level: Level::Orange,
        countdown: Some(Countdown::Until(NOW.plus(3 * MINUTE + 12_000_000))),
        spotlights: BTreeMap::from(spotlights),
        winners: (0..8).map(winner).collect(),
        ..Show::default()
    };
    Snapshot {
        seq: Seq(90_000),
        at: NOW,
        queries: [(QueryName::new("campagne"), feed(60))].into(),
        sources: Part::new(1, sources()),
        counters: Part::new(
            1,
            Counters {
                n_posts: 4_217,
                n_edits: 31,
                n_deleted: 12,
                n_unasked: 81_000,
                n_lost: 214,
                n_held: 10_000,
            },
        ),
        alerts: Part::new(1, alerts),
        moderation: Part::new(1, queues),
        show: Part::new(1, show),
        log: Part::new(1, log()),
        notices: Part::new(
            1,
            vec![vigie_model::Notice {
                at: NOW.plus(-MINUTE),
                text: "source interne has stopped: the key `VIGIE_HOOK` is missing: set it".into(),
            }],
        ),
        ..Snapshot::default()
    }
}

/// The busy room while people vote.
pub(crate) fn voting() -> Snapshot {
    let entries = (1..=5).map(|number: u8| (number, item(number as usize + 3))).collect();
    let busy = busy();
    let show = Show { vote: Some(Vote { entries, n_votes: 3 }), ..(*busy.show).clone() };
    Snapshot { show: Part::new(2, show), ..busy }
}

/// A room in which everything is covered, masked and held.
pub(crate) fn covered() -> Snapshot {
    let busy = busy();
    let show = Show {
        panic: true,
        masked: true,
        level: Level::Red,
        preview: None,
        countdown: Some(Countdown::Until(NOW.plus(-95_000_000))),
        ..(*busy.show).clone()
    };
    let mut query = feed(20);
    query.feed = Part::new(3, Feed { paused: true, n_waiting: 128, ..(*query.feed).clone() });
    let queries = [(QueryName::new("campagne"), query)].into();
    Snapshot { show: Part::new(3, show), identify: true, queries, ..busy }
}

/// How the ten screens are doing: one has gone.
pub(crate) fn screens(missing: Option<usize>) -> Vec<ScreenStatus> {
    room()
        .screens
        .iter()
        .enumerate()
        .map(|(idx, screen)| {
            let corner = pos2((idx % 5) as f32 * 1920.0, (idx / 5) as f32 * 1080.0);
            let present = missing != Some(idx);
            ScreenStatus {
                rect_px: present.then(|| Rect::from_min_size(corner, vec2(1920.0, 1080.0))),
                present,
                frames_per_sec: 12.0,
                n_late: if idx == 6 { 3 } else { 0 },
                looked: Some(NOW.plus(-400_000)),
                ..ScreenStatus::missing(screen.name.clone())
            }
        })
        .collect()
}

/// A console with its room, and what it has asked for.
pub(crate) struct Bench {
    pub(crate) console: Console,
    pub(crate) room: Room,
    pub(crate) snapshot: Snapshot,
    pub(crate) now: Timestamp,
    pub(crate) screens: Vec<ScreenStatus>,
    pub(crate) commands: Vec<Command>,
    pub(crate) closed: bool,
    /// What was decided, for the way back: the lane as it was.
    past: Vec<Queues>,
}

impl Bench {
    pub(crate) fn new(snapshot: Snapshot, locale: Locale) -> Self {
        Self {
            console: Console::new(&setup(locale)),
            room: room(),
            snapshot,
            now: NOW,
            screens: screens(None),
            commands: Vec::new(),
            closed: false,
            past: Vec::new(),
        }
    }

    pub(crate) fn ui(&mut self, ui: &mut egui::Ui) {
        let moment = Moment {
            room: &self.room,
            snapshot: &self.snapshot,
            now: self.now,
            person: PERSON,
            screens: &self.screens,
        };
        for request in self.console.ui(ui, &moment) {
            match request {
                Request::Command(command) => {
                    self.fold(&command);
                    self.commands.push(command);
                }
                Request::Language(_) => {}
                Request::Close => self.closed = true,
            }
        }
    }

    /// What the room makes of a decision: the little that these tests need.
    fn fold(&mut self, command: &Command) {
        let mut queues = (*self.snapshot.moderation).clone();
        let id = match command {
            Command::Approve(id) | Command::Reject(id) | Command::Stash(id) => id,
            Command::Undo => {
                if let Some(past) = self.past.pop() {
                    self.publish(past);
                }
                return;
            }
            _ => return,
        };
        self.past.push(queues.clone());
        let waiting = &mut queues.waiting;
        let n_before = waiting.items.len();
        waiting.items.retain(|queued| queued.item.post.id != *id);
        waiting.n_total -= (n_before - waiting.items.len()) as u64;
        self.publish(queues);
    }

    fn publish(&mut self, queues: Queues) {
        self.snapshot.seq = self.snapshot.seq.next();
        self.snapshot.moderation = Part::new(self.snapshot.seq.0, queues);
    }
}

/// A key that goes down and up on QWERTY.
pub(crate) fn key(key: Key, modifiers: Modifiers) -> [Event; 2] {
    [true, false].map(|pressed| Event::Key {
        key,
        physical_key: Some(key),
        pressed,
        repeat: false,
        modifiers,
    })
}
