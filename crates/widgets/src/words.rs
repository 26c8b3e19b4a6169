//! Everything the wall says by itself, in French and English, and how it writes numbers and times.

use jiff::tz::TimeZone;
pub use vigie_layout::Locale;
use vigie_model::{KpiValue, Micros, Timestamp};

const SECOND: Micros = 1_000_000;
const MINUTE: Micros = 60 * SECOND;
const HOUR: Micros = 60 * MINUTE;
const DAY: Micros = 24 * HOUR;

/// Longer times are no longer told apart.
const MAX_DAYS: Micros = 9_999;

/// Makes an enum out of texts in French and English: `Name: "français", "English";`.
#[macro_export]
macro_rules! word_table {
    ($(#[$meta:meta])* $vis:vis enum $table:ident {
        $($(#[$doc:meta])* $name:ident: $fr:literal, $en:literal;)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        $vis enum $table {
            $($(#[$doc])* $name,)*
        }

        impl $table {
            /// Every word.
            $vis const ALL: &[Self] = &[$(Self::$name),*];

            /// The word in a language.
            #[must_use]
            $vis const fn text(self, locale: $crate::Locale) -> &'static str {
                match (self, locale) {
                    $((Self::$name, $crate::Locale::Fr) => $fr,
                      (Self::$name, $crate::Locale::En) => $en,)*
                }
            }
        }
    };
}

word_table! {
/// Something that the wall says by itself.
pub enum Word {
    /// The feed's usual heading.
    Feed: "Fil", "Feed";
    /// The trends' usual heading.
    Trends: "Sujets en hausse", "Rising topics";
    /// The gauge's usual heading.
    Sentiment: "Sentiment", "Sentiment";
    /// The figures' usual heading.
    Figures: "Chiffres", "Figures";
    /// The countdown's usual heading.
    Countdown: "Compte à rebours", "Countdown";
    /// A countdown that nobody has started.
    NoCountdown: "Pas de compte à rebours", "No countdown";
    /// A countdown that stands still.
    Held: "arrêté", "held";
    /// A countdown that is over and goes on.
    Overtime: "dépassement", "overtime";
    /// The spotlight's usual heading.
    Spotlight: "À la une", "Spotlight";
    /// A spotlight without a post.
    NoSpotlight: "Aucun message à la une", "No post in the spotlight";
    /// The winner's usual heading.
    Winner: "Gagnant", "Winner";
    /// A room without a winner.
    NoWinner: "Pas encore de gagnant", "No winner yet";
    /// People are voting.
    VoteOpen: "Vote en cours", "Voting";
    /// One vote, after a number.
    Vote: "voix", "vote";
    /// Several votes, after a number.
    Votes: "voix", "votes";
    /// Names are masked.
    Masked: "Mode visite", "Visitor mode";
    /// The level orange.
    Orange: "Vigilance", "Alert";
    /// The level red.
    Red: "Crise", "Crisis";
    /// The sources' usual heading.
    Sources: "Sources", "Sources";
    /// The volume's usual heading.
    Volume: "Messages par minute", "Posts per minute";
    /// How long ago something was: `{}` stands for the time.
    Ago: "il y a {}", "{} ago";
    /// Less than a minute ago.
    Now: "< 1 min", "now";
    /// Held still.
    Paused: "En pause", "Paused";
    /// Follows a number of posts.
    Waiting: "en attente", "waiting";
    /// A room without posts.
    NoPosts: "Aucun message pour l’instant", "No posts yet";
    /// What happens next in a room without posts.
    NoPostsNext: "Le premier s’affichera ici.", "The first one will appear here.";
    /// A room without sources.
    NoSources: "Aucune source", "No sources";
    /// What to do in a room without sources.
    NoSourcesNext: "Ajoutez-en une au fichier de la salle.", "Add one to the room file.";
    /// A query that no widget of the room knows.
    NoQuery: "Requête inconnue", "Unknown query";
    /// Nothing rises.
    NoTrends: "Rien ne monte", "Nothing is rising";
    /// Nothing to measure yet.
    NoFigure: "rien à mesurer", "nothing to measure";
    /// Follows a number of authors.
    Authors: "auteurs", "authors";
    /// Follows the number one.
    Author: "auteur", "author";
    /// Follows a number of posts.
    Posts: "messages", "posts";
    /// Follows the number one.
    Post: "message", "post";
    /// A term without a past.
    New: "nouveau", "new";
    /// Posts of praise.
    Positive: "positifs", "positive";
    /// Posts that are neither.
    Neutral: "neutres", "neutral";
    /// Posts that complain.
    Negative: "négatifs", "negative";
    /// Posts that the analysis would not class.
    Unsure: "incertains", "unsure";
    /// Stands before how well the analysis reads sentiment, as it was measured.
    Measured: "F1 mesuré", "measured F1";
    /// Stands before a goal.
    Goal: "Objectif", "Goal";
    /// A goal that is reached.
    Reached: "atteint", "reached";
    /// A goal that is not reached.
    Missed: "manqué", "missed";
    /// Stands before the figure of the period before.
    Before: "avant", "before";
    /// No difference to the period before.
    Unchanged: "stable", "unchanged";
    /// A source that is connected and up to date.
    Live: "en direct", "live";
    /// A source that reads what it missed.
    CatchingUp: "rattrape son retard", "catching up";
    /// A source that has not been connected yet.
    Starting: "démarre", "starting";
    /// A source that will try again.
    Retrying: "réessaie", "retrying";
    /// A source that is silent for too long.
    Silent: "muette", "silent";
    /// A source that waits for a person.
    Stopped: "arrêtée", "stopped";
    /// A source at its end.
    Finished: "terminée", "finished";
    /// Stands before how long nothing was heard.
    NoNewsFor: "sans nouvelles depuis", "no news for";
    /// Nothing was ever heard.
    NoNews: "sans nouvelles", "no news";
    /// Stands between two numbers of sources.
    Of: "sur", "of";
    /// Follows a number of sources.
    SourcesSilent: "sources muettes", "sources silent";
    /// Follows a rate.
    PerMinute: "/min", "/min";
    /// Stands before a delay.
    Lag: "retard", "lag";
    /// Follows a number of lost events.
    Lost: "perdus", "lost";
    /// Follows a number of gaps.
    Gaps: "trous", "gaps";
    /// No event is known to be lost.
    NothingLost: "rien de perdu", "nothing lost";
    /// A campaign that is over.
    Over: "terminé", "over";
    /// Stands before what remains of a campaign.
    EndsIn: "Fin dans", "Ends in";
    /// Stands before what remains until a campaign.
    StartsIn: "Début dans", "Starts in";
    /// A widget that failed.
    Failed: "Ce bloc est en panne", "This widget has failed";
    /// What the program does about a widget that failed.
    FailedNext: "Les autres continuent.", "The others go on.";
    /// Stands above the number of a screen.
    Screen: "Écran", "Screen";
    /// What is asked where screens cannot be told apart.
    WhichScreen: "Quel écran est-ce ?", "Which screen is this?";
    /// Stands before what is wrong with a room file.
    BadReload: "Fichier de salle refusé", "Room file refused";
    /// A post that was changed after it was published.
    Edited: "modifié", "edited";
    /// A post that answers another.
    Reply: "réponse", "reply";
    /// A film.
    Video: "Vidéo", "Video";
    /// A picture.
    Picture: "Image", "Picture";
    /// A link.
    Link: "Lien", "Link";
    /// A goal that is kept to: what should stay small is small.
    OnTrack: "en bonne voie", "on track";
    /// A goal that is not kept to.
    OffTrack: "hors cible", "off track";
    /// Stands between the two ends of an interval.
    PlusMinus: "±", "±";
    /// The posts that moved the mood.
    Movers: "Ce qui a bougé l’humeur", "What moved the mood";
    /// Stands for all posts that a list does not name.
    Others: "autres", "others";
    /// Nothing has moved.
    NothingMoved: "Rien n’a bougé", "Nothing has moved";
    /// A unit of a balance.
    Points: "pts", "pts";
    /// Moods by topic.
    MoodByTopic: "Humeur par sujet", "Mood by topic";
    /// Moods by language.
    MoodByLanguage: "Humeur par langue", "Mood by language";
    /// A language that could not be told.
    UnknownLanguage: "autre", "other";
    /// The board of strengths and weaknesses.
    Board: "Forces et faiblesses", "Strengths and weaknesses";
    /// What people speak well of.
    Strengths: "Forces", "Strengths";
    /// What people speak ill of.
    Weaknesses: "Faiblesses", "Weaknesses";
    /// No topic leans to either side.
    NoTopics: "Pas encore de sujet net", "No clear topic yet";
    /// The share of voice.
    Voice: "Part de voix", "Share of voice";
    /// Nobody has spoken of any of the names.
    NoVoice: "Personne n’en parle", "Nobody speaks of it";
    /// Stands above alerts.
    Incidents: "Alertes", "Alerts";
    /// No alert is open.
    NoIncidents: "Aucune alerte", "No alert";
    /// An alert that someone looks after.
    SeenBy: "vu par", "seen by";
    /// An alert that is over.
    Ended: "terminé", "over";
    /// Stands before the time at which something began.
    Since: "depuis", "since";
    /// The volume rises.
    AlertVolume: "Pic de messages", "Surge of posts";
    /// The mood turns.
    AlertMood: "Vague négative", "Negative wave";
    /// A surge of posts, short.
    AlertVolumeShort: "Pic", "Surge";
    /// A negative wave, short.
    AlertMoodShort: "Humeur", "Mood";
    /// A source is silent.
    AlertSource: "Source coupée", "Source cut";
    /// A screen is gone.
    AlertScreen: "Écran perdu", "Screen lost";
    /// The log cannot be written.
    AlertStore: "Journal bloqué", "Log blocked";
    /// Follows a number of alerts that belong to the same incident.
    Joined: "liées", "linked";
    /// Posts that look machine-made.
    Bots: "robots ?", "bots?";
    /// Stands before the number that the past leads to expect.
    Expected: "attendu", "expected";
    /// Figures from outside.
    Outside: "Chiffres externes", "Outside figures";
    /// A figure that nobody has brought yet.
    NoOutside: "Pas encore de chiffre", "No figure yet";
    /// Where it would come from.
    NoOutsideNext: "Sa source ne l’a pas encore donné.", "Its source has not told it yet.";
    /// A value that is older than it may be.
    TooOld: "périmé", "out of date";
    /// Stands above the next act.
    Next: "Et maintenant ?", "What now?";
    /// Stands before the person who acts.
    Owner: "Qui", "Who";
    /// The last hour.
    LastHour: "Dernière heure", "Last hour";
    /// Stands before the figure of the same hour of the day before.
    SameHourBefore: "hier même heure", "same hour yesterday";
    /// Follows a number of posts that say the same.
    Copies: "×", "×";
    /// More posts are here than fit.
    MeasurePosts: "Messages", "Posts";
    /// The measure `authors`.
    MeasureAuthors: "Auteurs", "Authors";
    /// The measure `questions`.
    MeasureQuestions: "Questions", "Questions";
    /// The measure `answered`.
    MeasureAnswered: "Réponses", "Answers";
    /// The measure `people answered`.
    MeasurePeopleAnswered: "Personnes jointes", "People answered";
    /// The measure `people answered`, short.
    MeasurePeopleAnsweredShort: "Répondu à", "Replied to";
    /// The measure `reply rate`.
    MeasureReplyRate: "Taux de réponse", "Reply rate";
    /// The measure `reply rate`, short.
    MeasureReplyRateShort: "Répondu", "Replied";
    /// The measure `question reply rate`.
    MeasureQuestionReplyRate: "Questions répondues", "Questions answered";
    /// The measure `question reply rate`, short.
    MeasureQuestionReplyRateShort: "Q. répondues", "Q. answered";
    /// The measure `reply time p50`.
    MeasureReplyTime: "Délai médian", "Median reply time";
    /// The measure `reply time p50`, short.
    MeasureReplyTimeShort: "Délai", "Reply time";
    /// The measure `reply time p90`.
    MeasureSlowReplyTime: "Délai, 9 sur 10", "Reply time, 9 of 10";
    /// The measure `reply time p90`, short.
    MeasureSlowReplyTimeShort: "Délai 9/10", "Time 9/10";
    /// The measure `negative share`.
    MeasureNegativeShare: "Part négative", "Negative share";
    /// The measure `negative share`, short.
    MeasureNegativeShareShort: "Négatifs", "Negative";
    /// The measure `positive share`.
    MeasurePositiveShare: "Part positive", "Positive share";
    /// The measure `positive share`, short.
    MeasurePositiveShareShort: "Positifs", "Positive";
    /// The measure `unsure share`.
    MeasureUnsureShare: "Part incertaine", "Unsure share";
    /// The measure `unsure share`, short.
    MeasureUnsureShareShort: "Incertains", "Unsure";
    /// The measure `reply wait p50`.
    MeasureReplyWait: "Attente médiane", "Median wait";
    /// The measure `reply wait p90`.
    MeasureSlowReplyWait: "Attente, 9 sur 10", "Wait, 9 of 10";
    /// The measure `reply wait p90`, short.
    MeasureSlowReplyWaitShort: "Attente 9/10", "Wait 9/10";
    /// The measure `spark to live`.
    MeasureSparkToLive: "De l’idée au direct", "Spark to live";
    /// The measure `spark to live`, short.
    MeasureSparkToLiveShort: "Idée→direct", "To live";
    /// The measure `engaged per thousand`.
    MeasureEngaged: "Engagés pour 1000 touchés", "Engaged per 1000 reached";
    /// The measure `engaged per thousand`, short.
    MeasureEngagedShort: "Engagés/1000", "Engaged/1000";
    /// The measure `own posts`.
    MeasureOwnPosts: "Nos messages", "Our posts";
    /// The measure `own posts`, short.
    MeasureOwnPostsShort: "De nous", "Ours";
}
}

/// How the wall speaks: in which language, and by which clock.
#[derive(Clone, Debug)]
pub struct Words {
    /// The language.
    pub locale: Locale,
    /// The zone of the clock.
    pub zone: TimeZone,
}

impl Words {
    /// The text of `word`.
    #[must_use]
    pub const fn say(&self, word: Word) -> &'static str {
        word.text(self.locale)
    }

    /// A whole number with its thousands apart: `12 345`, `12,345`; from a million on `1,2 M`, `1.2M`.
    #[must_use]
    pub fn count(&self, number: u64) -> String {
        let (separator, space) = match self.locale {
            Locale::Fr => ('\u{202f}', "\u{202f}"),
            Locale::En => (',', ""),
        };
        let large = [(1_000_000_000_000, "T"), (1_000_000_000, "G"), (1_000_000, "M")];
        for (unit, sign) in large {
            if number >= unit {
                let tenths = number / (unit / 10);
                let figure = if tenths >= 1_000 {
                    grouped(tenths / 10, separator)
                } else {
                    self.decimal(tenths as f64 / 10.0, 1)
                };
                return format!("{figure}{space}{sign}");
            }
        }
        grouped(number, separator)
    }

    /// A figure in thousandths with its unit behind it: `12 345 €`, `1.5 %`.
    #[must_use]
    pub fn milli(&self, value_milli: i64, unit: &str) -> String {
        let whole = value_milli.unsigned_abs() / 1_000;
        let tenths = value_milli.unsigned_abs() % 1_000 / 100;
        let figure = if whole < 100 && tenths > 0 {
            self.decimal(whole as f64 + tenths as f64 / 10.0, 1)
        } else {
            self.count(whole)
        };
        let sign = if value_milli < 0 { "−" } else { "" };
        let space = if unit.is_empty() { "" } else { "\u{a0}" };
        format!("{sign}{figure}{space}{unit}")
    }

    /// A language by its code, in words where we have them: `français`.
    #[must_use]
    pub fn language(&self, code: &str) -> String {
        let (fr, en) = match code {
            "fr" => ("français", "French"),
            "en" => ("anglais", "English"),
            "es" => ("espagnol", "Spanish"),
            "de" => ("allemand", "German"),
            "it" => ("italien", "Italian"),
            "pt" => ("portugais", "Portuguese"),
            "nl" => ("néerlandais", "Dutch"),
            "ar" => ("arabe", "Arabic"),
            "ja" => ("japonais", "Japanese"),
            "ko" => ("coréen", "Korean"),
            "zh" => ("chinois", "Chinese"),
            "hi" => ("hindi", "Hindi"),
            "ru" => ("russe", "Russian"),
            "tr" => ("turc", "Turkish"),
            other => return other.to_owned(),
        };
        match self.locale {
            Locale::Fr => fr,
            Locale::En => en,
        }
        .to_owned()
    }

    /// A share with its sign, in whole percents: `+25 %`.
    #[must_use]
    pub fn signed_percent(&self, share: f64) -> String {
        let sign = if share > 0.0 { "+" } else { "" };
        format!("{sign}{}", self.percent(share))
    }

    /// A day and a time of it: `23/11 18:00`.
    #[must_use]
    pub fn day_time(&self, at: Timestamp) -> String {
        let zoned = self.zone.to_datetime(at.to_jiff());
        format!("{:02}/{:02} {}", zoned.day(), zoned.month(), self.time(at))
    }

    /// A number of things: `1 author`, `12 authors`.
    #[must_use]
    pub fn count_of(&self, number: u64, one: Word, many: Word) -> String {
        // French counts zero as one thing.
        let single = number == 1 || (number == 0 && self.locale == Locale::Fr);
        let word = if single { one } else { many };
        format!("{}\u{a0}{}", self.count(number), self.say(word))
    }

    /// A number with `n_digits` digits after the point.
    #[must_use]
    pub fn decimal(&self, number: f64, n_digits: usize) -> String {
        let text = format!("{number:.n_digits$}").replace('-', "−");
        match self.locale {
            Locale::Fr => text.replace('.', ","),
            Locale::En => text,
        }
    }

    /// A share as whole percents: `12 %`, `12%`.
    #[must_use]
    pub fn percent(&self, share: f64) -> String {
        let percents = share * 100.0;
        let figure = if percents > 0.0 && percents < 0.5 {
            "<\u{202f}1".to_owned()
        } else {
            self.decimal(percents.round() + 0.0, 0)
        };
        match self.locale {
            Locale::Fr => format!("{figure}\u{202f}%"),
            Locale::En => format!("{figure}%"),
        }
    }

    /// How long ago: changes once a minute at most.
    #[must_use]
    pub fn age(&self, age: Micros) -> String {
        if age < MINUTE { self.say(Word::Now).to_owned() } else { self.span(age) }
    }

    /// How long ago, as words; nothing for what is younger than a minute.
    #[must_use]
    pub fn ago(&self, age: Micros) -> Option<String> {
        (age >= MINUTE).then(|| self.say(Word::Ago).replace("{}", &self.span(age)))
    }

    /// A length of time in its largest unit: `45 s`, `12 min`, `5 h`, `3 d`.
    #[must_use]
    pub fn span(&self, span: Micros) -> String {
        let day = match self.locale {
            Locale::Fr => "j",
            Locale::En => "d",
        };
        match span.max(0) {
            span if span < MINUTE => format!("{}\u{a0}s", span / SECOND),
            span if span < HOUR => format!("{}\u{a0}min", span / MINUTE),
            span if span < 2 * DAY => format!("{}\u{a0}h", span / HOUR),
            span => format!("{}\u{a0}{day}", (span / DAY).min(MAX_DAYS)),
        }
    }

    /// A length of time as a figure: `45 s`, `12 min`, `1 h 05`, `2 d 4 h`.
    #[must_use]
    pub fn duration(&self, span: Micros) -> String {
        let span = span.max(0);
        match span {
            span if (MINUTE..10 * MINUTE).contains(&span) => {
                format!("{}\u{a0}min\u{a0}{:02}", span / MINUTE, span % MINUTE / SECOND)
            }
            span if (HOUR..DAY).contains(&span) => {
                format!("{}\u{a0}h\u{a0}{:02}", span / HOUR, span % HOUR / MINUTE)
            }
            span => self.span(span),
        }
    }

    /// What remains, to the second: `2:05:09`, `3 d 02:05:09`.
    #[must_use]
    pub fn countdown(&self, span: Micros) -> String {
        let secs = span.max(0) / SECOND;
        let (hours, mins, secs) = (secs / 3_600, secs / 60 % 60, secs % 60);
        if hours >= 48 {
            self.span(span)
        } else if hours > 0 {
            format!("{hours}:{mins:02}:{secs:02}")
        } else {
            format!("{mins}:{secs:02}")
        }
    }

    /// The time of day: `14:32`.
    #[must_use]
    pub fn time(&self, at: Timestamp) -> String {
        let zoned = self.zone.to_datetime(at.to_jiff());
        format!("{:02}:{:02}", zoned.hour(), zoned.minute())
    }

    /// The time of day with seconds: `14:32:05`.
    #[must_use]
    pub fn time_secs(&self, at: Timestamp) -> String {
        let zoned = self.zone.to_datetime(at.to_jiff());
        format!("{:02}:{:02}:{:02}", zoned.hour(), zoned.minute(), zoned.second())
    }

    /// The day: `lundi 23 novembre`, `Monday 23 November`.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> String {
        let zoned = self.zone.to_datetime(at.to_jiff());
        let (days, months): (&[&str; 7], &[&str; 12]) = match self.locale {
            Locale::Fr => (&DAYS_FR, &MONTHS_FR),
            Locale::En => (&DAYS_EN, &MONTHS_EN),
        };
        let day = usize::try_from(zoned.weekday().to_monday_zero_offset()).unwrap_or_default();
        let month = usize::try_from(zoned.month() - 1).unwrap_or_default();
        let day = days.get(day).copied().unwrap_or_default();
        let month = months.get(month).copied().unwrap_or_default();
        format!("{day} {} {month}", zoned.day())
    }

    /// A figure in its unit, or nothing where there is nothing to measure.
    #[must_use]
    pub fn figure(&self, value: KpiValue) -> Option<String> {
        match value {
            KpiValue::Nothing | KpiValue::Share(_, 0) | KpiValue::PerThousand(_, 0) => None,
            KpiValue::Count(number) => Some(self.count(number)),
            KpiValue::Share(part, whole) => Some(self.percent(part as f64 / whole as f64)),
            KpiValue::Duration(span) => Some(self.duration(span)),
            KpiValue::PerThousand(part, whole) => {
                let rate = part as f64 / whole as f64 * 1_000.0;
                Some(self.decimal(rate, usize::from(rate < 9.95)))
            }
        }
    }
}

const DAYS_FR: [&str; 7] =
    ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const DAYS_EN: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The digits of a number in groups of three.
fn grouped(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + 6);
    for (idx, digit) in digits.chars().enumerate() {
        if idx > 0 && (digits.len() - idx).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(locale: Locale) -> Words {
        Words { locale, zone: TimeZone::UTC }
    }

    #[track_caller]
    fn check(say: impl Fn(&Words) -> String, fr: &str, en: &str) {
        let plain = |locale| say(&words(locale)).replace(['\u{a0}', '\u{202f}'], " ");
        assert_eq!((plain(Locale::Fr), plain(Locale::En)), (fr.to_owned(), en.to_owned()));
    }

    #[test]
    fn every_word_has_both_languages() {
        for word in Word::ALL {
            for locale in [Locale::Fr, Locale::En] {
                assert!(!word.text(locale).trim().is_empty(), "{word:?}");
            }
        }
    }

    #[test]
    fn numbers() {
        check(|words| words.count(0), "0", "0");
        check(|words| words.count(12_345), "12 345", "12,345");
        check(|words| words.count(999_999), "999 999", "999,999");
        check(|words| words.count(1_250_000), "1,2 M", "1.2M");
        check(|words| words.count(512_000_000), "512 M", "512M");
        check(|words| words.count(u64::MAX), "18 446 744 T", "18,446,744T");
        check(|words| words.percent(0.124), "12 %", "12%");
        check(|words| words.percent(0.001), "< 1 %", "< 1%");
        check(|words| words.percent(-0.001), "0 %", "0%");
        check(|words| words.decimal(-1.25, 1), "−1,2", "−1.2");
        check(|words| words.count_of(0, Word::Author, Word::Authors), "0 auteur", "0 authors");
        check(|words| words.count_of(2, Word::Author, Word::Authors), "2 auteurs", "2 authors");
    }

    #[test]
    fn times() {
        check(|words| words.age(59 * SECOND), "< 1 min", "now");
        check(|words| words.age(-5 * SECOND), "< 1 min", "now");
        check(|words| words.age(3 * MINUTE), "3 min", "3 min");
        check(|words| words.age(47 * HOUR), "47 h", "47 h");
        check(|words| words.age(3 * DAY), "3 j", "3 d");
        check(|words| words.ago(59 * SECOND).unwrap_or_default(), "", "");
        check(|words| words.ago(2 * MINUTE).unwrap_or_default(), "il y a 2 min", "2 min ago");
        check(|words| words.duration(65 * MINUTE), "1 h 05", "1 h 05");
        check(|words| words.duration(125 * SECOND), "2 min 05", "2 min 05");
        check(|words| words.duration(40 * SECOND), "40 s", "40 s");
        check(|words| words.duration(i64::MAX), "9999 j", "9999 d");
        check(|words| words.countdown(3_909 * SECOND), "1:05:09", "1:05:09");
        check(|words| words.countdown(-1), "0:00", "0:00");
        let at = Timestamp::parse("2026-11-23T14:32:05Z").unwrap();
        check(|words| words.time(at), "14:32", "14:32");
        check(|words| words.time_secs(at), "14:32:05", "14:32:05");
        check(|words| words.date(at), "lundi 23 novembre", "Monday 23 November");
        assert_eq!(words(Locale::En).time(Timestamp::from_micros(i64::MIN)).len(), 5);
    }
}
