//! Whether a text asks something: a question mark, or words that only a question begins with.

use crate::token::{Token, TokenKind};

/// Beginnings that ask without a mark, in French and English, folded and cut at apostrophes and hyphens.
/// A word that also begins statements ("quand", "when") is not among them.
const OPENINGS: [&[&str]; 44] = [
    &["est", "ce", "que"],
    &["est", "ce", "qu"],
    &["qu", "est", "ce"],
    &["pourquoi"],
    &["combien"],
    &["comment", "faire"],
    &["comment", "on"],
    &["comment", "puis"],
    &["comment", "peut"],
    &["comment", "avoir"],
    &["ou", "puis", "je"],
    &["ou", "peut", "on"],
    &["ou", "est"],
    &["quelle", "est"],
    &["quel", "est"],
    &["quels", "sont"],
    &["quelles", "sont"],
    &["a", "quelle", "heure"],
    &["c", "est", "quoi"],
    &["qui", "peut"],
    &["quelqu", "un", "sait"],
    &["peut", "on"],
    &["puis", "je"],
    &["pouvez", "vous"],
    &["pourriez", "vous"],
    &["savez", "vous"],
    &["avez", "vous"],
    &["auriez", "vous"],
    &["y", "a", "t", "il"],
    &["how", "do"],
    &["how", "can"],
    &["how", "much"],
    &["how", "long"],
    &["why", "is"],
    &["why", "are"],
    &["why", "do"],
    &["what", "time"],
    &["what", "is"],
    &["where", "is"],
    &["where", "can"],
    &["is", "there"],
    &["can", "i"],
    &["can", "you"],
    &["does", "anyone"],
];

/// Whether the text that was cut into `tokens` asks something.
pub(crate) fn is_question(tokens: &[Token<'_>]) -> bool {
    tokens.iter().any(|token| token.kind == TokenKind::Question)
        || tokens
            .split(|token| matches!(token.kind, TokenKind::Stop | TokenKind::Exclamation))
            .any(opens_as_question)
}

fn opens_as_question(sentence: &[Token<'_>]) -> bool {
    let words = || {
        let is_word = |token: &&Token<'_>| token.kind == TokenKind::Word;
        let greetings = ["bonjour", "bonsoir", "salut", "hello", "hi", "hey", "et", "mais", "so"];
        sentence
            .iter()
            .filter(is_word)
            .map(|token| token.text)
            .skip_while(move |word| greetings.contains(word))
    };
    OPENINGS.iter().any(|opening| words().take(opening.len()).eq(opening.iter().copied()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{fold::fold, token::tokens};

    #[track_caller]
    fn check(text: &str, expected: bool) {
        assert_eq!(is_question(&tokens(&fold(text))), expected, "{text}");
    }

    #[test]
    fn eight_questions_and_twelve_others() {
        check("C'est quand le prochain train ?", true);
        check("Bonjour @RailAzur, est-ce que le wifi marche", true);
        check("Pourquoi les vélos ne sont pas acceptés", true);
        check("Can I bring my dog?", true);
        check("Hello, how do I get a refund", true);
        check("¿Dónde está el andén 4?", true);
        check("駅はどこですか？", true);
        check("أين القطار؟", true);
        check("Quand je vois ça, je ris", false);
        check("When I grow up I want to drive trains", false);
        check("Comment vous dire merci", false);
        check("Quelle journée magnifique !", false);
        check("Le quai est vide.", false);
        check("https://a.example/page?id=3", false);
        check("Je sais pourquoi il est en retard", false);
        check("What a day!", false);
        check("", false);
        check("Qui dort dîne", false);
        check("Where there is a will there is a way", false);
        check("🚆", false);
    }
}
