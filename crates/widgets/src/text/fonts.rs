//! The fonts that the program carries, and the system's as the last fallback.
//!
//! One [`Fonts`] serves all screens: the bytes lie once in the program's own file, and are never copied.
//! System fonts are looked for on a thread of their own, and only once a text needs a character that
//! the program's fonts lack, since asking the system can take hundreds of milliseconds.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use egui::{FontData, FontDefinitions, FontFamily};
use fontique::{Blob, Collection, CollectionOptions, SourceCache};
use parking_lot::Mutex;
use parley::{FontContext, FontFamilyName};

macro_rules! font {
    ($file:literal) => {
        include_bytes!(concat!("../../../../assets/fonts/", $file))
    };
}

/// Every font file that the program carries, so that a wall that starts from a bare program looks right.
const FILES: [&[u8]; 23] = [
    font!("Inter.ttf"),
    font!("InterDisplay.ttf"),
    font!("NotoSans.ttf"),
    font!("NotoSansArabic-Regular.ttf"),
    font!("NotoSansArabic-Bold.ttf"),
    font!("NotoSansHebrew-Regular.ttf"),
    font!("NotoSansHebrew-Bold.ttf"),
    font!("NotoSansDevanagari-Regular.ttf"),
    font!("NotoSansDevanagari-Bold.ttf"),
    font!("NotoSansThai-Regular.ttf"),
    font!("NotoSansThai-Bold.ttf"),
    font!("NotoSansBengali.ttf"),
    font!("NotoSansTamil.ttf"),
    font!("NotoSansTelugu.ttf"),
    font!("NotoSansGujarati.ttf"),
    font!("NotoSansGurmukhi.ttf"),
    font!("NotoSansGeorgian.ttf"),
    font!("NotoSansArmenian.ttf"),
    font!("NotoSansEthiopic.ttf"),
    font!("NotoSansMath.ttf"),
    font!("NotoSansSymbols.ttf"),
    font!("NotoSansSymbols2.ttf"),
    font!("NotoSansCJK.otf"),
];

/// Bitmaps in colour for all emoji.
const EMOJI_FILE: &[u8] = font!("NotoColorEmoji.ttf");

/// The font families for running text, the first that has a character draws it.
///
/// The emoji stand after every script, since they hold plain digits too, and before the signs, which
/// would draw hearts and suns without colour.
const TEXT: [&str; 19] = [
    "Inter",
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans CJK JP",
    "Noto Sans Bengali",
    "Noto Sans Tamil",
    "Noto Sans Telugu",
    "Noto Sans Gujarati",
    "Noto Sans Gurmukhi",
    "Noto Sans Georgian",
    "Noto Sans Armenian",
    "Noto Sans Ethiopic",
    EMOJI,
    "Noto Sans Symbols",
    "Noto Sans Symbols2",
    "Noto Sans Math",
];

/// The family of the emoji.
const EMOJI: &str = "Noto Color Emoji";

/// Which design of letters a text uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Face {
    /// For reading.
    #[default]
    Text,
    /// For large figures and titles.
    Display,
    /// For emoji: digits and signs are drawn as emoji too.
    Emoji,
}

impl Face {
    /// The families of this face, first choice first.
    pub(crate) fn families(self) -> Vec<FontFamilyName<'static>> {
        let first = match self {
            Self::Text => None,
            Self::Display => Some("Inter Display"),
            Self::Emoji => Some(EMOJI),
        };
        first.into_iter().chain(TEXT).map(FontFamilyName::named).collect()
    }
}

/// The fonts of all screens. A clone is the same fonts.
#[derive(Clone)]
pub struct Fonts(Arc<Shared>);

struct Shared {
    context: Mutex<FontContext>,
    version: AtomicU64,
    /// Whether the system's fonts may be looked for, and have not been yet.
    searchable: AtomicBool,
}

impl fmt::Debug for Fonts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Fonts(version {})", self.version())
    }
}

impl Fonts {
    /// The program's own fonts alone: the same pictures on every machine.
    #[must_use]
    pub fn bundled() -> Self {
        Self::new(false)
    }

    /// The program's own fonts, and the system's for what these lack.
    #[must_use]
    pub fn with_system() -> Self {
        Self::new(true)
    }

    fn new(searchable: bool) -> Self {
        let mut context = FontContext {
            collection: Collection::new(CollectionOptions { shared: false, system_fonts: false }),
            source_cache: SourceCache::new_shared(),
        };
        for bytes in FILES.into_iter().chain([EMOJI_FILE]) {
            context.collection.register_fonts(Blob::new(Arc::new(bytes)), None);
        }
        Self(Arc::new(Shared {
            context: Mutex::new(context),
            version: AtomicU64::new(0),
            searchable: AtomicBool::new(searchable),
        }))
    }

    /// A number that changes once more fonts have been found.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.0.version.load(Ordering::Acquire)
    }

    /// The program's own fonts as egui wants them, for fields in which people write.
    ///
    /// egui puts words of right-to-left scripts in the wrong order, so nothing else is drawn with these.
    #[must_use]
    pub fn for_fields() -> FontDefinitions {
        let mut fonts = FontDefinitions::empty();
        let names: Vec<String> = (0..FILES.len()).map(|idx| format!("vigie-{idx}")).collect();
        for (name, bytes) in names.iter().zip(FILES) {
            fonts.font_data.insert(name.clone(), Arc::new(FontData::from_static(bytes)));
        }
        for family in [FontFamily::Proportional, FontFamily::Monospace] {
            fonts.families.insert(family, names.clone());
        }
        fonts
    }

    /// The fonts as they are now, for one thread.
    pub(crate) fn context(&self) -> FontContext {
        self.0.context.lock().clone()
    }

    /// Looks for the system's fonts, once, on a thread of its own.
    pub(crate) fn search_system(&self) {
        if !self.0.searchable.swap(false, Ordering::AcqRel) {
            return;
        }
        let shared = Arc::clone(&self.0);
        let search = move || {
            let mut context = shared.context.lock().clone();
            context.collection.load_system_fonts();
            *shared.context.lock() = context;
            shared.version.fetch_add(1, Ordering::AcqRel);
            tracing::info!("a text needed the system's fonts: loaded");
        };
        if let Err(err) = std::thread::Builder::new().name("fonts".to_owned()).spawn(search) {
            tracing::warn!(%err, "cannot look for the system's fonts");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_family_is_there_by_its_name() {
        let mut context = Fonts::bundled().context();
        for face in [Face::Text, Face::Display, Face::Emoji] {
            for family in face.families() {
                let FontFamilyName::Named(name) = family else { continue };
                let found = context.collection.family_by_name(&name).is_some();
                assert!(found, "no family called {name}");
            }
        }
    }

    #[test]
    fn without_leave_the_system_is_not_asked() {
        let fonts = Fonts::bundled();
        fonts.search_system();
        assert_eq!(fonts.version(), 0);
    }
}
