//! What a person can do at the console, whichever key, button or word of the palette it came from.

use vigie_layout::Locale;
use vigie_model::{Attitude, CountdownStep, Level, PostId, QueryName, SceneName, Verdict};

use crate::label::{LaneName, View};

/// One thing that a person does.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Act {
    /// Opens a view.
    Show(View),
    /// Opens a lane of the queue.
    Lane(LaneName),
    /// Goes along the list that is open.
    Move(Way),
    /// Chooses a post of the list.
    Select(PostId),
    /// Decides on the chosen post.
    Decide(Verdict),
    /// Decides on the chosen post although somebody else has taken it.
    Insist(Verdict),
    /// Picks the chosen post for the presenter, or puts it back.
    Pin,
    /// Asks somebody to look after the chosen post, or says that it is done.
    Flag,
    /// Hides all posts of the chosen post's author, or shows them again.
    Block,
    /// Takes the chosen post, or lets it go.
    Claim,
    /// Says how the chosen post feels.
    Tone(Attitude),
    /// Says whether the chosen post asks something.
    Question,
    /// Takes back the last decision.
    Undo,
    /// Does it again.
    Redo,
    /// Puts a scene in preview by its number, or votes.
    Digit(u8),
    /// Puts a scene in preview.
    Preview(SceneName),
    /// Goes along the rundown.
    Step(i8),
    /// Goes on: takes the preview, shows the chosen post, crowns, confirms.
    Enter,
    /// Puts the preview on air.
    Take,
    /// Goes back: takes the spotlight or the scene off.
    Back,
    /// Chooses a screen, counted from 0, or lets it go.
    Screen(usize),
    /// Shows the chosen post large on the chosen screen.
    Spotlight,
    /// Shows numbers on all screens, or takes them off.
    Identify,
    /// Holds all feeds still, or lets them go on.
    Pause,
    /// Holds one feed still, or lets it go on.
    PauseQuery(QueryName),
    /// Masks names, or shows them.
    Mask,
    /// Puts the safe scene on, or takes it off.
    Panic,
    /// Asks whether to set the level.
    Level(Level),
    /// Does something with the countdown.
    Countdown(CountdownStep),
    /// Holds the countdown, or lets it go on.
    HoldCountdown,
    /// Says that the chosen alert, or the newest open one, has been seen.
    Acknowledge,
    /// Opens or closes the evidence of an alert.
    Evidence,
    /// Opens the view of search with the field ready.
    Search,
    /// Votes for one of the shortlist, counted from 1.
    Vote(u8),
    /// Opens the vote, or ends it.
    Crown,
    /// Gives the vote up.
    EndVote,
    /// Opens or closes the sheet of keys.
    Sheet,
    /// Opens or closes the palette.
    Palette,
    /// Closes what is open, else lets the chosen screen go.
    Escape,
    /// Says yes to what is asked.
    Confirm,
    /// Speaks another language.
    Language(Locale),
    /// Closes the console.
    Close,
}

/// A way along a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// So many further, or back.
    By(isize),
    /// A screenful further, or back.
    Pages(isize),
    /// To the first.
    First,
    /// To the last.
    Last,
}
