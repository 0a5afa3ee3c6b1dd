//! An API key as a text: `dd0c_`, 256 random bits, and a checksum by which a scanner for secrets
//! knows one and a typo is told without asking the table.

use domain::words;
use pipeline::error::Failure;
use secrecy::SecretString;
use sha2::{Digest, Sha256};

/// How every key begins.
pub const PREFIX: &str = "dd0c_";

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Letters of the random part: 62^43 is just above 2^256.
const RANDOM: usize = 43;
/// Letters of the checksum: 62^6 is above 2^32.
const CHECKSUM: usize = 6;
/// Characters of a key that are shown later on.
const SHOWN: usize = PREFIX.len() + 3;

/// A key that was just made: shown once, kept nowhere.
#[derive(Debug)]
pub struct FreshKey {
    /// The key itself.
    pub secret: SecretString,
    /// What is kept in its place.
    pub hash: String,
    /// How it begins, `dd0c_Ab3…`.
    pub hint: String,
}

/// Makes a key.
pub fn fresh_key() -> Result<FreshKey, Failure> {
    let body = format!("{PREFIX}{}", random_letters()?);
    let text = format!("{body}{}", checksum(&body));
    let hint = format!("{}…", text.get(..SHOWN).unwrap_or(PREFIX));
    Ok(FreshKey { hash: digest(&text), hint, secret: text.into() })
}

/// Under which hash a key is kept; `None` if the text is none, as with a typo.
pub fn hash_of(text: &str) -> Option<String> {
    let letters = text.strip_prefix(PREFIX)?;
    let plain = letters.bytes().all(|letter| letter.is_ascii_alphanumeric());
    if !plain || letters.len() != RANDOM + CHECKSUM {
        return None;
    }
    let (body, sum) = text.split_at_checked(PREFIX.len() + RANDOM)?;
    (checksum(body) == sum).then(|| digest(text))
}

fn digest(text: &str) -> String {
    words::hex(&Sha256::digest(text.as_bytes()))
}

/// The first four bytes of the SHA-256 of what stands before, in base 62.
fn checksum(body: &str) -> String {
    let sum = Sha256::digest(body.as_bytes());
    let mut rest = sum[..4].iter().fold(0_usize, |all, byte| (all << 8) | usize::from(*byte));
    let mut letters = String::with_capacity(CHECKSUM);
    for _ in 0..CHECKSUM {
        letters.extend(letter(rest % LETTERS.len()));
        rest /= LETTERS.len();
    }
    letters
}

/// Each letter is as likely as any other: a byte that would favour some is thrown away.
fn random_letters() -> Result<String, Failure> {
    let fair = LETTERS.len() * (256 / LETTERS.len());
    let mut letters = String::with_capacity(RANDOM);
    while letters.len() < RANDOM {
        let bytes = random::bytes::<64>()?.into_iter().map(usize::from).filter(|byte| *byte < fair);
        let more = bytes.filter_map(|byte| letter(byte % LETTERS.len()));
        letters.extend(more.take(RANDOM - letters.len()));
    }
    Ok(letters)
}

fn letter(nth: usize) -> Option<char> {
    LETTERS.get(nth).map(|letter| char::from(*letter))
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn a_key_is_known_by_its_hash_and_does_not_print() {
        let (one, other) = (fresh_key().unwrap(), fresh_key().unwrap());
        let text = one.secret.expose_secret();
        assert_eq!(hash_of(text).unwrap(), one.hash);
        assert_ne!(one.hash, other.hash);
        assert_eq!(text.len(), 54);
        assert!(text.starts_with(one.hint.trim_end_matches('…')) && one.hint.len() < 12);
        assert!(!format!("{one:?}").contains(&text[8..]), "a key was printed");
    }

    #[test]
    fn a_typo_anywhere_is_told() {
        let key = fresh_key().unwrap();
        let text = key.secret.expose_secret();
        for at in 0..text.len() {
            let mut typo = text.as_bytes().to_vec();
            typo[at] = if typo[at] == b'x' { b'y' } else { b'x' };
            assert_eq!(hash_of(std::str::from_utf8(&typo).unwrap()), None, "at {at}");
        }
        for wrong in ["", "dd0c_", &text[..53], &format!("{text}0"), &text.replace("dd0c_", "")] {
            assert_eq!(hash_of(wrong), None);
        }
    }

    #[test]
    fn every_letter_comes() {
        let text: String = (0..40)
            .map(|_| fresh_key().unwrap().secret.expose_secret()[5..48].to_owned())
            .collect();
        assert!(LETTERS.iter().all(|letter| text.contains(char::from(*letter))), "{text}");
    }
}
