//! Faces made of signs: `:-)`, `;P`, `<3`, `^_^`.

/// The longest emoticon that is looked for.
const MAX_BYTES: usize = 5;

/// Faces that are not eyes, nose and mouth in a row, with their ASCII bytes.
const OTHERS: [&[u8]; 12] =
    [b"<3", b"</3", b"^_^", b"^.^", b"^^", b"-_-", b"T_T", b";_;", b">_<", b"o_O", b"O_o", b"\\o/"];

/// The length of the emoticon that `rest` begins with, and its canonical spelling: without nose, of one mouth.
pub(super) fn emoticon(rest: &[u8]) -> Option<(usize, [u8; 3])> {
    let first = *rest.first()?;
    if matches!(first, b':' | b';' | b'=' | b'x' | b'X' | b'8')
        && let Some(found) = face(first, rest)
    {
        return Some(found);
    }
    if !matches!(first, b'<' | b'^' | b'-' | b'T' | b';' | b'>' | b'o' | b'O' | b'\\') {
        return None;
    }
    let known = OTHERS.iter().find(|other| rest.starts_with(other))?;
    debug_assert!(known.len() <= MAX_BYTES);
    let ends = rest.get(known.len()).is_none_or(|next| !next.is_ascii_alphanumeric());
    let mut name = [0; 3];
    for (to, from) in name.iter_mut().zip(known.iter()) {
        *to = *from;
    }
    ends.then_some((known.len(), name))
}

fn face(eyes: u8, rest: &[u8]) -> Option<(usize, [u8; 3])> {
    let mut at = 1;
    if rest.get(at) == Some(&b'\'') {
        at += 1;
    }
    let is_crying = at == 2;
    let has_nose = matches!(rest.get(at), Some(b'-' | b'^' | b'o')) && rest.get(at + 1).is_some();
    if has_nose {
        at += 1;
    }
    let mouth = *rest.get(at)?;
    let is_plain = matches!(eyes, b':' | b';' | b'=');
    let kind = match mouth {
        b')' | b']' | b'}' => b')',
        b'(' | b'[' | b'{' => b'(',
        b'D' | b'd' => b'D',
        b'p' | b'P' | b'b' => b'P',
        b'/' | b'\\' if rest.get(at + 1) != Some(&b'/') => b'/',
        b'|' => b'|',
        b'*' => b'*',
        b'o' | b'O' | b'0' if is_plain => b'O',
        b's' | b'S' if is_plain => b'S',
        b'3' if is_plain => b'3',
        _ => return None,
    };
    // `8)` ends a list entry more often than it smiles, and `x)` a bracket.
    if !is_plain && kind != b'D' && !(kind == b')' && eyes != b'8') {
        return None;
    }
    let n_same = rest.get(at..)?.iter().take(64).take_while(|byte| **byte == mouth).count();
    at += n_same;
    let ends = rest.get(at).is_none_or(|next| !next.is_ascii_alphanumeric());
    let eyes = match eyes {
        b';' => b';',
        b'x' | b'X' => b'x',
        _ => b':',
    };
    ends.then_some((at, [eyes, if is_crying { b'\'' } else { b' ' }, kind]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(usize, &str)>) {
        let found = emoticon(text.as_bytes());
        let found = found.map(|(len, name)| (len, String::from_utf8_lossy(&name).into_owned()));
        assert_eq!(found, expected.map(|(len, name)| (len, name.to_owned())), "{text}");
    }

    #[test]
    fn faces_are_one_whatever_their_nose() {
        check(":)", Some((2, ": )")));
        check(":-) ok", Some((3, ": )")));
        check(":)))", Some((4, ": )")));
        check(":'(", Some((3, ":'(")));
        check("xD!", Some((2, "x D")));
        check("=D", Some((2, ": D")));
        check("<3", Some((2, "<3\0")));
        check("^_^", Some((3, "^_^")));
    }

    #[test]
    fn what_only_looks_alike_is_none() {
        check("://a.example", None);
        check("8) then", None);
        check(":Does", None);
        check("xDrive", None);
        check(":", None);
        check("", None);
        check("<3x", None);
    }
}
