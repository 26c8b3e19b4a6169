//! Made-up texts in the shape of real ones, so that the bench needs no data: a dozen languages, frequent small words,
//! content words by Zipf's law over a large vocabulary, tags, links, mentions, emoji.

use super::phrases;

/// Content words of a language; real streams bring new ones without end, and these come by Zipf's law.
const N_CONTENT_WORDS: f64 = 30_000.0;

/// Bytes of a text: real posts have 150 in the mean, a few fill what the network allows.
const MIN_BYTES: f64 = 12.0;
const MEAN_BYTES: f64 = 150.0;
const MAX_BYTES: f64 = 600.0;

/// One content word in so many is one that a query asks for: one post in four has one.
const ASKED_EVERY: u32 = 48;

const EMOJI: [&str; 10] = ["😀", "👍🏽", "😡", "❤️", "🚄", "🇫🇷", "🙏", "✨", "😭", "🔥"];

/// How one language looks.
struct Tongue {
    /// Of a hundred posts.
    share: u32,
    /// Words that stand between all others, the most frequent first.
    small: &'static [&'static str],
    /// What its content words are made of.
    syllables: &'static [&'static str],
    /// What stands between words.
    space: &'static str,
}

const TONGUES: [Tongue; 12] = [
    Tongue {
        share: 42,
        small: &[
            "the", "to", "and", "a", "of", "is", "in", "it", "you", "that", "for", "was", "with",
            "not", "this", "have", "they", "what", "are", "so",
        ],
        syllables: &[
            "ing", "ter", "con", "per", "ment", "sta", "tion", "rea", "low", "er", "est", "mark",
            "wor", "ple",
        ],
        space: " ",
    },
    Tongue {
        share: 15,
        small: &["の", "に", "は", "を", "た", "が", "で", "て", "と", "です", "から", "まで"],
        syllables: &[
            "電", "車", "今", "日", "行", "く", "見", "る", "人", "気", "カ", "メ", "ラ", "食",
            "べ", "楽",
        ],
        space: "",
    },
    Tongue {
        share: 8,
        small: &[
            "de", "que", "e", "o", "a", "não", "um", "uma", "para", "com", "é", "eu", "do", "da",
        ],
        syllables: &["ção", "men", "to", "gra", "pes", "tar", "ria", "lho", "vel", "bra", "con"],
        space: " ",
    },
    Tongue {
        share: 7,
        small: &[
            "de", "la", "que", "el", "en", "y", "no", "los", "se", "por", "una", "con", "es", "lo",
        ],
        syllables: &["cion", "mien", "to", "gra", "per", "tar", "ria", "llo", "ble", "bra", "con"],
        space: " ",
    },
    Tongue {
        share: 7,
        small: &[
            "de", "la", "le", "et", "les", "des", "en", "un", "est", "pas", "que", "une", "pour",
            "je",
        ],
        syllables: &["tion", "ment", "eur", "ais", "pré", "con", "ven", "lou", "cha", "ré", "mar"],
        space: " ",
    },
    Tongue {
        share: 6,
        small: &[
            "der", "die", "und", "das", "ist", "nicht", "ich", "zu", "den", "mit", "ein", "auf",
        ],
        syllables: &["ung", "keit", "ver", "ge", "sch", "bahn", "lich", "er", "stell", "auf"],
        space: " ",
    },
    Tongue {
        share: 4,
        small: &["이", "그", "저", "것", "수", "나", "우리", "안"],
        syllables: &["기", "차", "오", "늘", "사", "람", "정", "말", "음", "악", "하", "다"],
        space: " ",
    },
    Tongue {
        share: 3,
        small: &["и", "в", "не", "на", "я", "что", "с", "это", "как", "он", "по", "но"],
        syllables: &["ста", "ние", "про", "вер", "ход", "ла", "тель", "раз", "мо", "пе"],
        space: " ",
    },
    Tongue {
        share: 3,
        small: &["في", "من", "على", "أن", "ما", "هذا", "لا", "مع"],
        syllables: &["قط", "ار", "مر", "حب", "كت", "اب", "سل", "ام", "جد", "يد"],
        space: " ",
    },
    Tongue {
        share: 2,
        small: &["ve", "bir", "bu", "da", "için", "çok", "ne", "ben", "ama", "gibi"],
        syllables: &["lar", "ler", "mek", "yor", "gel", "ola", "bil", "çal", "ış", "dir"],
        space: " ",
    },
    Tongue {
        share: 2,
        small: &["di", "e", "che", "la", "il", "un", "non", "per", "è", "una", "sono"],
        syllables: &["zione", "mento", "are", "gio", "ven", "tro", "sta", "ella", "per", "man"],
        space: " ",
    },
    Tongue {
        share: 1,
        small: &["के", "में", "की", "है", "से", "और", "का", "को"],
        syllables: &["रे", "ल", "गा", "ड़ी", "स", "म", "य", "दि", "न", "का"],
        space: " ",
    },
];

/// Made-up texts without end, the same for the same seed.
pub(super) struct Texts {
    rng: fastrand::Rng,
    asked: Vec<String>,
}

impl Texts {
    pub(super) fn new(seed: u64) -> Self {
        Self { rng: fastrand::Rng::with_seed(seed), asked: phrases() }
    }

    /// The next text.
    pub(super) fn text(&mut self) -> String {
        let mut draw = self.rng.u32(..100);
        let tongue = TONGUES.iter().find(|tongue| {
            let is_it = draw < tongue.share;
            draw = draw.saturating_sub(tongue.share);
            is_it
        });
        let Some(tongue) = tongue.or(TONGUES.first()) else { return String::new() };
        let n_bytes = MIN_BYTES - (MEAN_BYTES - MIN_BYTES) * (1.0 - self.rng.f64()).ln();
        let n_bytes = n_bytes.min(MAX_BYTES) as usize;
        let mut text = String::with_capacity(n_bytes + 64);
        if self.rng.u8(..100) < 10 {
            text.push_str(&format!("@name{}.example.social ", self.rng.u32(..5_000)));
        }
        while text.len() < n_bytes {
            self.push_word(tongue, &mut text);
            text.push_str(match self.rng.u8(..100) {
                0..7 => ", ",
                7..12 => ". ",
                12..14 => "! ",
                14..15 => "\n",
                _ => tongue.space,
            });
        }
        self.push_end(tongue, &mut text);
        text
    }

    fn push_word(&mut self, tongue: &Tongue, text: &mut String) {
        if self.rng.u8(..100) < 45 {
            let rank = self.rank(tongue.small.len() as f64);
            text.push_str(tongue.small.get(rank).copied().unwrap_or_default());
        } else if self.rng.u32(..ASKED_EVERY) == 0 {
            let asked_idx = self.rng.usize(..self.asked.len().max(1));
            text.push_str(self.asked.get(asked_idx).map_or("", String::as_str));
        } else {
            self.push_content(tongue, text);
        }
    }

    fn push_content(&mut self, tongue: &Tongue, text: &mut String) {
        let begin = text.len();
        // Frequent words are short, as they are.
        let mut rank = self.rank(N_CONTENT_WORDS) + tongue.syllables.len();
        while rank > 0 {
            let syllable = tongue.syllables.get(rank % tongue.syllables.len());
            text.push_str(syllable.copied().unwrap_or_default());
            rank /= tongue.syllables.len();
        }
        if self.rng.u8(..100) < 12
            && let Some(word) = text.get_mut(begin..begin + 1)
        {
            word.make_ascii_uppercase();
        }
    }

    /// Tags, a link, emoji: a third of posts have some.
    fn push_end(&mut self, tongue: &Tongue, text: &mut String) {
        if self.rng.u8(..100) < 14 {
            for _ in 0..self.rng.u8(1..4) {
                text.push_str(" #");
                self.push_content(tongue, text);
            }
        }
        if self.rng.u8(..100) < 15 {
            let emoji = self.rng.choice(EMOJI).unwrap_or_default();
            text.push(' ');
            text.push_str(&emoji.repeat(self.rng.usize(1..4)));
        }
        if self.rng.u8(..100) < 15 {
            text.push_str(&format!(" https://news.example/{:x}", self.rng.u64(..1 << 40)));
        }
    }

    /// A rank below `n_words`, by Zipf's law.
    fn rank(&mut self, n_words: f64) -> usize {
        (n_words.powf(self.rng.f64()) - 1.0) as usize
    }
}
