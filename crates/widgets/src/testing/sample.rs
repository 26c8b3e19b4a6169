//! Rooms that tests draw: empty, usual, extreme.

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock},
};

use jiff::tz::TimeZone;
use smol_str::SmolStr;
use vigie_model::{
    Acknowledgment, Alert, AlertId, AlertKind, Attitude, Author, AuthorId, Board, Explainer,
    Explanation, ExternalFigure, Feed, FeedItem, FigureView, Kpi, KpiValue, Label, Media,
    MediaKind, Mood, MoodPoint, Movement, Mover, Movers, Notice, Part, Picture, Pictures, Post,
    PostId, QueryName, QueryView, Reading, Reason, Snapshot, SourceId, SourceReport, SourceState,
    SourceView, Span, SpanKind, Timestamp, Tone, Topic, Trend, Trends, Volume,
};

use crate::{Locale, ThemeOptions, Words, screen::Setup, text::Fonts};

/// The present in all samples: 2026-11-23 14:32:05 UTC.
pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_795_444_325);

/// The query of all samples.
pub(crate) const QUERY: &str = "q";

const MINUTE: i64 = 60_000_000;

/// Pictures made of a formula: `sun` and `rail` are there, all others are missing.
#[derive(Debug)]
struct Album;

impl Pictures for Album {
    fn picture(&self, address: &str) -> Option<Arc<Picture>> {
        let (width, height) = match address {
            "sun" => (96_u32, 96_u32),
            "rail" => (320, 180),
            _ => return None,
        };
        let mut rgba = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let (across, down) = (x as f32 / width as f32, y as f32 / height as f32);
                let sun = (across - 0.7).hypot((down - 0.4) * height as f32 / width as f32) < 0.13;
                let hill = down > 0.75 - 0.2 * (across * 5.0).sin();
                rgba.extend(match (sun, hill) {
                    (_, true) => [40, 70 + (across * 60.0) as u8, 90, 255],
                    (true, _) => [255, 214, 120, 255],
                    _ => [240 - (down * 120.0) as u8, 150, 130 + (down * 80.0) as u8, 255],
                });
            }
        }
        Some(Arc::new(Picture { width_px: width, height_px: height, rgba: rgba.into() }))
    }

    fn version(&self) -> u64 {
        1
    }
}

/// Finds the same words good or bad in every post.
#[derive(Debug)]
struct Reader;

impl Explainer for Reader {
    fn explain(&self, post: &Post) -> Explanation {
        let words =
            [("Bravo", 0.6), ("malgré", -0.1), ("Grève", -0.5), ("reprend", 0.2), ("😡", -0.7)];
        let reasons = words.into_iter().filter_map(|(word, weight)| {
            let start = post.text.find(word)?;
            Some(Reason { range: start..start + word.len(), weight })
        });
        Explanation { reasons: reasons.collect(), base: 0.0 }
    }
}

pub(crate) fn words(locale: Locale) -> Words {
    Words { locale, zone: TimeZone::UTC }
}

pub(crate) fn setup() -> Setup {
    static FONTS: LazyLock<Fonts> = LazyLock::new(Fonts::bundled);
    Setup {
        fonts: FONTS.clone(),
        pictures: Arc::new(Album),
        words: words(Locale::En),
        theme: ThemeOptions::default(),
        explainer: Some(Arc::new(Reader)),
        n_failures: Arc::default(),
    }
}

pub(crate) fn post(idx: usize, (network, name, handle): (&str, &str, &str), text: &str) -> Post {
    let author = Author {
        id: AuthorId::new(network, handle),
        handle: handle.into(),
        name: name.into(),
        avatar: idx.is_multiple_of(2).then(|| "sun".into()),
    };
    let at = NOW.plus(-(idx as i64 * 2 * MINUTE + 20_000_000));
    Post {
        id: PostId::new(network, format!("{handle}/{idx}")),
        author: Arc::new(author),
        spans: spans(text),
        text: text.into(),
        languages: vec![],
        media: vec![],
        labels: vec![],
        reply_to: None,
        quote_of: None,
        repost_of: None,
        link: None,
        published: at,
        received: at,
        edited: None,
        source: SourceId::new(network),
    }
}

/// Tags, mentions and links as networks mark them.
fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let kind = match bare.chars().next() {
            Some('#') => SpanKind::Tag(bare.trim_start_matches('#').into()),
            Some('@') => SpanKind::Mention(AuthorId::new("x", bare)),
            Some('h') if bare.starts_with("https://") => SpanKind::Link(bare.into()),
            _ => {
                at += word.len();
                continue;
            }
        };
        spans.push(Span { start: at as u32, end: (at + bare.len()) as u32, kind });
        at += word.len();
    }
    spans
}

pub(crate) fn item(post: Post) -> Arc<FeedItem> {
    let tone = Tone { attitude: Attitude::Neutral, score: 0.0, unsure: false };
    Arc::new(FeedItem::new(Arc::new(post), Arc::new(Reading { tone, ..Reading::default() })))
}

pub(crate) fn feed(posts: Vec<Post>) -> Feed {
    let n_total = 40 * posts.len() as u64 + 7;
    Feed { items: posts.into_iter().map(item).collect(), n_total, paused: false, n_waiting: 0 }
}

fn usual_posts() -> Vec<Post> {
    let mut posts = vec![
        post(
            0,
            ("bluesky", "Camille Moreau", "camille.example"),
            "Bravo aux équipes de la gare : le 8 h 15 est parti à l’heure malgré la neige ❄️👏 #DemandezAuCM",
        ),
        post(
            1,
            ("mastodon", "さくら駅員", "sakura"),
            "電車が15分遅れています。ご迷惑をおかけして申し訳ありません🙇‍♀️ @vigie #遅延",
        ),
        post(
            2,
            ("feed", "Le Quotidien du Rail", ""),
            "Grève : le trafic reprend progressivement ce matin https://rail.example/trafic",
        ),
        post(
            3,
            ("mastodon", "ليلى", "layla"),
            "شكراً @SNCF على الرد السريع، وصل القطار 8:15 في موعده 🚄",
        ),
        post(
            4,
            ("bluesky", "Jonas Weber", "jonas.example"),
            "Warum steht der Zug nach Straßburg seit 40 Minuten? Keine Durchsage, nichts. 😡",
        ),
        post(5, ("pixelfed", "Ana", "ana"), "Sunrise over the yard 🌅"),
        post(6, ("bluesky", "Rahul", "rahul.example"), "ट्रेन समय पर पहुँची, धन्यवाद!"),
        post(7, ("webhook", "Console", "cm"), "1️⃣ Question reçue 2️⃣ Réponse en cours ✅"),
    ];
    posts[2].media.push(Media {
        kind: MediaKind::Card,
        picture: Some("rail".into()),
        size_px: Some((320, 180)),
        description: "Le trafic reprend".into(),
    });
    posts[4].reply_to = Some(PostId::new("bluesky", "0"));
    posts[5].media.push(Media {
        kind: MediaKind::Video,
        picture: Some("rail".into()),
        size_px: Some((1920, 1080)),
        description: "".into(),
    });
    posts[5].media.push(Media {
        kind: MediaKind::Image,
        picture: None,
        size_px: None,
        description: "".into(),
    });
    posts
}

fn kpi(value: KpiValue, previous: Option<KpiValue>) -> Part<Kpi> {
    let by_network = BTreeMap::new();
    Part::new(1, Kpi { value, previous, by_network, as_of: Some(NOW.plus(-3 * MINUTE)) })
}

fn point(n_negative: u64, n_neutral: u64, n_positive: u64, n_unsure: u64) -> MoodPoint {
    MoodPoint { n_negative, n_neutral, n_positive, n_unsure }
}

pub(crate) fn trend(term: &str, n_posts: u64, baseline: f64, spark: &[u32]) -> Trend {
    Trend {
        term: term.into(),
        n_posts,
        baseline,
        ratio: n_posts as f64 / baseline.max(0.5),
        n_authors: n_posts / 2 + 1,
        spark: spark.to_vec(),
        first_seen: NOW.plus(-90 * MINUTE),
        suspicion: 0.0,
        merged: Vec::new(),
        samples: usual_posts().into_iter().take(1).map(item).collect(),
    }
}

fn source(id: &str, state: SourceState, heard_secs: i64) -> SourceView {
    let report = SourceReport {
        state,
        heard: Some(NOW.plus(-heard_secs * 1_000_000)),
        deadline_secs: 30,
        n_skipped: 2,
        n_bytes: 1_234_567,
    };
    SourceView {
        id: SourceId::new(id),
        report,
        last_post: Some(NOW.plus(-4_000_000)),
        n_posts: 4_210,
        n_unasked: 81_000,
        n_last_min: 1_340,
        n_gaps: 0,
        n_lost: 0,
        lag: Some(420_000),
    }
}

fn view(feed: Feed) -> QueryView {
    let kpis: [(&str, Part<Kpi>); 5] = [
        ("posts", kpi(KpiValue::Count(4_217), Some(KpiValue::Count(3_760)))),
        ("answered", kpi(KpiValue::Count(412), Some(KpiValue::Count(412)))),
        ("reply rate", kpi(KpiValue::Share(412, 530), Some(KpiValue::Share(300, 420)))),
        (
            "reply time p50",
            kpi(KpiValue::Duration(7 * MINUTE + 12_000_000), Some(KpiValue::Duration(5 * MINUTE))),
        ),
        ("negative share", kpi(KpiValue::Share(120, 900), Some(KpiValue::Share(90, 880)))),
    ];
    let terms = vec![
        trend("#DemandezAuCM", 318, 40.0, &[2, 4, 3, 8, 12, 20, 31, 44, 60, 71, 80, 92]),
        trend("retard", 96, 60.0, &[8, 7, 9, 6, 8, 10, 9, 8, 11, 9, 10, 12]),
        trend("遅延", 41, 0.0, &[0, 0, 0, 0, 0, 0, 1, 3, 6, 9, 11, 11]),
        trend("straßburg", 22, 3.0, &[0, 1, 0, 0, 1, 0, 2, 3, 5, 6, 3, 1]),
        trend("شكرا", 18, 9.0, &[1, 1, 2, 1, 1, 2, 2, 1, 2, 2, 2, 1]),
        trend("🚄", 12, 6.0, &[1, 1, 1, 0, 2, 1, 1, 1, 1, 1, 1, 1]),
    ];
    let line = (0..12).map(|idx| point(6 + idx, 20, 18 + idx % 5 * 3, 4)).collect();
    let mood = Mood {
        window_mins: 15,
        now: point(138, 402, 361, 77),
        before: point(96, 380, 390, 70),
        line,
        as_of: Some(NOW),
    };
    let per_min =
        (0..60).map(|idx: u32| 40 + (idx * 37 % 23) + if idx > 45 { 60 } else { 0 }).collect();
    QueryView {
        feed: Part::new(1, feed),
        trends: [(
            15,
            Part::new(1, Trends { window_mins: 15, terms, n_posts: 978, as_of: Some(NOW) }),
        )]
        .into(),
        mood: [(15, Part::new(1, mood))].into(),
        kpis: kpis.into_iter().map(|(name, part)| (SmolStr::new(name), part)).collect(),
        volume: [(60, Part::new(1, Volume { window_mins: 60, per_min, as_of: Some(NOW) }))].into(),
        movers: [(15, Part::new(1, movers()))].into(),
        boards: [(60, Part::new(1, board(60))), (15, Part::new(1, board(15)))].into(),
        sources: Part::new(1, vec![SourceId::new("jetstream")]),
        ..QueryView::default()
    }
}

/// What moved the mood of the sample, as the fold would tell it.
fn movers() -> Movers {
    let movement = Movement {
        span_mins: 15,
        before: point(96, 380, 390, 70),
        now: point(138, 402, 361, 77),
        entered: point(138, 402, 361, 77),
        left: point(96, 380, 390, 70),
    };
    let mut posts = usual_posts();
    posts.extend(usual_posts());
    let posts: Vec<Mover> = posts
        .into_iter()
        .enumerate()
        .map(|(idx, post)| {
            let attitude = [Attitude::Negative, Attitude::Negative, Attitude::Neutral][idx % 3];
            Mover { item: item(post), part: movement.part(attitude) }
        })
        .collect();
    let listed: i64 = posts.iter().map(|mover| mover.part).sum();
    Movers { window_mins: 15, movement, posts, others: movement.whole() - listed }
}

fn board(window_mins: u32) -> Board {
    let topic = |term: &str, mood| Topic {
        term: term.into(),
        mood,
        samples: usual_posts().into_iter().take(1).map(item).collect(),
    };
    let language = vigie_model::Language::from_tag;
    Board {
        window_mins,
        topics: vec![
            topic("contrôleurs", point(3, 10, 48, 6)),
            topic("vélo à bord", point(2, 30, 31, 4)),
            topic("#CôteDAzur", point(0, 4, 12, 1)),
            topic("ありがとう", point(0, 0, 5, 1)),
            topic("climatisation", point(9, 3, 2, 0)),
            topic("panne de réseau", point(44, 8, 2, 3)),
            topic("انتظار", point(61, 20, 4, 9)),
        ],
        languages: vec![
            (language("fr"), point(90, 300, 240, 40)),
            (language("en"), point(20, 40, 80, 12)),
            (language("ar"), point(12, 9, 4, 8)),
            (language("und"), point(2, 40, 3, 12)),
        ],
        n_posts: 978,
        as_of: Some(NOW),
    }
}

/// An incident, one that somebody looks after, and one that is over.
pub(crate) fn alerts() -> Vec<Alert> {
    let alert = |id: u64, kind, term: Option<&str>, mins_ago: i64| Alert {
        id: AlertId(id),
        kind,
        at: NOW.plus(-mins_ago * MINUTE),
        last: NOW.plus(-MINUTE),
        active: true,
        query: Some(QueryName::new(QUERY)),
        term: term.map(SmolStr::new),
        value: 60.0,
        baseline: 5.0,
        ratio: 12.0,
        n_authors: 148,
        suspicion: 0.1,
        n_joined: 3,
        joined: vec!["bloqués".into()],
        samples: usual_posts().into_iter().take(1).map(item).collect(),
        acknowledged: None,
    };
    let seen = Acknowledgment { by: "Camille".into(), at: NOW.plus(-2 * MINUTE) };
    vec![
        alert(1, AlertKind::Term, Some("panne de signalisation"), 14),
        Alert { acknowledged: Some(seen), ..alert(2, AlertKind::Mood, None, 9) },
        Alert { active: false, ratio: 3.4, ..alert(3, AlertKind::Volume, None, 50) },
    ]
}

fn figures() -> Vec<FigureView> {
    let figure = |name: &str, value_milli, unit: &str| ExternalFigure {
        name: name.into(),
        at: NOW.plus(-60 * MINUTE),
        value_milli,
        baseline_milli: Some(100_000_000),
        unit: unit.into(),
        origin: "ventes.csv".into(),
        max_age: Some(24 * 60 * MINUTE),
    };
    let view = |figure: ExternalFigure| FigureView {
        source: SourceId::new("ventes"),
        baseline_milli: figure.baseline_milli,
        line_milli: vec![80_000_000, 90_000_000, 95_000_000, 100_000_000, figure.value_milli],
        figure,
    };
    vec![view(figure("ventes", 125_000_000, "€"))]
}

fn room(view: QueryView, sources: Vec<SourceView>) -> Snapshot {
    Snapshot {
        at: NOW,
        queries: [(QueryName::new(QUERY), view)].into(),
        sources: Part::new(1, sources),
        figures: Part::new(1, figures()),
        ..Snapshot::default()
    }
}

/// A room on a usual day.
pub(crate) fn usual() -> Snapshot {
    let sources =
        vec![source("jetstream", SourceState::Live, 2), source("presse", SourceState::Live, 12)];
    Snapshot { alerts: Part::new(1, alerts()), ..room(view(feed(usual_posts())), sources) }
}

/// The usual room, all of whose posts show something.
pub(crate) fn with_pictures() -> Snapshot {
    let mut posts = usual_posts();
    for post in &mut posts {
        post.media.push(Media {
            kind: MediaKind::Image,
            picture: Some("rail".into()),
            size_px: Some((320, 180)),
            description: "".into(),
        });
    }
    room(view(feed(posts)), vec![source("jetstream", SourceState::Live, 2)])
}

/// The usual room when one of its sources has been cut off.
pub(crate) fn partly_silent() -> Snapshot {
    let mut cut = source(
        "presse",
        SourceState::Waiting { until: NOW.plus(20_000_000), why: "connection refused".into() },
        400,
    );
    cut.n_lost = 214;
    cut.n_gaps = 3;
    let stopped = source(
        "interne",
        SourceState::Stopped { why: "the key `VIGIE_HOOK` is missing".into() },
        9_000,
    );
    let sources = vec![source("jetstream", SourceState::Live, 2), cut, stopped];
    room(view(feed(usual_posts())), sources)
}

/// The usual room when nothing has been heard for minutes.
pub(crate) fn stale() -> Snapshot {
    room(view(feed(usual_posts())), vec![source("jetstream", SourceState::Live, 190)])
}

/// The usual room, held still.
pub(crate) fn paused() -> Snapshot {
    let held = Feed { paused: true, n_waiting: 128, ..feed(usual_posts()) };
    room(view(held), vec![source("jetstream", SourceState::Live, 2)])
}

/// A room that knows its query and has nothing yet.
pub(crate) fn empty() -> Snapshot {
    room(QueryView::default(), vec![source("jetstream", SourceState::Live, 2)])
}

/// Posts that are as bad as they can be.
fn extreme_posts() -> Vec<Post> {
    let who = (
        "mastodon",
        "𝕱𝖗𝖆𝖓ç𝖔𝖎𝖘e-Marie-Antoinette de la Très-Longue-Dénomination 🏳️‍🌈🏳️‍🌈🏳️‍🌈",
        "a-very-long-handle.on.a-very-long-host.example",
    );
    let mut posts = vec![
        post(0, who, &"W".repeat(10_000)),
        post(1, who, &"שלום עולם מה שלומך היום ".repeat(40)),
        post(2, who, &"a\n".repeat(400)),
        post(3, who, &"😀👨‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿1️⃣".repeat(60)),
        post(4, who, ""),
        post(5, who, &format!("Z{}algo", "\u{36f}\u{489}\u{310}".repeat(100))),
        post(6, who, "\u{202e}reversed \u{2066}isolates never closed \u{202d}"),
        post(7, ("", "", ""), "\u{0}\u{7}\u{feff}"),
    ];
    for post in &mut posts {
        post.published = Timestamp::from_micros(i64::MIN);
        post.spans.push(Span { start: 1, end: u32::MAX, kind: SpanKind::Tag("x".into()) });
        post.spans.push(Span { start: 9, end: 3, kind: SpanKind::Tag("x".into()) });
        post.media.push(Media {
            kind: MediaKind::Image,
            picture: Some("rail".into()),
            size_px: Some((1, u32::MAX)),
            description: "W".repeat(5_000).into(),
        });
    }
    posts[6].labels.push(Label::Bot);
    posts
}

/// What a query shows where all of it is as bad as it can be.
fn extreme_view(huge: u64) -> QueryView {
    let mut view = view(feed(extreme_posts()));
    view.kpis.insert("posts".into(), kpi(KpiValue::Count(u64::MAX), Some(KpiValue::Count(0))));
    view.kpis.insert("answered".into(), kpi(KpiValue::Nothing, None));
    view.kpis.insert("reply rate".into(), kpi(KpiValue::Share(0, 0), Some(KpiValue::Share(5, 0))));
    view.kpis.insert(
        "reply time p50".into(),
        kpi(KpiValue::Duration(i64::MAX), Some(KpiValue::Duration(i64::MIN))),
    );
    let long = "W".repeat(300);
    let odd = vec![
        Trend { ratio: f64::INFINITY, ..trend(&long, huge, f64::NAN, &[u32::MAX; 90]) },
        Trend { ratio: f64::NAN, ..trend("מגמה", 0, 0.0, &[]) },
        trend("", 1, 1e300, &[0]),
    ];
    view.trends.insert(
        15,
        Part::new(2, Trends { window_mins: 15, terms: odd, n_posts: huge, as_of: None }),
    );
    let mood = Mood {
        window_mins: 15,
        now: point(huge, huge, huge, huge),
        before: MoodPoint::default(),
        line: vec![MoodPoint::default(), point(huge, 0, 0, 0), point(0, 0, 0, huge)],
        as_of: Some(Timestamp::from_micros(i64::MAX)),
    };
    view.mood.insert(15, Part::new(2, mood));
    view.volume.insert(
        60,
        Part::new(2, Volume { window_mins: 60, per_min: vec![u32::MAX; 1_440], as_of: None }),
    );
    let long_topic = |mood| Topic { term: long.as_str().into(), mood, samples: vec![] };
    let odd_board = Board {
        topics: vec![long_topic(point(0, 0, huge, 0)), long_topic(point(huge, huge, 0, huge))],
        languages: vec![(vigie_model::Language::default(), point(huge, 0, 0, 0))],
        ..Board::default()
    };
    view.boards.insert(60, Part::new(2, odd_board));
    let mut odd_movers = movers();
    odd_movers.movement.now = point(huge, huge, huge, huge);
    odd_movers.posts.iter_mut().for_each(|mover| mover.part = i64::MIN / 64);
    view.movers.insert(15, Part::new(2, odd_movers));
    view
}

/// A room whose posts and figures are as bad as they can be.
pub(crate) fn extreme() -> Snapshot {
    let mut sources: Vec<_> = (0..40)
        .map(|idx| {
            source(&format!("source-with-a-long-name-{idx}"), SourceState::Live, i64::from(idx))
        })
        .collect();
    for source in &mut sources {
        source.n_last_min = u64::MAX;
        source.n_lost = u64::MAX;
        source.lag = Some(i64::MAX);
    }
    sources[0].report.heard = Some(Timestamp::from_micros(i64::MAX));
    sources[1].report.state = SourceState::Stopped { why: SmolStr::new("W".repeat(2_000)) };
    let mut odd_alerts = alerts();
    odd_alerts[0].term = Some(SmolStr::new("W".repeat(300)));
    odd_alerts[0].ratio = f64::NAN;
    odd_alerts[1].ratio = f64::INFINITY;
    odd_alerts[1].n_authors = u64::MAX;
    let mut odd_figures = figures();
    odd_figures[0].figure.value_milli = i64::MIN;
    odd_figures[0].figure.unit = "W".repeat(60).into();
    odd_figures[0].line_milli = vec![i64::MIN, i64::MAX, 0];
    Snapshot {
        alerts: Part::new(2, odd_alerts),
        figures: Part::new(2, odd_figures),
        ..room(extreme_view(u64::MAX / 8), sources)
    }
}

/// The usual room after a bad edit of its file.
pub(crate) fn noticed() -> Snapshot {
    let text = "room.toml:12:3 unknown widget `fed`, did you mean `feed`? The room before goes on.";
    let notices = Part::new(1, vec![Notice { at: NOW, text: text.into() }]);
    Snapshot { notices, ..usual() }
}
