//! Text from outside as text that Slack shows and does not obey.

use domain::words;

/// Words after `@` that call everybody.
const CALLS: [&str; 3] = ["here", "channel", "everyone"];

/// For a plain text object, at most `limit` characters.
pub(crate) fn plain(text: &str, limit: usize) -> String {
    fit(&tame(text, limit), limit)
}

/// For a place where marks would format, at most `limit` characters: the marks give way to signs
/// that look like them.
pub(crate) fn literal(text: &str, limit: usize) -> String {
    fit(&unformatted(&tame(text, limit)), limit)
}

/// A link behind a line, to an address of ours or of Slack's; empty where the address could leave it.
pub(crate) fn link(address: &str) -> String {
    let safe = address.starts_with("https://") || address.starts_with("http://127.0.0.1");
    let plain = |c: char| c.is_ascii_graphic() && !"<>|\"`".contains(c);
    if !safe || !address.chars().all(plain) || address.len() > 500 {
        return String::new();
    }
    format!(" <{}|open>", address.replace('&', "&amp;"))
}

/// For a code block. Commands are never cut: one that is cut off is another command.
pub(crate) fn code(text: &str, limit: usize) -> String {
    fit(&tame(text, limit).replace('`', "ˋ"), limit)
}

/// Neither controls nor calls; the beginning of the text is enough to see that it is too long.
fn tame(text: &str, limit: usize) -> String {
    let beginning: String = text.chars().take(limit.saturating_add(1)).collect();
    without_calls(&words::clean(&beginning))
}

/// Characters, as Slack counts them.
pub(crate) fn length(text: &str) -> usize {
    text.chars().count()
}

/// Escapes what Slack's markup is made of; a text that is too long then ends in an ellipsis.
fn fit(text: &str, limit: usize) -> String {
    let (mut out, mut used, mut end) = (String::with_capacity(text.len()), 0_usize, 0);
    for c in text.chars() {
        let piece = escaped(c);
        used = used.saturating_add(piece.map_or(1, length));
        if used > limit {
            out.truncate(end);
            out.extend((limit > 0).then_some('…'));
            return out;
        }
        match piece {
            Some(piece) => out.push_str(piece),
            None => out.push(c),
        }
        if used < limit {
            end = out.len();
        }
    }
    out
}

const fn escaped(c: char) -> Option<&'static str> {
    match c {
        '&' => Some("&amp;"),
        '<' => Some("&lt;"),
        '>' => Some("&gt;"),
        _ => None,
    }
}

fn without_calls(text: &str) -> String {
    let calls = |at: usize| {
        let after = text.get(at + 1..).unwrap_or_default();
        CALLS
            .iter()
            .any(|call| after.get(..call.len()).is_some_and(|word| word.eq_ignore_ascii_case(call)))
    };
    text.char_indices().map(|(at, c)| if c == '@' && calls(at) { '＠' } else { c }).collect()
}

fn unformatted(text: &str) -> String {
    let mut previous = None;
    let mut chars = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        let in_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        out.push(match c {
            '*' => '∗',
            '~' => '∼',
            '`' => 'ˋ',
            // Within a word it does not format, and names are full of it.
            '_' if !(in_word(previous) && in_word(chars.peek().copied())) => '＿',
            _ => c,
        });
        previous = Some(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_and_mentions_are_shown_and_not_obeyed() {
        assert_eq!(literal("<!channel> & <@U1>", 99), "&lt;!channel&gt; &amp; &lt;@U1&gt;");
        assert_eq!(
            literal("@here @Everyone ana@heretic.org", 99),
            "＠here ＠Everyone ana＠heretic.org"
        );
        assert_eq!(literal("ana@example.com", 99), "ana@example.com");
        assert_eq!(plain("a\u{202e}b\nc", 99), "a\u{fffd}b\u{fffd}c");
    }

    #[test]
    fn names_do_not_become_bold_and_keep_their_underscores() {
        assert_eq!(literal("*a* ~b~ `c` _d_", 99), "∗a∗ ∼b∼ ˋcˋ ＿d＿");
        assert_eq!(literal("role/AWSReservedSSO_Admin_ab12", 99), "role/AWSReservedSSO_Admin_ab12");
    }

    #[test]
    fn a_code_block_cannot_be_left() {
        assert_eq!(code("a ``` <b> *c*", 99), "a ˋˋˋ &lt;b&gt; *c*");
    }

    #[test]
    fn a_long_text_ends_in_an_ellipsis_on_a_character_and_never_within_an_escape() {
        assert_eq!(plain("äöü", 3), "äöü");
        assert_eq!(plain("äöüß", 3), "äö…");
        assert_eq!(plain("ab&", 6), "ab…");
        assert_eq!(plain("ab&", 7), "ab&amp;");
        assert_eq!(plain("&", 3), "…");
        assert_eq!(plain("a", 0), "");
    }
}
