//! The bench's room: fifty queries of ten phrases each, on ten screens.

use std::{fmt::Write as _, fs, path::Path};

use crate::room::files::RoomSource;

const N_QUERIES: usize = 50;
const N_PHRASES_EACH: usize = 10;
pub(super) const N_SCREENS: usize = 10;

/// The room: one query takes all, fifty look for ten phrases each, and ten screens show them.
pub(super) fn write_room(folder: &Path) -> anyhow::Result<RoomSource> {
    let mut room = "name = \"Pipeline\"\n\n[query]\nall = '*'\n".to_owned();
    let words = phrases();
    for (query_idx, words) in words.chunks(N_PHRASES_EACH).enumerate() {
        let words = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" OR ");
        writeln!(room, "q{query_idx} = '{words}'").ok(); // Writing into memory cannot fail.
    }
    for screen in 1..=N_SCREENS {
        let query_idx = screen * 4;
        let query = if screen == 1 { "all".to_owned() } else { format!("q{query_idx}") };
        write!(
            room,
            "\n[[screen]]\nname = \"s{screen}\"\ngrid = \"\"\"\nfeed feed trends\nfeed feed mood\n\"\"\"\n\
             feed = {{ widget = \"feed\", query = \"{query}\" }}\n\
             trends = {{ widget = \"trends\", query = \"all\", window = \"15 min\" }}\n\
             mood = {{ widget = \"sentiment\", query = \"{query}\", window = \"15 min\" }}\n"
        )
        .ok();
    }
    let path = folder.join("pipeline.toml");
    fs::write(&path, room)?;
    Ok(RoomSource::File(path))
}

/// Five hundred different phrases: words that people write, alone and in twos.
pub(super) fn phrases() -> Vec<String> {
    const WORDS: [&str; 40] = [
        "train", "retard", "gare", "panne", "merci", "service", "question", "bonjour", "ticket",
        "prix", "station", "delay", "great", "thanks", "weather", "football", "election", "music",
        "movie", "coffee", "vaccine", "school", "police", "hospital", "market", "budget",
        "climate", "energy", "water", "bridge", "match", "goal", "season", "album", "concert",
        "festival", "museum", "library", "garden", "river",
    ];
    let pairs = WORDS.iter().flat_map(|one| WORDS.iter().map(move |other| (one, other)));
    let pairs = pairs.filter(|(one, other)| one != other);
    let pairs = pairs.map(|(one, other)| format!("{one} {other}"));
    let words = WORDS.iter().map(|word| (*word).to_owned());
    words.chain(pairs).take(N_QUERIES * N_PHRASES_EACH).collect()
}
