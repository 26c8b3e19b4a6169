//! What asks and what only sounds so, in French and English.

use super::*;
use crate::{fold::fold, token::tokens};

#[track_caller]
fn check(asks: &[&str], tells: &[&str]) {
    let answers = |text: &&&str| is_question(&tokens(&without_quotations(&fold(text))));
    let missed: Vec<_> = asks.iter().filter(|text| !answers(text)).collect();
    let wrong: Vec<_> = tells.iter().filter(answers).collect();
    assert!(missed.is_empty() && wrong.is_empty(), "missed {missed:#?}, wrong {wrong:#?}");
}

#[test]
fn french() {
    let asks = [
        "C'est quand le prochain train ?",
        "Bonjour @RailAzur, est-ce que le wifi marche",
        "Pourquoi les vélos ne sont pas acceptés",
        "Comment faire pour avoir un remboursement",
        "Où puis-je acheter un billet",
        "Quelle est la voie du 18h12",
        "À quelle heure part le dernier train",
        "Y a-t-il une prise à la place 42",
        "Peut-on voyager avec un chien",
        "Puis-je échanger mon billet",
        "Pouvez-vous me confirmer l'horaire",
        "Pourriez vous nous dire quand ça repart",
        "Savez-vous si la ligne rouvre demain",
        "Avez-vous un numéro de téléphone",
        "Auriez-vous une solution pour les abonnés",
        "C'est quoi ce bazar à Nice",
        "Qui peut m'aider pour ma carte",
        "Quelqu'un sait si le 8h15 circule",
        "Combien coûte un aller-retour",
        "Faut-il réserver pour les vélos",
        "Bonsoir, je voudrais savoir si les billets sont échangeables",
        "J'aimerais savoir comment annuler",
        "Je me demande si le bus passe encore",
        "Merci de me dire à qui m'adresser",
        "Dites-nous quand vous aurez du nouveau svp",
        "Bonjour, besoin d'aide pour mon abonnement",
        "Les trains circulent demain ?",
        "Demain aussi c'est la grève ??",
        "Vous remboursez les retards ?!",
        "Le 17h40 ?",
        "Un train pour Antibes ce soir ?",
        "Que faire si mon billet est perdu",
        "Qu'est-ce qui se passe à Cagnes",
        "Où en est-on ? Merci",
        "Ça marche comment le remboursement ?",
        "Depuis quand les vélos sont interdits",
    ];
    let tells = [
        "Quand je vois ça, je ris",
        "Comment vous dire merci",
        "Quelle journée magnifique !",
        "Le quai est vide.",
        "https://a.example/page?id=3",
        "Voir www.rail.example/q?x=1&y=2 pour le détail",
        "Je sais pourquoi il est en retard",
        "Qui dort dîne",
        "Vraiment ?",
        "Ah bon ?",
        "Et alors ?",
        "Sérieusement ?!",
        "C'est beau, non ?",
        "Encore en retard, hein ?",
        "Magnifique service, n'est-ce pas ?",
        "Que demande le peuple ?",
        "Qui l'eût cru ?",
        "On se moque de qui ?",
        "Il m'a demandé « vous avez un billet ? » et il est parti",
        "Le contrôleur a dit \"ça va ?\" avec le sourire",
        "Pourquoi pas",
        "Quand même, bravo aux équipes",
        "Où est le temps des vapeurs",
        "Merci pour la réponse rapide",
        "Voilà comment on perd des clients",
        "J'ai compris quand le train est arrivé",
        "Le train est là où on l'attendait",
        "???",
        "🚆",
        "Je demande un remboursement",
        "Trop bien ce train",
        "Ce que vous faites est super",
    ];
    check(&asks, &tells);
}

#[test]
fn english() {
    let asks = [
        "Can I bring my dog?",
        "Hello, how do I get a refund",
        "How much is a return ticket",
        "Why is the 8:15 always late",
        "What time is the last train",
        "Where is platform 4",
        "Where can I park my bike",
        "Is there wifi on board",
        "Are there any trains tonight",
        "Does anyone know if the line is open",
        "Has anyone got an update on the strike",
        "Any idea when this will be fixed",
        "Anyone know what happened at Nice",
        "Can someone tell me which platform",
        "Could you please check my booking",
        "Do you refund delays",
        "Does the pass cover buses",
        "Did you change the timetable",
        "Will there be trains tomorrow",
        "Should I book a seat",
        "When does the next one leave",
        "When will service resume",
        "Who can help me with a lost bag",
        "Which platform for Antibes",
        "I'd like to know how to cancel",
        "Just wondering if dogs are allowed",
        "Please tell me this is not the last train",
        "Let me know if there is a replacement bus",
        "I need help with my pass",
        "What is the phone number for lost property",
        "Trains tomorrow?",
        "Platform 3??",
        "The 17:40?",
        "So the train is cancelled then?",
        "What's going on at Nice",
        "Any news about the 18:10",
        "Would it be possible to change my seat",
    ];
    let tells = [
        "When I grow up I want to drive trains",
        "What a day!",
        "Where there is a will there is a way",
        "Really?",
        "Seriously?",
        "Who cares?",
        "So what?",
        "You know what?",
        "Guess what?",
        "Great service, right?",
        "Lovely day, isn't it?",
        "How cool is that?",
        "What could possibly go wrong?",
        "Are you kidding me?",
        "https://a.example/search?q=train",
        "She asked \"is this the way out?\" and laughed",
        "The sign says “mind the gap?” in red",
        "I know how it works",
        "That is why I love trains",
        "This is what happens when it snows",
        "Who dares wins",
        "Thanks for the quick answer",
        "The best is yet to come",
        "Ask me anything",
        "I wonder at the view",
        "???",
        "!!",
        "Do the math",
        "Which was nice of them",
        "How I love this line",
        "Can confirm, trains are running",
        "There is a train at six",
        "I asked for a refund",
    ];
    check(&asks, &tells);
}

#[test]
fn other_languages_ask_with_a_mark() {
    check(
        &[
            "¿Dónde está el andén 4?",
            "駅はどこですか？",
            "أين القطار؟",
            "Wann fährt der nächste Zug?",
            "Quando parte il treno?",
        ],
        &["El tren llega tarde", "電車が来た", ""],
    );
}

proptest::proptest! {
    #[test]
    fn any_text_has_an_answer(text in "\\PC*") {
        is_question(&tokens(&without_quotations(&fold(&text))));
    }
}
