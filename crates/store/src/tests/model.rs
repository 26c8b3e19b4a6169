//! Random sequences of everything the log can do, against a plain list.

use std::{collections::HashMap, sync::Arc};

use proptest::prelude::*;
use vigie_model::{Command, Issued, PurgeCause};

use super::*;
use crate::{file, log::Log, retain::Step};

/// Few posts and authors, so that deletions meet what is there.
const N_POSTS: u64 = 12;
const N_AUTHORS: u64 = 4;

#[derive(Clone, Debug)]
enum Act {
    /// A post, published some seconds before it came.
    Post {
        post: u64,
        age: i64,
    },
    Delete(u64),
    Purge(u64),
    Erase(u64),
    Forget(u64),
    Author(u64),
}

#[derive(Clone, Debug)]
enum Op {
    /// One transaction.
    Commit(Vec<Act>),
    EraseAuthor(u64),
    /// Purges what is older than this many events.
    PurgeBefore(u64),
    /// Writes the tail as a segment, however short it is.
    Segment,
    Reopen,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        8 => (0..N_POSTS, 0..20_i64).prop_map(|(post, age)| Act::Post { post, age }),
        3 => (0..N_POSTS).prop_map(Act::Delete),
        1 => (0..N_AUTHORS).prop_map(Act::Purge),
        1 => (0..N_AUTHORS).prop_map(Act::Erase),
        1 => (0..N_POSTS).prop_map(Act::Forget),
        2 => (0..N_AUTHORS).prop_map(Act::Author),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    prop_oneof![
        8 => prop::collection::vec(act(), 1..8).prop_map(Op::Commit),
        1 => (0..N_AUTHORS).prop_map(Op::EraseAuthor),
        1 => (0..30_u64).prop_map(Op::PurgeBefore),
        2 => Just(Op::Segment),
        2 => Just(Op::Reopen),
    ]
}

/// What the log should be.
#[derive(Default)]
struct Model {
    rows: Vec<(Logged, bool)>,
    last: u64,
    dead_posts: Vec<u64>,
    /// Up to when each author's posts are gone; nothing for ever.
    dead_authors: HashMap<u64, Option<Timestamp>>,
}

/// Every post has one author.
const fn author_of(post: u64) -> u64 {
    post % N_AUTHORS
}

impl Model {
    fn act(&mut self, act: &Act) -> Logged {
        self.last += 1;
        let seq = self.last;
        let mut is_there = true;
        let logged = match act {
            Act::Post { post, age } => {
                let mut logged = posted(seq, *post, author_of(*post), &text(seq));
                let published = time(seq).plus(-age * 1_000_000);
                if let Event::Post { post, .. } = &mut logged.event {
                    Arc::make_mut(post).published = published;
                }
                let until = self.dead_authors.get(&author_of(*post));
                let is_purged = until.is_some_and(|until| until.is_none_or(|at| published <= at));
                is_there = !self.dead_posts.contains(post) && !is_purged;
                logged
            }
            Act::Delete(post) => {
                self.lose(|event| matches!(event, Event::Post { post: known, .. } if known.id == post_id(*post)));
                self.dead_posts.push(*post);
                logged(seq, Event::Deleted(post_id(*post)))
            }
            Act::Purge(by) => {
                self.lose_author(*by);
                let until = self.dead_authors.entry(*by).or_insert(Some(time(seq)));
                *until = until.map(|_| time(seq));
                logged(seq, Event::AuthorPurged(author_id(*by), PurgeCause::Suspended))
            }
            Act::Erase(by) => {
                self.erase_author(*by);
                let command = Command::Erase(author_id(*by));
                logged(seq, Event::Command(Issued { by: "console".into(), command }))
            }
            Act::Forget(post) => {
                self.lose(|event| matches!(event, Event::Post { post: known, .. } if known.id == post_id(*post)));
                self.dead_posts.push(*post);
                let command = Command::Forget(post_id(*post));
                logged(seq, Event::Command(Issued { by: "key".into(), command }))
            }
            Act::Author(by) => {
                is_there = self.dead_authors.get(by) != Some(&None);
                logged(seq, Event::Author(author(*by)))
            }
        };
        self.rows.push((logged.clone(), is_there));
        logged
    }

    fn erase_author(&mut self, by: u64) {
        self.lose_author(by);
        self.dead_authors.insert(by, None);
    }

    fn lose_author(&mut self, by: u64) {
        let id = author_id(by);
        self.lose(|event| match event {
            Event::Post { post, .. } => post.author.id == id,
            Event::Author(author) => author.id == id,
            _ => false,
        });
    }

    fn lose(&mut self, is_lost: impl Fn(&Event) -> bool) {
        for (logged, is_there) in &mut self.rows {
            *is_there &= !is_lost(&logged.event);
        }
    }
}

/// The log, without waiting for the disk: nothing crashes here.
fn open(path: &Path) -> Log {
    let log = Log::open(path, None).unwrap();
    log.connection.pragma_update(None, "synchronous", "OFF").unwrap();
    log
}

fn run(ops: &[Op]) {
    let (_folder, path) = folder();
    let _hold = file::hold(&path).unwrap();
    let mut log = open(&path);
    let mut model = Model::default();
    for op in ops {
        match op {
            Op::Commit(acts) => {
                let events = acts.iter().map(|act| model.act(act)).collect();
                log.commit(&[group(events)]).unwrap();
            }
            Op::EraseAuthor(by) => {
                model.erase_author(*by);
                log.erase_author(&author_id(*by), time(model.last)).unwrap();
            }
            Op::PurgeBefore(n_events) => {
                let before = model.last.saturating_sub(*n_events);
                for (logged, is_there) in &mut model.rows {
                    *is_there &= logged.seq.0 >= before;
                }
                while log.purge_step(time(before)).unwrap() != Step::Done {}
            }
            Op::Segment => log.tail.write_segment(&mut log.connection, log.last).unwrap_or(()),
            Op::Reopen => {
                drop(log);
                log = open(&path);
            }
        }
        check(&path, &log, &model);
    }
}

#[track_caller]
fn check(path: &Path, log: &Log, model: &Model) {
    assert_eq!(log.last, Seq(model.last));
    let expected: Vec<&Logged> =
        model.rows.iter().filter(|(_, is_there)| *is_there).map(|(logged, _)| logged).collect();
    let found = replay(path);
    assert_eq!(found.iter().collect::<Vec<_>>(), expected);
    assert!(log.scrub().unwrap());
    let on_disk = texts_on_disk(path);
    for (logged, is_there) in &model.rows {
        if !is_there && matches!(logged.event, Event::Post { .. }) {
            let number = logged.seq.0;
            assert!(!on_disk.contains(&number), "text {number} is still on the disk");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if std::env::var_os("RUN_SLOW_TESTS").is_some() { 2_000 } else { 24 },
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn the_log_is_what_a_list_would_be(ops in prop::collection::vec(op(), 1..30)) {
        run(&ops);
    }
}

#[test]
fn a_commit_that_is_repeated_changes_nothing() {
    let (_folder, path) = folder();
    let _hold = file::hold(&path).unwrap();
    let mut log = Log::open(&path, None).unwrap();
    let groups = [group(vec![posted(1, 1, 1, "a"), posted(2, 2, 1, "b")])];
    assert_eq!(log.commit(&groups).unwrap().n_rows, 2);
    assert_eq!(log.commit(&groups).unwrap().n_rows, 0);
    assert_eq!(places(&path), [1, 2]);
}

#[test]
fn a_failed_commit_leaves_no_marks_behind() {
    let (_folder, path) = folder();
    let _hold = file::hold(&path).unwrap();
    let mut log = Log::open(&path, None).unwrap();
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("DROP TABLE cursor").unwrap();
    drop(other);
    assert!(log.commit(&[group(vec![posted(1, 1, 1, "a")])]).is_err());
    assert_eq!((log.tail.len(), log.last), (0, Seq(0)));
    assert!(places(&path).is_empty());
}
