//! The pictures that a room allows: the one media service, behind what the room file says of it.

use std::sync::Arc;

use smol_str::SmolStr;
use vigie_layout::{MediaSpec, Room};
use vigie_model::{Picture, Pictures};
use vigie_sources::media::{MediaOptions, MediaService};

/// Pictures that are drawn here and need no network.
const SYNTHETIC: &str = "demo:";

/// What the media service may do in `room`.
pub(crate) fn media_options(room: &Room) -> MediaOptions {
    MediaOptions {
        cache_bytes: usize::try_from(room.media.cache_bytes).unwrap_or(usize::MAX),
        picture_bytes: usize::try_from(room.media.picture_bytes).unwrap_or(usize::MAX),
        ..MediaOptions::default()
    }
}

/// The media service, asked only for what the room allows.
#[derive(Clone, Debug)]
pub(crate) struct RoomPictures {
    service: MediaService,
    loads: bool,
    hosts: Arc<[SmolStr]>,
}

impl RoomPictures {
    /// The pictures that `spec` allows.
    pub(crate) fn new(service: MediaService, spec: &MediaSpec) -> Self {
        Self { service, loads: spec.load, hosts: spec.hosts.as_slice().into() }
    }
}

impl Pictures for RoomPictures {
    fn picture(&self, address: &str) -> Option<Arc<Picture>> {
        is_allowed(address, self.loads, &self.hosts)
            .then(|| self.service.picture(address))
            .flatten()
    }

    fn version(&self) -> u64 {
        self.service.version()
    }
}

/// Whether the room lets this address be asked for; `hosts` are all hosts where there is none.
fn is_allowed(address: &str, loads: bool, hosts: &[SmolStr]) -> bool {
    address.starts_with(SYNTHETIC)
        || loads
            && (hosts.is_empty()
                || host(address).is_some_and(|host| hosts.iter().any(|allowed| allowed == host)))
}

/// The host of an address, as a browser would read it: no name or password before it, no port behind it.
fn host(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(host.split(':').next().unwrap_or(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(address: &str, loads: bool, hosts: &[&str], expected: bool) {
        let hosts: Vec<SmolStr> = hosts.iter().map(SmolStr::new).collect();
        assert_eq!(is_allowed(address, loads, &hosts), expected, "{address} {loads} {hosts:?}");
    }

    #[test]
    fn only_hosts_of_the_room_file_are_asked() {
        check("https://cdn.example/a.jpg", true, &[], true);
        check("https://cdn.example/a.jpg", false, &[], false);
        check("https://cdn.example/a.jpg", true, &["cdn.example"], true);
        check("https://cdn.example:443/a.jpg", true, &["cdn.example"], true);
        check("https://evil.example/cdn.example", true, &["cdn.example"], false);
        check("https://cdn.example@evil.example/a.jpg", true, &["cdn.example"], false);
        check("demo:avatar/1", false, &["cdn.example"], true);
        check("nonsense", true, &["cdn.example"], false);
    }
}
