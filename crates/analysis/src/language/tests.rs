//! Texts in, languages out, with the weights that ship.

use super::*;
use crate::Features;

#[track_caller]
fn check(text: &str, declared: &[&str], expected: &str) {
    let declared: Vec<SmolStr> = declared.iter().map(SmolStr::new).collect();
    let mut features = Features::new();
    features.read(text, []);
    let language = LanguageReader::new().language(features.letters(), &declared, &mut Vec::new());
    assert_eq!(language.as_str(), expected, "{text}");
}

#[test]
fn letters_tell() {
    check("Le train est encore en retard, c'est pas possible", &[], "fr");
    check("The train is late again and nobody knows why", &[], "en");
    check("El tren llega con retraso y no hay información", &[], "es");
    check("Der Zug ist schon wieder zu spät und keiner weiß warum", &[], "de");
    check("Il treno è in ritardo e non si sa perché", &[], "it");
    check("O trem está atrasado e não há informação", &[], "pt");
    check("De trein heeft alweer vertraging en wij hebben geen idee waarom", &[], "nl");
    check("Pociąg jest opóźniony i nie wiem dlaczego", &[], "pl");
    check("Tåget är försenat igen och ingen vet varför", &[], "sv");
    check("A vonat megint késik és senki sem tudja miért", &[], "hu");
    check("Tren yine gecikti ve kimse nedenini bilmiyor", &[], "tr");
    check("Kereta terlambat lagi dan tidak ada yang tahu kenapa", &[], "id");
}

#[test]
fn people_write_without_accents_and_in_capitals() {
    check("c'est pas possible encore en retard ca suffit", &[], "fr");
    check("ENCORE UN RETARD CE MATIN MERCI LA SNCF", &[], "fr");
    check("muchas graciassss por la informacion", &[], "es");
    check("merci beaucoup 😍😍 @quelqu_un https://a.example/the-english-words", &[], "fr");
}

#[test]
fn a_word_or_two_can_be_enough() {
    check("mdr c chaud la", &[], "fr");
    check("merci !", &[], "fr");
    check("Bonjour 😊", &[], "fr");
    check("dank je wel", &[], "nl");
    check("De trein is weer te laat en niemand weet waarom", &[], "nl");
    check("ciao", &[], "it");
    check("muchas gracias", &[], "es");
    check("kkkkk muito bom", &[], "pt");
    check("#MerciLesAmis", &[], "fr");
}

#[test]
fn scripts_tell() {
    check("電車が遅れています", &[], "ja");
    check("火车又晚点了", &[], "zh");
    check("기차가 또 늦어요", &[], "ko");
    check("القطار متأخر مرة أخرى", &[], "ar");
    check("قطار دوباره تأخیر دارد و کسی نمی‌داند چرا", &[], "fa");
    check("הרכבת מאחרת שוב", &[], "he");
    check("ट्रेन फिर लेट है", &[], "hi");
    check("รถไฟมาช้าอีกแล้ว", &[], "th");
    check("Поезд снова опаздывает", &[], "ru");
    check("Поїзд знову спізнюється", &[], "uk");
    check("Влакът отново закъснява", &[], "bg");
    check("Το τρένο άργησε", &[], "el");
    check("მატარებელი იგვიანებს", &[], "ka");
    check("trop bien la chanson 電車", &[], "fr");
}

#[test]
fn the_declared_tag_is_evidence_not_truth() {
    check("TGV 6173", &["fr-FR"], "fr");
    check("🚆🚆", &["de"], "de");
    check("Le train est à quai et il part dans une heure", &["en"], "fr");
    check("قطار", &["fa"], "fa");
    check("قطار", &["fr"], "ar");
    check("x", &["klingon"], "und");
    check("", &[], "und");
    check("12:30", &[], "und");
}

#[test]
fn the_weights_know_all_languages() {
    let reader = LanguageReader::new();
    let n_few = reader.sides.few.languages.len();
    let n_latin = reader.sides.latin.languages.len();
    let n_one = script::SCRIPTS.iter().filter(|script| matches!(script, Script::One(_))).count();
    // Serbian stands on both sides, Japanese has its own script too.
    assert!(n_few + n_latin + n_one >= 75, "{n_latin} + {n_few} + {n_one}");
    let sides = [&reader.sides.few, &reader.sides.latin];
    let mut languages = sides.iter().flat_map(|side| &side.languages);
    assert!(languages.all(|language| language.as_str() != "und"));
}

#[test]
fn bad_weights_are_refused() {
    #[track_caller]
    fn check(bytes: &[u8]) {
        assert!(LanguageReader::from_bytes(bytes).is_err());
    }
    check(&[]);
    check(&[9, 0, 0, 0]);
    check(&WEIGHTS[..WEIGHTS.len() - 1]);
}

#[test]
fn rows_are_bounded() {
    let mut rows = Vec::new();
    let letters: Vec<char> = "abcdefg ".chars().cycle().take(10_000).collect();
    language_rows(&letters, &mut rows);
    assert!(rows.len() <= rows::MAX_ROWS, "{}", rows.len());
    language_rows(&['a'; 10_000], &mut rows);
    assert!(rows.len() < 8, "stretched letters are cut short: {}", rows.len());
}
