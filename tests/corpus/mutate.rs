//! Mutations of a corpus: simple, blind, and the same in every run.

/// Bytes that mean something to one reader or another.
const SPECIAL: &[u8] = b"\0\n\r\t \x1b'\"\\=-:@/,.#%&[]_~aZ09\x7f\xc3\xff";

/// Makes inputs out of a corpus.
pub(crate) struct Mutator<'a> {
    corpus: &'a [Vec<u8>],
    state: u64,
}

impl<'a> Mutator<'a> {
    /// Starts from the beginning.
    pub(crate) fn new(corpus: &'a [Vec<u8>]) -> Self {
        Self { corpus, state: 0x9e37_79b9_7f4a_7c15 }
    }

    /// The next input: a file of the corpus, changed in one to four places.
    pub(crate) fn mutate(&mut self) -> Vec<u8> {
        let mut data = self.file().to_vec();
        for _ in 0..=self.below(4) {
            self.change(&mut data);
        }
        data
    }

    fn change(&mut self, data: &mut Vec<u8>) {
        let at = self.below(data.len() + 1);
        let end = (at + 1 + self.below(8)).min(data.len());
        match self.below(7) {
            0 => data.truncate(at),
            1 => drop(data.drain(at..end)),
            2 => data.insert(at, SPECIAL[self.below(SPECIAL.len())]),
            3 if at < data.len() => data[at] = SPECIAL[self.below(SPECIAL.len())],
            4 if at < data.len() => data[at] ^= 1 << self.below(8),
            5 => {
                let again = data[at..end].to_vec();
                data.splice(at..at, again);
            }
            // A line of another file.
            _ => {
                let lines: Vec<&[u8]> = self.file().split_inclusive(|b| *b == b'\n').collect();
                if !lines.is_empty() {
                    let line = lines[self.below(lines.len())];
                    data.splice(at..at, line.iter().copied());
                }
            }
        }
    }

    fn file(&mut self) -> &'a [u8] {
        &self.corpus[self.below(self.corpus.len())]
    }

    /// A number below a limit (xorshift64*).
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let random = self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(random).expect("31 bits") % limit.max(1)
    }
}
