//! Reads what a panel says of itself: the first block of its EDID.

use smol_str::SmolStr;
use vigie_layout::Edid;

/// Length of the first block, which holds all that is read here.
const BLOCK: usize = 128;
const HEADER: [u8; 8] = [0, 255, 255, 255, 255, 255, 255, 0];
/// Where the four descriptors of 18 bytes start.
const DESCRIPTORS: [usize; 4] = [54, 72, 90, 108];
const DESCRIPTOR: usize = 18;
/// A descriptor's tag: the model's name, the serial number as text.
const NAME: u8 = 0xFC;
const SERIAL: u8 = 0xFF;
/// Smaller or larger panels are nonsense that some adapters report.
const PLAUSIBLE_MM: std::ops::RangeInclusive<u32> = 50..=10_000;

/// A panel's identity and its lit area in millimetres.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Panel {
    pub(super) edid: Edid,
    pub(super) size_mm: Option<(u32, u32)>,
}

/// Reads the first block; `None` where the bytes are no EDID.
pub(super) fn parse(bytes: &[u8]) -> Option<Panel> {
    let block: &[u8; BLOCK] = bytes.first_chunk()?;
    if !block.starts_with(&HEADER)
        || block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)) != 0
    {
        return None;
    }
    let &[.., make_high, make_low, product_low, product_high, s0, s1, s2, s3] =
        block.first_chunk::<16>()?;
    let product = u16::from_le_bytes([product_low, product_high]);
    let number = u32::from_le_bytes([s0, s1, s2, s3]);
    let descriptors =
        || DESCRIPTORS.iter().filter_map(|start| block.get(*start..start + DESCRIPTOR));
    let text = |tag| descriptors().find_map(|descriptor| text_of(descriptor, tag));
    let model = text(NAME).unwrap_or_else(|| smol_str::format_smolstr!("{product:04X}"));
    let serial =
        text(SERIAL).or_else(|| (number != 0).then(|| smol_str::format_smolstr!("{number}")));
    let edid =
        Edid { make: make_of(make_high, make_low), model, serial: serial.unwrap_or_default() };
    let size_mm = descriptors().find_map(size_of).or_else(|| {
        let (width, height) = (*block.get(21)?, *block.get(22)?);
        plausible(u32::from(width) * 10, u32::from(height) * 10)
    });
    Some(Panel { edid, size_mm })
}

/// Three letters of five bits each.
fn make_of(high: u8, low: u8) -> SmolStr {
    let packed = u16::from_be_bytes([high, low]);
    [packed >> 10, packed >> 5, packed]
        .into_iter()
        .filter_map(|bits| char::from_u32(u32::from(b'A') + u32::from(bits & 31) - 1))
        .filter(char::is_ascii_uppercase)
        .collect()
}

/// The text of a descriptor of this tag: up to 13 characters, ended by a line feed.
fn text_of(descriptor: &[u8], tag: u8) -> Option<SmolStr> {
    let [0, 0, 0, found, _, text @ ..] = descriptor else { return None };
    if *found != tag {
        return None;
    }
    let text: SmolStr = text
        .iter()
        .take_while(|byte| **byte != b'\n')
        .map(|byte| if byte.is_ascii_graphic() { char::from(*byte) } else { ' ' })
        .collect();
    let text = text.trim();
    (!text.is_empty()).then(|| text.into())
}

/// The lit area of a descriptor that is a timing.
fn size_of(descriptor: &[u8]) -> Option<(u32, u32)> {
    let &[clock_low, clock_high, _, _, _, _, _, _, _, _, _, _, width, height, high, ..] =
        descriptor
    else {
        return None;
    };
    if clock_low == 0 && clock_high == 0 {
        return None;
    }
    let high = u32::from(high);
    plausible(u32::from(width) | (high >> 4) << 8, u32::from(height) | (high & 15) << 8)
}

/// The size, if a panel can have it. Some projectors put an aspect ratio such as 16 × 9 there.
pub(super) fn plausible(width_mm: u32, height_mm: u32) -> Option<(u32, u32)> {
    (PLAUSIBLE_MM.contains(&width_mm) && PLAUSIBLE_MM.contains(&height_mm))
        .then_some((width_mm, height_mm))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A made-up panel: DEL, "Wall 55", the serial given, 1,210 × 680 mm.
    fn block(serial_text: &str, number: u32) -> Vec<u8> {
        let mut block = vec![0; BLOCK];
        block[..8].copy_from_slice(&HEADER);
        block[8..10].copy_from_slice(&[0x10, 0xAC]);
        block[10..12].copy_from_slice(&[0x34, 0x12]);
        block[12..16].copy_from_slice(&number.to_le_bytes());
        block[21..23].copy_from_slice(&[121, 68]);
        block[54..56].copy_from_slice(&[0x02, 0x3A]);
        block[54 + 12..54 + 15].copy_from_slice(&[0xBA, 0xA8, 0x42]);
        write_text(&mut block, 72, NAME, "Wall 55");
        write_text(&mut block, 90, SERIAL, serial_text);
        seal(&mut block);
        block
    }

    fn write_text(block: &mut [u8], start: usize, tag: u8, text: &str) {
        if !text.is_empty() {
            block[start + 3] = tag;
            block[start + 5..start + 5 + text.len()].copy_from_slice(text.as_bytes());
            block[start + 5 + text.len()] = b'\n';
        }
    }

    fn seal(block: &mut [u8]) {
        block[BLOCK - 1] = 0;
        let sum = block.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
        block[BLOCK - 1] = 0_u8.wrapping_sub(sum);
    }

    #[track_caller]
    fn check(serial_text: &str, number: u32, expected_serial: &str) {
        let panel = parse(&block(serial_text, number)).unwrap();
        assert_eq!(panel.edid.make, "DEL");
        assert_eq!(panel.edid.model, "Wall 55");
        assert_eq!(panel.edid.serial, expected_serial);
        assert_eq!(panel.size_mm, Some((1_210, 680)));
    }

    #[test]
    fn reads_identity_and_size() {
        check("ABC-1", 7, "ABC-1");
        check("", 7, "7");
        check("", 0, "");
    }

    #[test]
    fn a_panel_without_a_name_or_a_timing_has_its_product_number_and_whole_centimetres() {
        let mut bytes = block("", 0);
        bytes[54..108].fill(0);
        seal(&mut bytes);
        let panel = parse(&bytes).unwrap();
        assert_eq!(panel.edid.model, "1234");
        assert_eq!(panel.size_mm, Some((1_210, 680)));
    }

    #[test]
    fn an_aspect_ratio_is_no_size() {
        assert_eq!(plausible(16, 9), None);
        assert_eq!(plausible(160, 90), Some((160, 90)));
    }

    #[test]
    fn anything_else_is_no_panel() {
        assert_eq!(parse(&[]), None);
        assert_eq!(parse(&[0; 200]), None);
        let mut torn = block("A", 1);
        torn[60] ^= 1;
        assert_eq!(parse(&torn), None);
        assert_eq!(parse(&block("A", 1)[..127]), None);
    }
}
