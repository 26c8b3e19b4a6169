//! Encoded pictures into pixels, whatever bytes come: by their own signature, within limits, downscaled at once.

use std::{
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use image::{
    DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader, Limits,
    metadata::Orientation,
};

use crate::model::Picture;

/// Telephones take 12 million pixels; networks send at most 4.
const MAX_PIXELS: u64 = 4_096 * 4_096;

/// Longer sides than this are decorations or attacks.
const MAX_ENCODED_SIDE_PX: u32 = 16_384;

/// What a decoder may take beside its input: the largest picture with four bytes a pixel, and half as much again.
const MAX_DECODER_BYTES: u64 = MAX_PIXELS * 6;

/// Why bytes are no picture that is shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum DecodeError {
    /// They are neither JPEG nor PNG nor WebP nor GIF.
    #[error("neither JPEG nor PNG nor WebP nor GIF")]
    Format,
    /// It has too many pixels, or none.
    #[error("{0} × {1} pixels are too many")]
    Size(u32, u32),
    /// It would take too much memory.
    #[error("it would take too much memory")]
    Memory,
    /// It is broken.
    #[error("it is broken")]
    Broken,
}

/// Decodes a picture, turns it upright, and makes its longer side at most `max_side_px`. Of animations, the first
/// frame.
pub(super) fn decode(bytes: &[u8], max_side_px: u32) -> Result<Picture, DecodeError> {
    // Decoders are other people's code on strangers' bytes; a panic in one is a broken picture and no more.
    catch_unwind(AssertUnwindSafe(|| decode_trusting(bytes, max_side_px)))
        .unwrap_or(Err(DecodeError::Broken))
}

fn decode_trusting(bytes: &[u8], max_side_px: u32) -> Result<Picture, DecodeError> {
    let reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format();
    let mut reader = reader.map_err(|_unreadable| DecodeError::Format)?;
    match reader.format() {
        Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif) => {}
        _ => return Err(DecodeError::Format),
    }
    reader.limits(limits());
    let mut decoder = reader.into_decoder().map_err(|err| reason(&err))?;
    let (width_px, height_px) = decoder.dimensions();
    let n_pixels = u64::from(width_px) * u64::from(height_px);
    if n_pixels == 0 || n_pixels > MAX_PIXELS {
        return Err(DecodeError::Size(width_px, height_px));
    }
    if decoder.total_bytes() > MAX_DECODER_BYTES {
        return Err(DecodeError::Memory);
    }
    // A picture without a readable orientation stands as it is.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let image = DynamicImage::from_decoder(decoder).map_err(|err| reason(&err))?;
    let mut image = shrink(image, max_side_px);
    image.apply_orientation(orientation);
    let rgba = image.into_rgba8();
    Ok(Picture {
        width_px: rgba.width(),
        height_px: rgba.height(),
        rgba: Arc::from(rgba.into_raw()),
    })
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_ENCODED_SIDE_PX);
    limits.max_image_height = Some(MAX_ENCODED_SIDE_PX);
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    limits
}

fn shrink(image: DynamicImage, max_side_px: u32) -> DynamicImage {
    if image.width().max(image.height()) <= max_side_px {
        return image;
    }
    image.thumbnail(max_side_px, max_side_px)
}

fn reason(err: &ImageError) -> DecodeError {
    match err {
        ImageError::Limits(_) => DecodeError::Memory,
        ImageError::Unsupported(_) => DecodeError::Format,
        _ => DecodeError::Broken,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use image::{ExtendedColorType, ImageEncoder as _, Rgba, RgbaImage, codecs::png::PngEncoder};
    use proptest::prelude::*;

    use super::*;

    /// A picture of this size as a file of this format.
    pub(crate) fn encoded(width_px: u32, height_px: u32, format: ImageFormat) -> Vec<u8> {
        let image =
            RgbaImage::from_fn(width_px, height_px, |x, y| Rgba([x as u8, y as u8, 99, 255]));
        let mut bytes = Cursor::new(Vec::new());
        let image = DynamicImage::from(image);
        let image = if format == ImageFormat::Jpeg { image.to_rgb8().into() } else { image };
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    /// A PNG header that promises so many pixels of four channels, and nothing behind it.
    fn promised(width_px: u32, height_px: u32, depth_bits: u8) -> Vec<u8> {
        let mut header = b"IHDR".to_vec();
        header.extend(width_px.to_be_bytes());
        header.extend(height_px.to_be_bytes());
        header.extend([depth_bits, 6, 0, 0, 0]);
        let crc = header.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
            })
        });
        let crc = (!crc).to_be_bytes();
        // The decoder reads up to the first data.
        [b"\x89PNG\r\n\x1a\n\0\0\0\x0d", &header[..], &crc, b"\0\0\0\0IDAT\x35\xaf\x06\x1e"]
            .concat()
    }

    const FORMATS: [ImageFormat; 4] =
        [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif];

    #[test]
    fn the_four_formats_become_pixels() {
        for format in FORMATS {
            let picture = decode(&encoded(30, 20, format), 640).unwrap();
            assert_eq!((picture.width_px, picture.height_px), (30, 20), "{format:?}");
            assert_eq!(picture.rgba.len(), 30 * 20 * 4);
        }
    }

    #[test]
    fn large_pictures_shrink_and_keep_their_shape() {
        for (width_px, height_px, expected) in [
            (1_000, 500, (640, 320)),
            (500, 1_000, (320, 640)),
            (640, 640, (640, 640)),
            (2_000, 1, (640, 1)),
        ] {
            let picture = decode(&encoded(width_px, height_px, ImageFormat::Png), 640).unwrap();
            assert_eq!((picture.width_px, picture.height_px), expected);
        }
        assert_eq!(decode(&encoded(300, 300, ImageFormat::Jpeg), 96).unwrap().width_px, 96);
    }

    #[test]
    fn bombs_are_refused_before_they_unfold() {
        assert!(decode(&promised(60_000, 60_000, 8), 640).is_err());
        assert_eq!(decode(&promised(5_000, 5_000, 8), 640), Err(DecodeError::Size(5_000, 5_000)));
        // Few enough pixels, but with eight bytes each.
        assert_eq!(decode(&promised(4_096, 4_000, 16), 640), Err(DecodeError::Memory));
        // A real one: 4,097 × 4,097 grey pixels in 40 kB.
        let mut bomb = Vec::new();
        let pixels = vec![0; 4_097 * 4_097];
        PngEncoder::new(&mut bomb)
            .write_image(&pixels, 4_097, 4_097, ExtendedColorType::L8)
            .unwrap();
        assert!(bomb.len() < 100_000);
        assert_eq!(decode(&bomb, 640), Err(DecodeError::Size(4_097, 4_097)));
    }

    #[test]
    fn other_formats_are_refused() {
        for bytes in
            [&b""[..], b"<svg/>", b"BM\0\0\0\0", b"II*\0", b"%PDF", b"\x00\x00\x00\x1cftypavif"]
        {
            assert_eq!(decode(bytes, 640), Err(DecodeError::Format));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn any_bytes_are_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..300), magic in 0..5_usize) {
            let starts = [&b""[..], b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\0\0\0WEBP", b"GIF89a"];
            decode(&[starts[magic], &bytes].concat(), 640).ok();
        }

        #[test]
        fn damaged_pictures_are_an_answer(format in 0..4_usize, end in 1..2_000_usize, at in any::<usize>(), byte: u8) {
            let mut bytes = encoded(40, 40, FORMATS[format]);
            bytes.truncate(end);
            let at = at % bytes.len();
            bytes[at] = byte;
            if let Ok(picture) = decode(&bytes, 640) {
                prop_assert_eq!(picture.rgba.len() as u64, u64::from(picture.width_px) * u64::from(picture.height_px) * 4);
            }
        }
    }
}
