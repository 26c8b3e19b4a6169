//! Asking for profiles: what is asked, how often, and what is remembered.

use proptest::prelude::*;

use super::*;

const NOW: Timestamp = Timestamp::from_secs(1_800_000_000);

fn profiles() -> Profiles {
    let app_view = Url::parse("https://app.example").unwrap();
    Profiles::new(Some(&app_view), 100)
}

fn account(name: &str) -> AuthorId {
    AuthorId::new(NETWORK, format!("did:plc:{name}"))
}

fn answer(name: &str, labels: &str) -> Vec<u8> {
    format!(
        r#"{{"profiles":[{{"did":"did:plc:{name}","handle":"{name}.example","displayName":"Ada 🌊",
        "avatar":"https://cdn.example/a","labels":{labels},"extra":1}},{{"did":"broken"}},7]}}"#
    )
    .into_bytes()
}

fn learn(profiles: &mut Profiles, name: &str, labels: &str) -> Vec<SourceEvent> {
    profiles.on_answer(Ok(answer(name, labels)), NOW)
}

#[test]
fn reads_names_and_pictures_and_skips_what_is_broken() {
    let profiles = decode_profiles(&answer("ada", "[]")).unwrap();
    let [profile] = profiles.as_slice() else { panic!("{profiles:?}") };
    assert_eq!(profile.author.handle, "ada.example");
    assert_eq!(profile.author.name, "Ada 🌊");
    assert_eq!(profile.author.avatar.as_deref(), Some("https://cdn.example/a"));
    assert!(!profile.opted_out);
    assert!(decode_profiles(b"<html>").is_err());
}

#[tokio::test(start_paused = true)]
async fn who_does_not_want_to_be_shown_goes() {
    let mut profiles = profiles();
    let labels = r#"[{"val":"!no-unauthenticated","src":"did:plc:ada"}]"#;
    let events = learn(&mut profiles, "ada", labels);
    assert_eq!(events, [SourceEvent::PurgeAuthor(account("ada"), PurgeCause::OptedOut)]);
    assert_eq!(profiles.author(&Arc::new(bare_author("did:plc:ada"))), None);
    assert_eq!(profiles.want(&account("ada"), NOW), Some(events[0].clone()));
    assert_eq!(profiles.renamed("did:plc:ada", Some("new.example".into())), None);
    let taken_back = r#"[{"val":"!no-unauthenticated","neg":true}]"#;
    assert!(matches!(learn(&mut profiles, "ada", taken_back)[..], [SourceEvent::Author(_)]));
}

#[tokio::test(start_paused = true)]
async fn a_new_handle_is_told_where_the_account_is_known() {
    let mut profiles = profiles();
    assert_eq!(profiles.renamed("did:plc:ada", Some("new.example".into())), None);
    learn(&mut profiles, "ada", "[]");
    let Some(SourceEvent::Author(author)) =
        profiles.renamed("did:plc:ada", Some("new.example".into()))
    else {
        panic!("not told")
    };
    assert_eq!((author.handle.as_str(), author.name.as_str()), ("new.example", "Ada 🌊"));
    assert_eq!(profiles.renamed("did:plc:ada", None), None);
}

#[tokio::test(start_paused = true)]
async fn asks_for_each_once_and_25_at_a_time() {
    let mut profiles = profiles();
    let http = reqwest::Client::new();
    for _ in 0..2 {
        for idx in 0..30 {
            assert_eq!(profiles.want(&account(&idx.to_string()), NOW), None);
        }
    }
    assert_eq!(profiles.wanted.len(), 30);
    profiles.ask(http, NOW);
    assert_eq!((profiles.asked.len(), profiles.wanted.len()), (25, 5));
    assert_eq!(profiles.want(&account("3"), NOW), None);
    assert_eq!(profiles.wanted.len(), 5, "the third is on its way");
}

#[tokio::test(start_paused = true)]
async fn a_failure_makes_it_wait() {
    let mut profiles = profiles();
    let wait = Duration::from_secs(120);
    let limited = SourceError::RateLimited { wait, why: "slow down".to_owned() };
    let before = Instant::now();
    assert_eq!(profiles.on_answer(Err(limited), NOW), []);
    assert_eq!(profiles.next_at - before, wait);
    profiles.on_answer(Ok(b"<html>".to_vec()), NOW);
    assert_eq!(profiles.next_at - before, AFTER_FAILURE);
}

#[tokio::test(start_paused = true)]
async fn memory_and_questions_have_limits() {
    let mut profiles = profiles();
    for idx in 0..MAX_KNOWN + 10 {
        let author = bare_author(&format!("did:plc:{idx}"));
        profiles.learn(Profile { author, opted_out: false }, NOW);
    }
    assert_eq!((profiles.known.len(), profiles.order.len()), (MAX_KNOWN, MAX_KNOWN));
    for idx in 0..MAX_WANTED + 10 {
        profiles.want(&account(&format!("x{idx}")), NOW);
    }
    assert_eq!(profiles.wanted.len(), MAX_WANTED);
    let old = profiles.want(&account("9000"), NOW.plus(MAX_AGE));
    assert_eq!((old, profiles.known.len()), (None, MAX_KNOWN - 1));
    assert_eq!(Profiles::new(None, 1).want(&account("ada"), NOW), None);
}

proptest! {
    #[test]
    fn any_bytes_are_an_answer_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        decode_profiles(&bytes).ok();
    }

    #[test]
    fn a_cut_answer_is_an_error(cut in 0..230_usize) {
        let whole = answer("ada", "[]");
        prop_assert!(decode_profiles(&whole[..cut.min(whole.len() - 1)]).is_err());
    }
}
