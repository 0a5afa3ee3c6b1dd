//! A list of names inside a book: from name to number by hash, from number to name.

use crate::encode::{EMPTY_SLOT, hash};

/// Three sections of a book.
#[derive(Clone, Copy)]
pub(crate) struct Names<'a> {
    /// Open addressing, at most half full, `u16` each.
    pub(crate) slots: &'a [u8],
    /// `u32` each, one more than there are names.
    pub(crate) offsets: &'a [u8],
    pub(crate) text: &'a [u8],
}

impl<'a> Names<'a> {
    #[inline]
    pub(crate) fn find(self, name: &str) -> Option<usize> {
        let slots = self.slots.len() / 2;
        #[expect(clippy::cast_possible_truncation, reason = "only the low bits are wanted")]
        let mut slot = hash(name.as_bytes()) as usize & slots.wrapping_sub(1);
        loop {
            let index = u16_at(self.slots, slot)?;
            if index == EMPTY_SLOT {
                return None;
            }
            if self.bytes(usize::from(index))? == name.as_bytes() {
                return Some(usize::from(index));
            }
            slot = (slot + 1) & (slots - 1);
        }
    }

    pub(crate) fn get(self, index: usize) -> Option<&'a str> {
        std::str::from_utf8(self.bytes(index)?).ok()
    }

    pub(crate) fn len(self) -> usize {
        (self.offsets.len() / 4).saturating_sub(1)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).filter_map(move |index| self.get(index))
    }

    #[inline]
    fn bytes(self, index: usize) -> Option<&'a [u8]> {
        let start = u32_at(self.offsets, index)? as usize;
        let end = u32_at(self.offsets, index + 1)? as usize;
        self.text.get(start..end)
    }
}

#[inline]
pub(crate) fn u16_at(bytes: &[u8], index: usize) -> Option<u16> {
    bytes.get(index * 2..)?.first_chunk().map(|chunk| u16::from_le_bytes(*chunk))
}

#[inline]
pub(crate) fn u32_at(bytes: &[u8], index: usize) -> Option<u32> {
    bytes.get(index * 4..)?.first_chunk().map(|chunk| u32::from_le_bytes(*chunk))
}
