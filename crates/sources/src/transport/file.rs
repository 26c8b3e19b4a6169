//! Lines of a file, with the place of each, so that reading can go on there.

use std::{io, io::SeekFrom, path::Path};

use tokio::{
    fs::File,
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncSeekExt as _, BufReader},
};

/// Longer lines than this are left out and counted.
pub const MAX_LINE_BYTES: u64 = 1_048_576;

/// Reads a file line by line.
#[derive(Debug)]
pub struct Lines {
    file: BufReader<File>,
    offset: u64,
    line: Vec<u8>,
    n_oversized: u64,
}

impl Lines {
    /// Opens `path` and goes to byte `offset`, which must be the start of a line.
    ///
    /// # Errors
    /// Where the file cannot be opened.
    pub async fn open(path: &Path, offset: u64) -> io::Result<Self> {
        let mut file = File::open(path).await?;
        file.seek(SeekFrom::Start(offset)).await?;
        Ok(Self { file: BufReader::new(file), offset, line: Vec::new(), n_oversized: 0 })
    }

    /// The next line without its end, or nothing at the end of the file. A last line without an end counts.
    ///
    /// Dropping the future loses nothing, but the place is only right after it was completed.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub async fn next(&mut self) -> io::Result<Option<&[u8]>> {
        loop {
            self.line.clear();
            let mut limited = (&mut self.file).take(MAX_LINE_BYTES);
            let n_bytes = limited.read_until(b'\n', &mut self.line).await?;
            self.offset += n_bytes as u64;
            if n_bytes == 0 {
                return Ok(None);
            }
            if self.line.last() == Some(&b'\n') {
                self.line.pop();
            } else if n_bytes as u64 == MAX_LINE_BYTES {
                self.n_oversized += 1;
                self.skip_line().await?;
                continue;
            }
            if self.line.last() == Some(&b'\r') {
                self.line.pop();
            }
            return Ok(Some(&self.line));
        }
    }

    /// The byte after the last line that was read.
    #[must_use]
    pub const fn offset(&self) -> u64 {
        self.offset
    }

    /// Lines left out because they were too long.
    #[must_use]
    pub const fn n_oversized(&self) -> u64 {
        self.n_oversized
    }

    async fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let bytes = self.file.fill_buf().await?;
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let n_bytes = end.map_or(bytes.len(), |end| end + 1);
            self.file.consume(n_bytes);
            self.offset += n_bytes as u64;
            if n_bytes == 0 || end.is_some() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(bytes: &[u8], offset: u64) -> (Vec<String>, u64, u64) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        std::fs::write(&path, bytes).unwrap();
        let mut lines = Lines::open(&path, offset).await.unwrap();
        let mut texts = Vec::new();
        while let Some(line) = lines.next().await.unwrap() {
            texts.push(String::from_utf8_lossy(line).into_owned());
        }
        (texts, lines.offset(), lines.n_oversized())
    }

    #[tokio::test]
    async fn goes_on_where_it_was() {
        let (lines, offset, _) = read(b"one\r\n\ntwo\nthree", 0).await;
        assert_eq!((lines, offset), (["one", "", "two", "three"].map(str::to_owned).to_vec(), 15));
        assert_eq!(read(b"one\r\n\ntwo\nthree", 6).await.0, ["two", "three"]);
        assert_eq!(read(b"one\n", 100).await.0, [""; 0]);
    }

    #[tokio::test]
    async fn an_endless_line_is_left_out() {
        let mut bytes = vec![b'x'; 3_000_000];
        bytes.extend_from_slice(b"\nnext\n");
        assert_eq!(read(&bytes, 0).await, (vec!["next".to_owned()], 3_000_006, 1));
    }
}
