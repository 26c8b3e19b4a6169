//! Every word that the wall says by itself, in French and English.

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
