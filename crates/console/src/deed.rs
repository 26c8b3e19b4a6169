//! Commands in words, for the log of who did what.

use vigie_layout::Locale;
use vigie_model::{Command, CountdownStep};
use vigie_widgets::Words;

use crate::label::{self, Label};

/// What a command does, in the console's language.
pub(crate) fn words(command: &Command, words: &Words) -> String {
    let locale = words.locale;
    let say = |label: Label| label.text(locale);
    let colon = label::colon(locale);
    let both = |fr: &str, en: &str| match locale {
        Locale::Fr => fr.to_owned(),
        Locale::En => en.to_owned(),
    };
    let with = |label: Label, what: &dyn std::fmt::Display| format!("{} · {what}", say(label));
    let switched = |label: Label, on: bool| {
        format!("{} · {}", say(label), if on { both("oui", "on") } else { both("non", "off") })
    };
    match command {
        Command::Identify { shown } => switched(Label::IdentifyScreens, *shown),
        Command::Pause { query, paused } => {
            let query = query.as_ref().map(|query| format!(" · {query}")).unwrap_or_default();
            format!("{}{query}", switched(Label::PauseFeeds, *paused))
        }
        Command::Approve(post) => with(Label::Approve, post),
        Command::Reject(post) => with(Label::Reject, post),
        Command::Stash(post) => with(Label::Stash, post),
        Command::Forget(post) => {
            format!("{} · {post}", both("Effacer pour de bon", "Forget for good"))
        }
        Command::Pin { post, pinned } => {
            with(if *pinned { Label::Pin } else { Label::Unpin }, post)
        }
        Command::Flag { post, reason, owner } => {
            format!("{} → {owner}{colon}« {reason} » · {post}", say(Label::Flag))
        }
        Command::Resolve(post) => with(Label::Resolve, post),
        Command::Claim { post, taken } => {
            with(if *taken { Label::Claim } else { Label::Release }, post)
        }
        Command::Block { author, blocked: true } => with(Label::BlockAuthor, author),
        Command::Block { author, blocked: false } => {
            format!("{} · {author}", both("Débloquer l’auteur", "Unblock author"))
        }
        Command::Undo => say(Label::Undo).to_owned(),
        Command::Redo => say(Label::Redo).to_owned(),
        Command::Preview(Some(scene)) => with(Label::PutInPreview, scene),
        Command::Preview(None) => both("Vider l’aperçu", "Clear the preview"),
        Command::Step(steps) if *steps < 0 => say(Label::PreviousScene).to_owned(),
        Command::Step(_) => say(Label::NextScene).to_owned(),
        Command::Take(scene) => with(Label::Take, scene),
        Command::Out => say(Label::TakeOff).to_owned(),
        Command::Spotlight { screen, post: Some(post) } => {
            format!("{} · {screen} · {post}", say(Label::Spotlight))
        }
        Command::Spotlight { screen, post: None } => with(Label::TakeOff, screen),
        Command::Panic(on) => switched(Label::SafeScene, *on),
        Command::Mask(on) => switched(Label::VisitorMode, *on),
        Command::Level(level) => with(Label::Level, &say(label::level(*level))),
        Command::Countdown(step) => countdown(*step, words),
        Command::Shortlist(nominees) if nominees.is_empty() => say(Label::EndVote).to_owned(),
        Command::Shortlist(nominees) => {
            format!("{} · {}", say(Label::OpenVote), words.count(nominees.len() as u64))
        }
        // What somebody votes for stays theirs.
        Command::Vote(_) => both("Voter", "Vote"),
        Command::Crown => say(Label::CrownWinner).to_owned(),
        Command::Erase(author) => {
            format!("{} · {author}", both("Effacer l’auteur pour de bon", "Erase author for good"))
        }
        Command::Retone { post, attitude } => {
            format!(
                "{}{colon}{} · {post}",
                say(Label::DoneRetoned),
                say(label::attitude(*attitude))
            )
        }
        Command::Requestion { post, question: true } => with(Label::DoneQuestion, post),
        Command::Requestion { post, question: false } => with(Label::DoneNoQuestion, post),
        Command::Acknowledge(alert) => format!("{} · {}", say(Label::Acknowledge), alert.0),
        Command::Trouble { name, over, .. } => {
            format!(
                "{} · {name}",
                if *over { both("Rétabli", "Back") } else { both("Perdu", "Lost") }
            )
        }
        Command::Reloaded { notice } => reloaded(notice.as_deref(), locale),
    }
}

fn countdown(step: CountdownStep, words: &Words) -> String {
    let name = Label::Countdown.text(words.locale);
    let what = match step {
        CountdownStep::Start(secs) => words.duration(i64::from(secs) * 1_000_000),
        CountdownStep::Add(secs) => {
            let sign = if secs < 0 { "−" } else { "+" };
            format!("{sign}{}", words.duration(i64::from(secs).abs() * 1_000_000))
        }
        CountdownStep::Hold(true) => Label::Hold.text(words.locale).to_owned(),
        CountdownStep::Hold(false) => Label::Resume.text(words.locale).to_owned(),
        CountdownStep::Clear => Label::Clear.text(words.locale).to_owned(),
    };
    format!("{name} · {what}")
}

fn reloaded(notice: Option<&str>, locale: Locale) -> String {
    match (notice, locale) {
        (None, Locale::Fr) => "Fichier de salle relu".to_owned(),
        (None, Locale::En) => "Room file read again".to_owned(),
        (Some(notice), Locale::Fr) => format!("Fichier de salle refusé · {notice}"),
        (Some(notice), Locale::En) => format!("Room file refused · {notice}"),
    }
}
