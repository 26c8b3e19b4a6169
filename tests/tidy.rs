//! The house rules that a machine can check: who may know whom, sizes, registries, documents, licences.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::{Metadata, MetadataCommand};

/// Which of our crates each crate may use, as in ARCHITECTURE.md.
const DIRECTIONS: &[(&str, &[&str])] = &[
    ("vigie-model", &[]),
    ("vigie-bus", &["vigie-model"]),
    ("vigie-sources", &["vigie-bus", "vigie-model"]),
    ("vigie-analysis", &["vigie-model"]),
    ("vigie-state", &["vigie-analysis", "vigie-model"]),
    ("vigie-store", &["vigie-model"]),
    ("vigie-train", &["vigie-analysis", "vigie-model"]),
    ("vigie-layout", &["vigie-model"]),
    ("vigie-widgets", &["vigie-layout", "vigie-model"]),
    ("vigie-console", &["vigie-layout", "vigie-model", "vigie-widgets"]),
    (
        "vigie",
        &[
            "vigie-analysis",
            "vigie-bus",
            "vigie-console",
            "vigie-layout",
            "vigie-model",
            "vigie-sources",
            "vigie-state",
            "vigie-store",
            "vigie-train",
            "vigie-widgets",
        ],
    ),
];

/// Outside crates that only the named crates of ours may use.
const RESERVED: &[(&str, &[&str])] = &[
    ("reqwest", &["vigie-sources"]),
    // The bench of the road is a Jetstream server.
    ("tokio-tungstenite", &["vigie-sources", "vigie"]),
    ("feed-rs", &["vigie-sources"]),
    ("rusqlite", &["vigie-store"]),
    ("toml_edit", &["vigie-layout"]),
    ("egui", &["vigie-widgets", "vigie-console", "vigie"]),
    ("parley", &["vigie-widgets"]),
    ("winit", &["vigie"]),
    ("wgpu", &["vigie"]),
    ("anyhow", &["vigie"]),
    ("clap", &["vigie"]),
];

/// Production lines that a file may have.
const MAX_FILE_LINES: usize = 600;

/// Files that may be longer, each with its reason.
const LONGER_FILES: &[(&str, &str)] = &[];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository")
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|err| panic!("reading {}: {err}", path.display()))
}

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .other_options(["--locked".to_owned()])
        .exec()
        .expect("cargo metadata")
}

/// Every file under `folder` whose name ends in `.ending`, relative to the repository.
fn files(folder: &str, ending: &str) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").map(|entry| entry.expect("an entry"))
        {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                found.insert(path.strip_prefix(root()).expect("inside").to_owned());
            }
        }
    }
    found
}

fn our_sources() -> BTreeSet<PathBuf> {
    let mut sources = files("crates", "rs");
    sources.extend(files("tests", "rs"));
    assert!(sources.len() > 50, "only {} source files found", sources.len());
    sources
}

/// Fails with all complaints at once.
#[track_caller]
fn accept(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn crates_know_only_whom_they_may() {
    let metadata = metadata();
    let directions: BTreeMap<_, _> = DIRECTIONS.iter().copied().collect();
    let mut complaints = Vec::new();
    let packages = metadata.workspace_packages();
    assert_eq!(packages.len(), DIRECTIONS.len(), "a crate is missing from DIRECTIONS");
    for package in packages {
        let allowed = directions[package.name.as_str()];
        for dependency in &package.dependencies {
            let name = dependency.name.as_str();
            let ours = name.starts_with("vigie");
            if ours && !allowed.contains(&name) {
                complaints.push(format!("{} must not use {name}", package.name));
            }
            let reserved = RESERVED.iter().find(|(outside, _)| *outside == name);
            let for_tests = dependency.kind == cargo_metadata::DependencyKind::Development;
            if let Some((_, users)) = reserved
                && !for_tests
                && !users.contains(&package.name.as_str())
            {
                complaints
                    .push(format!("{} must not use {name}: only {users:?} may", package.name));
            }
        }
    }
    accept(&complaints);
}

#[test]
fn licences_are_allowed_and_banned_crates_absent() {
    let deny: toml::Table = read("deny.toml").parse().expect("deny.toml");
    let allowed: BTreeSet<&str> = deny["licenses"]["allow"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(toml::Value::as_str)
        .collect();
    let banned: BTreeSet<&str> = deny["bans"]["deny"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|ban| ban["crate"].as_str())
        .collect();
    let metadata = metadata();
    let mut complaints = Vec::new();
    for package in &metadata.packages {
        let licence = package.license.as_deref().unwrap_or("none");
        if !licence_holds(licence, &allowed) {
            complaints.push(format!("{} {} is under {licence}", package.name, package.version));
        }
    }
    for (name, _) in built() {
        if banned.contains(name.as_str()) {
            complaints.push(format!("{name} is banned by deny.toml"));
        }
    }
    accept(&complaints);
}

/// What is truly built on any platform, as `name version`: `cargo metadata` lists unused features too.
fn built() -> BTreeSet<(String, String)> {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--workspace", "--target", "all", "--edges", "normal,build"])
        .args(["--prefix", "none", "--format", "{p}"])
        .current_dir(root())
        .output()
        .expect("cargo tree");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let packages: BTreeSet<_> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| {
            let (name, rest) = line.split_once(" v")?;
            let version = rest.split(' ').next()?;
            Some((name.to_owned(), version.to_owned()))
        })
        .collect();
    assert!(packages.len() > 100, "only {} packages", packages.len());
    packages
}

/// Whether an SPDX expression can be met with the allowed licences: one of each `OR`, all of each `AND`.
fn licence_holds(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    /// The parts between `word`s that stand in no brackets.
    fn split_top(text: &str, word: &str) -> Vec<String> {
        let mut parts = vec![String::new()];
        let mut depth = 0_i32;
        for token in text.split_inclusive(' ') {
            depth += token.matches('(').count() as i32;
            if depth == 0 && token.trim() == word {
                parts.push(String::new());
            } else if let Some(part) = parts.last_mut() {
                part.push_str(token);
            }
            depth -= token.matches(')').count() as i32;
        }
        parts.iter().map(|part| part.trim().to_owned()).collect()
    }
    let expression = expression.replace('/', " OR ");
    let expression = expression.trim();
    let ands = split_top(expression, "AND");
    if ands.len() > 1 {
        return ands.iter().all(|part| licence_holds(part, allowed));
    }
    let ors = split_top(expression, "OR");
    if ors.len() > 1 {
        return ors.iter().any(|part| licence_holds(part, allowed));
    }
    match expression.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => licence_holds(inner, allowed),
        None => allowed.contains(expression),
    }
}

#[test]
fn licence_expressions_are_read_as_spdx_says() {
    let allowed = BTreeSet::from(["MIT", "ISC"]);
    for (expression, expected) in [
        ("MIT", true),
        ("MIT/Apache-2.0", true),
        ("Apache-2.0 OR MIT", true),
        ("ISC AND (Apache-2.0 OR ISC)", true),
        ("MIT AND GPL-3.0", false),
        ("(GPL-3.0 OR MIT) AND BSD-3-Clause", false),
        ("none", false),
    ] {
        assert_eq!(licence_holds(expression, &allowed), expected, "{expression}");
    }
}

#[test]
fn big_crates_stand_in_one_version() {
    let big = [
        "egui", "wgpu", "winit", "tokio", "reqwest", "hyper", "rustls", "serde", "image", "skrifa",
        "parley", "fontique", "zbus",
    ];
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, version) in built() {
        versions.entry(name).or_default().insert(version);
    }
    let complaints = big.iter().filter_map(|name| {
        let versions = versions.get(*name)?;
        (versions.len() > 1).then(|| format!("{name} stands in several versions: {versions:?}"))
    });
    accept(&complaints.collect::<Vec<_>>());
}

/// The lines before the unit tests, and whether the file is one of tests alone.
fn production_lines(path: &Path, text: &str) -> usize {
    let is_test_file = path.starts_with("tests")
        || path
            .components()
            .any(|part| matches!(part.as_os_str().to_str(), Some("tests.rs" | "tests")));
    if is_test_file {
        return 0;
    }
    text.lines().take_while(|line| line.trim() != "#[cfg(test)]").count()
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let exceptions: BTreeMap<_, _> = LONGER_FILES.iter().copied().collect();
    let mut complaints = Vec::new();
    for path in our_sources() {
        let text = read(&path);
        let lines = production_lines(&path, &text);
        let name = path.to_str().expect("a name in UTF-8");
        if lines > MAX_FILE_LINES && !exceptions.contains_key(name) {
            complaints
                .push(format!("{name} has {lines} production lines, more than {MAX_FILE_LINES}"));
        }
        if !text.trim_start_matches("#!").trim_start().starts_with("//!") {
            complaints.push(format!("{name} does not open with //!"));
        }
    }
    accept(&complaints);
}

#[test]
fn nothing_is_switched_off_or_left_undone() {
    // Written in two parts so that this file does not hold what it looks for.
    let banned = [
        concat!("#[ign", "ore"),
        concat!("#[should_", "panic"),
        concat!("#[al", "low("),
        concat!("#![al", "low("),
        concat!("assert!(tr", "ue)"),
    ];
    let mut complaints = Vec::new();
    for path in our_sources() {
        for (index, line) in read(&path).lines().enumerate() {
            let at = format!("{}:{}", path.display(), index + 1);
            complaints.extend(
                banned
                    .iter()
                    .filter(|word| line.contains(*word))
                    .map(|word| format!("{at}: {word}")),
            );
            let mark = concat!("TO", "DO");
            if line.contains(mark) && !line.contains(concat!("TO", "DO(#")) {
                complaints.push(format!("{at}: a TO-DO must name its issue"));
            }
        }
    }
    accept(&complaints);
}

/// Every registry entry has its file, and every file its entry: `item` is the constant in each file.
#[track_caller]
fn check_registry(folder: &str, registry: &str, item: &str) {
    let text = read(registry);
    let suffix = format!("::{item},");
    let entries: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.trim().strip_suffix(suffix.as_str()).map(str::to_owned))
        .collect();
    assert!(entries.len() >= 4, "only {} lines `NAME{suffix}` in {registry}", entries.len());
    let declares = |text: &str| {
        text.contains(&format!("const {item}:"))
            || text.lines().any(|line| line.starts_with("entry!("))
    };
    let with_entry: BTreeSet<String> = files(folder, "rs")
        .iter()
        .filter(|path| declares(&read(path)))
        .map(|path| {
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            let parent = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
            if stem == "mod" { parent.unwrap_or_default().to_owned() } else { stem.to_owned() }
        })
        .filter(|name| name != "widget")
        .collect();
    assert_eq!(with_entry, entries, "files with a `{item}` against the lines of {registry}");
}

#[test]
fn registries_hold_every_widget_network_and_measure() {
    check_registry("crates/widgets/src", "crates/widgets/src/lib.rs", "ENTRY");
    check_registry("crates/sources/src", "crates/sources/src/lib.rs", "ENTRY");
    check_registry(
        "crates/analysis/src/measures",
        "crates/analysis/src/measures/mod.rs",
        "MEASURE",
    );
}

/// What a document puts in backquotes and looks like a path of the repository.
fn named_paths(document: &str) -> Vec<&str> {
    let starts = ["crates/", "assets/", "layouts/", "tests/", "scripts/", ".ci/", "docs/", "fuzz/"];
    document
        .split(['`', '(', ')', ' ', '\n', '"'])
        .filter(|word| starts.iter().any(|start| word.starts_with(start)))
        .filter(|word| !word.contains(['*', '<', '$']) && !word.contains("NAME"))
        .map(|word| word.trim_end_matches(['.', ',', ':', ';']))
        .collect()
}

#[test]
fn documents_name_real_paths_and_every_crate() {
    let mut complaints = Vec::new();
    for document in ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "tests/rig/README.md"] {
        for path in named_paths(&read(document)) {
            if !root().join(path).exists() {
                complaints.push(format!("{document} names {path}, which is not there"));
            }
        }
    }
    let architecture = read("ARCHITECTURE.md");
    for (name, _) in DIRECTIONS {
        let folder = name.trim_start_matches("vigie-");
        if !architecture.contains(&format!("`{folder}`")) {
            complaints.push(format!("ARCHITECTURE.md does not speak of `{folder}`"));
        }
    }
    let lines = architecture.lines().count();
    if lines > 120 {
        complaints.push(format!("ARCHITECTURE.md has {lines} lines, more than a page of 120"));
    }
    accept(&complaints);
}
