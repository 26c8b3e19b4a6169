//! Everything the console says by itself, in French and English, and the names of its views and lanes.

use vigie_layout::Locale;
use vigie_model::{Attitude, Flag, Hold, Level, Refusal};

/// What the console can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum View {
    /// The room: its screens, scenes, clocks.
    #[default]
    Room,
    /// The queue of posts.
    Moderation,
    /// Search over the posts that are here.
    Search,
    /// What calls the people in the room.
    Alerts,
    /// Where posts come from.
    Sources,
    /// The vote for the winner.
    Winner,
    /// Who did what.
    Log,
}

impl View {
    /// All views, in the order of their tabs; with Control, a digit opens one.
    pub const ALL: [Self; 7] = [
        Self::Room,
        Self::Moderation,
        Self::Search,
        Self::Alerts,
        Self::Sources,
        Self::Winner,
        Self::Log,
    ];

    /// Its name.
    #[must_use]
    pub const fn title(self, locale: Locale) -> &'static str {
        let label = match self {
            Self::Room => Label::Room,
            Self::Moderation => Label::Moderation,
            Self::Search => Label::Search,
            Self::Alerts => Label::Alerts,
            Self::Sources => Label::Sources,
            Self::Winner => Label::Winner,
            Self::Log => Label::Log,
        };
        label.text(locale)
    }
}

/// A lane of the queue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum LaneName {
    #[default]
    Waiting,
    /// What is on the wall now: no lane of the fold's, but where posts of open queries are taken off.
    Live,
    Stashed,
    Approved,
    Rejected,
    Flagged,
    Pinned,
}

impl LaneName {
    pub(crate) const ALL: [Self; 7] = [
        Self::Waiting,
        Self::Live,
        Self::Stashed,
        Self::Approved,
        Self::Rejected,
        Self::Flagged,
        Self::Pinned,
    ];

    pub(crate) const fn label(self) -> Label {
        match self {
            Self::Waiting => Label::LaneWaiting,
            Self::Live => Label::LaneLive,
            Self::Stashed => Label::LaneStashed,
            Self::Approved => Label::LaneApproved,
            Self::Rejected => Label::LaneRejected,
            Self::Flagged => Label::LaneFlagged,
            Self::Pinned => Label::LanePinned,
        }
    }
}

/// The name of a level.
pub(crate) const fn level(level: Level) -> Label {
    match level {
        Level::Green => Label::LevelGreen,
        Level::Orange => Label::LevelOrange,
        Level::Red => Label::LevelRed,
    }
}

/// The name of a class of sentiment.
pub(crate) const fn attitude(attitude: Attitude) -> Label {
    match attitude {
        Attitude::Negative => Label::Negative,
        Attitude::Neutral => Label::Neutral,
        Attitude::Positive => Label::Positive,
    }
}

/// Why a post waits.
pub(crate) const fn hold(hold: Hold) -> Label {
    match hold {
        Hold::Guarded => Label::HoldGuarded,
        Hold::Flagged => Label::HoldFlagged,
        Hold::Rule => Label::HoldRule,
    }
}

/// Why a text was flagged.
pub(crate) const fn flag(flag: Flag) -> Label {
    match flag {
        Flag::Offensive => Label::FlagOffensive,
        Flag::Profanity => Label::FlagProfanity,
        Flag::Insult => Label::FlagInsult,
        Flag::Hate => Label::FlagHate,
        Flag::Threat => Label::FlagThreat,
        Flag::Sexual => Label::FlagSexual,
        Flag::Spam => Label::FlagSpam,
        Flag::Flood => Label::FlagFlood,
        Flag::Sensitive => Label::FlagSensitive,
    }
}

/// Why a command came to nothing.
pub(crate) const fn refusal(refusal: Refusal) -> Label {
    match refusal {
        Refusal::TooSoon => Label::RefusedTooSoon,
        Refusal::Unknown => Label::RefusedUnknown,
        Refusal::Taken => Label::RefusedTaken,
        Refusal::NothingToUndo => Label::RefusedNothing,
        Refusal::NoVote => Label::RefusedNoVote,
        Refusal::Panic => Label::RefusedPanic,
    }
}

/// What stands between a name and what it names.
pub(crate) const fn colon(locale: Locale) -> &'static str {
    match locale {
        Locale::Fr => "\u{a0}: ",
        Locale::En => ": ",
    }
}

/// The name of a key where keyboards of the language have another.
pub(crate) fn key(key: &str, locale: Locale) -> String {
    match locale {
        Locale::Fr => key.to_owned(),
        Locale::En => key.replace("Maj", "Shift").replace("Espace", "Space").replace("0,3", "0.3"),
    }
}

vigie_widgets::word_table! {
/// Something that the console says by itself.
pub(crate) enum Label {
    Room: "Salle", "Room";
    Moderation: "Modération", "Moderation";
    Search: "Recherche", "Search";
    Alerts: "Alertes", "Alerts";
    Sources: "Sources", "Sources";
    Winner: "Gagnant", "Winner";
    Log: "Journal", "Log";
    LaneWaiting: "Nouveaux", "New";
    LaneStashed: "De côté", "Stashed";
    LaneApproved: "Approuvés", "Approved";
    LaneRejected: "Rejetés", "Rejected";
    LaneFlagged: "Signalés", "Flagged";
    LanePinned: "Épinglés", "Pinned";
    LevelGreen: "Vert", "Green";
    LevelOrange: "Orange", "Orange";
    LevelRed: "Rouge", "Red";
    LaneLive: "Au mur", "On the wall";
    Open: "Ouvrir", "Open";
    Take: "Passer à l’antenne", "Take";
    TakeOff: "Retirer de l’antenne", "Take off air";
    NextScene: "Scène suivante", "Next scene";
    PreviousScene: "Scène précédente", "Previous scene";
    SafeScene: "Écran neutre (panique)", "Safe scene (panic)";
    VisitorMode: "Mode visite", "Visitor mode";
    IdentifyScreens: "Numéroter les écrans", "Identify screens";
    PauseFeeds: "Mettre les fils en pause", "Pause feeds";
    PauseFeed: "Pause du fil", "Pause feed";
    SetGreen: "Niveau vert", "Level green";
    SetOrange: "Niveau orange", "Level orange";
    SetRed: "Niveau rouge", "Level red";
    Countdown: "Compte à rebours", "Countdown";
    Countdown5: "Compte à rebours de 5 min", "Countdown of 5 min";
    Countdown15: "Compte à rebours de 15 min", "Countdown of 15 min";
    Countdown60: "Compte à rebours de 1 h", "Countdown of 1 h";
    CountdownMore: "Compte à rebours : 1 min de plus", "Countdown: 1 min more";
    CountdownLess: "Compte à rebours : 1 min de moins", "Countdown: 1 min less";
    CountdownHold: "Compte à rebours : arrêter ou reprendre", "Countdown: hold or resume";
    CountdownClear: "Compte à rebours : effacer", "Countdown: clear";
    CountdownNone: "Aucun compte à rebours", "No countdown";
    Held: "arrêté", "held";
    Overtime: "dépassement", "overtime";
    Hold: "Arrêter", "Hold";
    Resume: "Reprendre", "Resume";
    Clear: "Effacer", "Clear";
    Approve: "Approuver", "Approve";
    Reject: "Rejeter", "Reject";
    Stash: "Mettre de côté", "Stash";
    Pin: "Épingler", "Pin";
    Unpin: "Désépingler", "Unpin";
    Flag: "Signaler", "Flag";
    Resolve: "C’est traité", "Resolve";
    BlockAuthor: "Bloquer l’auteur", "Block author";
    Claim: "Prendre", "Take charge";
    Release: "Rendre", "Let go";
    SayNegative: "Dire négatif", "Say negative";
    SayNeutral: "Dire neutre", "Say neutral";
    SayPositive: "Dire positif", "Say positive";
    SayQuestion: "Dire que c’est une question, ou non", "Say that it is a question, or not";
    Spotlight: "Mettre à la une", "Put in the spotlight";
    Undo: "Annuler la décision", "Undo the decision";
    Redo: "Rétablir la décision", "Redo the decision";
    Acknowledge: "Prendre l’alerte", "Acknowledge the alert";
    SearchPosts: "Chercher dans les messages", "Search the posts";
    OpenOrCrown: "Ouvrir le vote ou désigner le gagnant", "Open the vote or crown the winner";
    EndVote: "Abandonner le vote", "Give the vote up";
    SpeakFrench: "Parler français", "Speak French";
    SpeakEnglish: "Parler anglais", "Speak English";
    KeySheet: "Touches", "Keys";
    CloseConsole: "Fermer la console (le mur continue)", "Close the console (the wall goes on)";
    PutInPreview: "Mettre en aperçu", "Put in preview";
    ChooseScreen: "Choisir l’écran", "Choose the screen";
    RoleAnswers: "Réponses", "Answers";
    RoleCrisis: "Cellule de crise", "Crisis team";
    RoleContent: "Rédaction", "Content";
    RoleTechnique: "Régie", "Control room";
    NoReason: "à regarder", "to be looked at";
    DoneApproved: "Approuvé", "Approved";
    DoneRejected: "Rejeté", "Rejected";
    DoneStashed: "Mis de côté", "Stashed";
    DoneFlagged: "Signalé", "Flagged";
    DoneResolved: "Signalement traité", "Flag resolved";
    DoneBlocked: "Auteur bloqué :", "Author blocked:";
    DonePinned: "Épinglé pour le présentateur", "Pinned for the presenter";
    DoneUnpinned: "N’est plus épinglé", "No longer pinned";
    DoneRetoned: "Ton corrigé", "Tone corrected";
    DoneQuestion: "Compté comme question", "Counted as a question";
    DoneNoQuestion: "N’est plus une question", "No longer a question";
    DoneSeen: "Alerte prise", "Alert acknowledged";
    DoneSpotlit: "À la une sur", "In the spotlight on";
    DoneVoted: "Votre voix est comptée", "Your vote is counted";
    DoneUndone: "Annulé", "Undone";
    NoOpenAlert: "Aucune alerte ouverte", "No open alert";
    NoSuchScene: "Pas de scène à ce numéro", "No scene of that number";
    NoSuchScreen: "Pas d’écran à ce numéro", "No screen of that number";
    NoSuchEntry: "Pas de candidat à ce numéro", "No entry of that number";
    NothingInPreview: "Rien en aperçu : touches 1 à 9", "Nothing in preview: keys 1 to 9";
    ApproveFirst: "Ce message attend : approuver d’abord (A)", "This post waits: approve it first (A)";
    NoCandidates: "Aucun candidat : épingler des messages (P)", "No candidates: pin some posts (P)";
    TakenBy: "Pris par", "Taken by";
    ShiftInsists: "Maj pour décider quand même", "Shift to decide all the same";
    RefusedTooSoon: "Ignoré : trop tôt après la prise précédente", "Ignored: too soon after the last take";
    RefusedUnknown: "Refusé : la salle ne connaît pas ce nom", "Refused: the room has nothing of that name";
    RefusedTaken: "Refusé : un autre a pris ce message", "Refused: somebody else has taken this post";
    RefusedNothing: "Rien à annuler", "Nothing to undo";
    RefusedNoVote: "Refusé : pas de vote, ou personne n’a voté", "Refused: no vote, or nobody has voted";
    RefusedPanic: "Refusé : l’écran neutre est à l’antenne", "Refused: the safe scene is on";
    Negative: "négatif", "negative";
    Neutral: "neutre", "neutral";
    Positive: "positif", "positive";
    Unsure: "incertain", "unsure";
    HoldGuarded: "requête gardée", "guarded query";
    HoldFlagged: "texte signalé", "flagged text";
    HoldRule: "règle de la salle", "room rule";
    FlagOffensive: "offensant", "offensive";
    FlagProfanity: "grossier", "profanity";
    FlagInsult: "insulte", "insult";
    FlagHate: "haine", "hate";
    FlagThreat: "menace", "threat";
    FlagSexual: "sexuel", "sexual";
    FlagSpam: "publicité", "spam";
    FlagFlood: "inondation", "flood";
    FlagSensitive: "sensible", "sensitive";
    OnAir: "À L’ANTENNE", "ON AIR";
    OwnLayouts: "Chaque écran montre sa propre vue", "Every screen shows its own layout";
    NothingOnAir: "PAS DE SCÈNE", "NO SCENE";
    Preview: "APERÇU", "PREVIEW";
    NoPreview: "touches 1 à 9", "keys 1 to 9";
    SafeOn: "ÉCRAN NEUTRE", "SAFE SCENE";
    HoldEscAgain: "tenir Échap pour revenir", "hold Esc to come back";
    Since: "depuis", "since";
    Level: "Niveau", "Level";
    Paused: "EN PAUSE", "PAUSED";
    Masked: "VISITE", "VISITOR";
    Identifying: "NUMÉROS", "NUMBERS";
    Plan: "Plan de la salle", "Plan of the room";
    Scenes: "Scènes", "Scenes";
    Rundown: "Conducteur", "Rundown";
    NoScenes: "Ce fichier de salle n’a pas de scène", "This room file has no scene";
    NoScenesNext: "Une table [scene.nom] en ajoute une.", "A table [scene.name] adds one.";
    Clock: "Compte à rebours", "Countdown";
    Switches: "Commandes", "Switches";
    Panic: "Panique", "Panic";
    Restore: "Revenir", "Restore";
    Visitor: "Visite", "Visitor";
    Identify: "Numéros", "Identify";
    Pause: "Pause", "Pause";
    Missing: "ABSENT", "MISSING";
    Spotlit: "À LA UNE", "SPOTLIGHT";
    Target: "CIBLE", "TARGET";
    Frames: "img/s", "fps";
    Late: "en retard", "late";
    AllScreens: "tous les écrans répondent", "all screens answer";
    OfScreens: "écrans absents", "screens missing";
    Waiting: "en attente", "waiting";
    QueueEmpty: "Rien n’attend", "Nothing waits";
    QueueEmptyNext: "Les messages à décider arrivent ici.", "Posts to be decided come in here.";
    LaneEmpty: "Cette file est vide", "This lane is empty";
    LaneEmptyNext: "Ctrl+1 à 7 change de vue.", "Ctrl+1 to 7 changes the view.";
    NoPost: "Aucun message choisi", "No post chosen";
    NoPostNext: "Flèches ou clic pour en choisir un.", "Arrows or a click choose one.";
    Modes: "Requêtes", "Queries";
    Guarded: "gardée", "guarded";
    OpenMode: "ouverte", "open";
    Rules: "Règles", "Rules";
    RuleHold: "retenir", "hold";
    RuleBlock: "bloquer", "block";
    RuleAllow: "laisser", "allow";
    RuleFlagged: "texte signalé", "flagged text";
    Waits: "attend", "waits";
    Passes: "passe", "passes";
    Blocked: "auteurs bloqués", "blocked authors";
    RuledOut: "écartés par règle", "ruled out";
    More: "autres attendent derrière", "more wait behind these";
    Provenance: "Provenance", "Provenance";
    Network: "Réseau", "Network";
    AuthorId: "Auteur", "Author";
    PostIdName: "Message", "Post";
    Published: "Publié", "Published";
    Received: "Reçu", "Received";
    Entered: "Entré au journal", "Entered the log";
    After: "après", "after";
    Path: "Chemin", "Path";
    Edits: "Modifié", "Edits";
    NeverEdited: "jamais", "never";
    Times: "fois", "times";
    Queries: "Requêtes", "Queries";
    PassedRules: "Règles", "Rules";
    AllPassed: "toutes passées", "all passed";
    DecidedBy: "Décision", "Decision";
    NoDecision: "aucune", "none";
    By: "par", "by";
    Existence: "Suppression", "Deletion";
    StillThere: "toujours en ligne sur son réseau, à notre connaissance", "still on its network, as far as we know";
    Labels: "Étiquettes", "Labels";
    LanguageName: "Langue", "Language";
    Link: "Lien", "Link";
    FlaggedFor: "Signalé à", "Flagged to";
    Why: "Pourquoi ce ton", "Why this tone";
    NoWhy: "aucun mot ne pèse", "no word weighs";
    Tone: "Ton", "Tone";
    IsQuestion: "question", "question";
    Reply: "réponse", "reply";
    Edited: "modifié", "edited";
    Copies: "copies", "copies";
    Media: "média", "media";
    MeasuredF1: "F1 mesuré", "measured F1";
    Results: "Résultats", "Results";
    Through: "parmi les", "among the";
    PostsHere: "messages en mémoire", "posts in memory";
    NoHits: "Aucun message trouvé", "No post found";
    NoHitsNext: "Moins de mots trouvent plus.", "Fewer words find more.";
    SearchField: "Mots, auteur, réseau", "Words, author, network";
    NoAlerts: "Aucune alerte", "No alert";
    NoAlertsNext: "Rien ne dépasse son passé.", "Nothing rises above its past.";
    AlertOpen: "OUVERTE", "OPEN";
    AlertSeen: "PRISE", "SEEN";
    AlertOver: "TERMINÉE", "OVER";
    Evidence: "Preuves", "Evidence";
    Measured: "Mesuré", "Measured";
    Baseline: "Attendu", "Expected";
    Ratio: "Rapport", "Ratio";
    Authors: "Auteurs", "Authors";
    Bots: "Semble automatique", "Looks machine-made";
    Joined: "Alertes liées", "Joined alerts";
    From: "De", "From";
    To: "à", "to";
    SeenBy: "prise par", "seen by";
    Samples: "Messages", "Posts";
    NoSamples: "Aucun message à montrer", "No post to show";
    SourceName: "Source", "Source";
    State: "État", "State";
    Rate: "Débit", "Rate";
    PerMin: "/min", "/min";
    Lag: "Retard", "Lag";
    Age: "Âge", "Age";
    Kept: "Gardés", "Kept";
    Unasked: "Non demandés", "Unasked";
    Lost: "Perdus", "Lost";
    Gaps: "Trous", "Gaps";
    Skipped: "Illisibles", "Unreadable";
    Bytes: "Reçu", "Received";
    SilentAfter: "Muette après", "Silent after";
    StateLive: "en direct", "live";
    StateStarting: "démarre", "starting";
    StateSilent: "muette", "silent";
    StateStopped: "arrêtée", "stopped";
    StateFinished: "terminée", "finished";
    StateCatchingUp: "rattrape", "catching up";
    Retries: "réessaie à", "retries at";
    RoomCounts: "Compteurs de la salle", "Counters of the room";
    CountPosts: "Messages gardés", "Posts kept";
    CountEdits: "Modifications", "Edits";
    CountDeleted: "Supprimés", "Deleted";
    CountHeld: "Retenus", "Held";
    Notices: "À savoir", "Notices";
    NoNotices: "Rien à signaler", "Nothing to report";
    NoSources: "Aucune source", "No sources";
    NoSourcesNext: "Ajoutez-en une au fichier de la salle.", "Add one to the room file.";
    VoteOpen: "VOTE OUVERT", "VOTE OPEN";
    VoteClosed: "Sélection", "Shortlist";
    VoteBlind: "Les voix restent secrètes jusqu’à la fin.", "Votes stay secret to the end.";
    VoteFromPinned: "Les messages épinglés, dans l’ordre.", "The pinned posts, in their order.";
    VoteFromLive: "Rien n’est épinglé : les plus récents du mur.", "Nothing is pinned: the newest on the wall.";
    OpenVote: "Ouvrir le vote", "Open the vote";
    CrownWinner: "Désigner le gagnant", "Crown the winner";
    GiveUp: "Abandonner", "Give up";
    YourVote: "VOTRE VOIX", "YOUR VOTE";
    VotesCast: "voix", "votes";
    Winners: "Gagnants", "Winners";
    NoWinners: "Pas encore de gagnant", "No winner yet";
    NoWinnersNext: "Le premier s’inscrira ici.", "The first will be written here.";
    GonePost: "message supprimé", "post deleted";
    LogTitle: "Qui a fait quoi", "Who did what";
    NoLog: "Personne n’a encore rien fait", "Nobody has done anything yet";
    NoLogNext: "Chaque commande s’inscrit ici avec son auteur.", "Every command is written here with its author.";
    Refused: "SANS EFFET", "NO EFFECT";
    FlagTitle: "Demander une intervention", "Ask for an intervention";
    FlagReason: "Raison", "Reason";
    FlagOwner: "Qui s’en occupe", "Who looks after it";
    BlockTitle: "Bloquer cet auteur ?", "Block this author?";
    BlockText: "Tous ses messages quittent le mur et les files, ceux à venir aussi. Ctrl+Z les ramène.", "All posts of theirs leave the wall and the queue, those to come too. Ctrl+Z brings them back.";
    LevelTitle: "Changer le niveau ?", "Change the level?";
    LevelText: "La scène de ce niveau passe à l’antenne et chaque écran prend sa bordure.", "The scene of that level goes on air and every screen takes its edge.";
    Confirm: "Confirmer", "Confirm";
    Cancel: "Annuler", "Cancel";
    PaletteField: "Que faire ?", "What to do?";
    PaletteNone: "Rien de ce nom", "Nothing of that name";
    SheetEverywhere: "Partout", "Everywhere";
    SheetAir: "Antenne", "On air";
    SheetQueue: "File de messages", "Queue of posts";
    SheetOther: "Vues", "Views";
    KeyDigits: "scène en aperçu (vote dans Gagnant)", "scene in preview (vote in Winner)";
    KeyScreens: "choisir un écran", "choose a screen";
    KeyEnter: "à l’antenne ; à la une sur l’écran choisi", "take; spotlight on the chosen screen";
    KeyBack: "retirer", "take off";
    KeyPanic: "panique ; encore pour revenir", "panic; again to come back";
    KeyWalk: "parcourir la liste", "walk the list";
    KeyPages: "une page", "a page";
    KeyRundown: "conducteur", "rundown";
    KeyPalette: "tout faire par son nom", "everything by its name";
    KeyViews: "changer de vue", "change the view";
    KeyEscape: "fermer, lâcher", "close, let go";
    KeyInsist: "décider d’un message pris par un autre", "decide on a post taken by another";
    KeyTone: "corriger le ton", "correct the tone";
    NowPanic: "L’écran neutre couvre le mur : tenir Échap pour revenir", "The safe scene covers the wall: hold Esc to come back";
    NowMissing: "Écran absent : vérifier câble et alimentation", "Screen missing: check cable and power";
    NowSources: "Sources muettes : vérifier le réseau, ne rien conclure", "Sources silent: check the network, conclude nothing";
    NowAlert: "Alerte : lire les preuves, la prendre (K)", "Alert: read the evidence, acknowledge (K)";
    NowWaiting: "Messages en attente : décider (Ctrl+2)", "Posts wait: decide (Ctrl+2)";
    NowFlagged: "Messages signalés : les traiter", "Flagged posts: look after them";
    NowPreview: "Prêt en aperçu : Entrée pour passer à l’antenne", "Ready in preview: Enter to take";
    NowCalm: "Tout est calme : préparer la suite", "All is calm: prepare what comes next";
    Operator: "Opérateur", "Operator";
    Presenter: "Présentateur", "Presenter";
}
}
