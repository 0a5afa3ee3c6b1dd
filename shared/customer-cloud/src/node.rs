//! XML as a tree: no entity but the five that XML itself knows, bounded in depth and number.

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

/// Deeper than any answer of AWS.
const DEEPEST: usize = 64;
/// More elements than a page of any answer.
const MOST: usize = 500_000;

/// An element.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Node {
    name: String,
    text: String,
    children: Vec<Node>,
}

impl Node {
    /// The outermost element.
    pub(crate) fn parse(xml: &str) -> Result<Self, String> {
        let mut reader = Reader::from_str(xml);
        let (mut open, mut count) = (vec![Self::default()], 0);
        loop {
            let event = reader.read_event().map_err(|error| error.to_string())?;
            if matches!(event, Event::Eof) {
                return outermost(open);
            }
            step(&mut open, event, &mut count)?;
        }
    }

    /// The first element below, by names with dots between.
    pub(crate) fn at(&self, path: &str) -> Option<&Self> {
        path.split('.')
            .try_fold(self, |node, name| node.children.iter().find(|child| child.name == name))
    }

    /// Its text; empty if there is no such element.
    pub(crate) fn text(&self, path: &str) -> &str {
        self.at(path).map_or("", |node| node.text.trim())
    }

    /// Its text, if there is any.
    pub(crate) fn some(&self, path: &str) -> Option<&str> {
        Some(self.text(path)).filter(|text| !text.is_empty())
    }

    /// Its text as a number, if it is one.
    pub(crate) fn number<N: std::str::FromStr>(&self, path: &str) -> Option<N> {
        self.text(path).parse().ok()
    }

    /// The members of a list, `item` or `member` or whatever it calls them.
    pub(crate) fn list(&self, path: &str) -> &[Self] {
        self.at(path).map_or(&[], |node| &node.children)
    }

    /// Its own text.
    pub(crate) fn own_text(&self) -> &str {
        self.text.trim()
    }
}

fn outermost(mut open: Vec<Node>) -> Result<Node, String> {
    let root = open.pop().filter(|_| open.is_empty()).ok_or("an element does not end")?;
    root.children.into_iter().next().ok_or_else(|| "it is empty".to_owned())
}

fn step(open: &mut Vec<Node>, event: Event<'_>, count: &mut usize) -> Result<(), String> {
    match event {
        Event::Start(start) => begin(open, start.local_name().as_ref(), count),
        Event::Empty(empty) => {
            begin(open, empty.local_name().as_ref(), count)?;
            end(open)
        }
        Event::End(_) => end(open),
        Event::Text(text) => {
            add(open, &text);
            Ok(())
        }
        Event::CData(text) => {
            add(open, &text);
            Ok(())
        }
        Event::GeneralRef(name) => {
            let reference = format!("&{};", &*name);
            let text = unescape(&reference).map_err(|error| error.to_string())?;
            add(open, &text);
            Ok(())
        }
        Event::DocType(_) => Err("it has a document type".to_owned()),
        _ => Ok(()),
    }
}

fn begin(open: &mut Vec<Node>, name: &str, count: &mut usize) -> Result<(), String> {
    *count += 1;
    if open.len() > DEEPEST || *count > MOST {
        return Err("it is too deep or too long".to_owned());
    }
    let name = name.to_owned();
    open.push(Node { name, ..Node::default() });
    Ok(())
}

fn end(open: &mut Vec<Node>) -> Result<(), String> {
    let ended = open.pop().ok_or("an element ends twice")?;
    open.last_mut().ok_or("an element ends twice")?.children.push(ended);
    Ok(())
}

fn add(open: &mut [Node], text: &str) {
    if let Some(node) = open.last_mut() {
        node.text.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_answer_is_read_by_names() {
        let xml = "<?xml version=\"1.0\"?><R xmlns=\"x\"><s><item><id> a&amp;b&#33;</id></item>\
                   <item><id>c</id><n>7</n></item></s><empty/></R>";
        let node = Node::parse(xml).unwrap();
        let ids: Vec<&str> = node.list("s").iter().map(|item| item.text("id")).collect();
        assert_eq!(ids, ["a&b!", "c"]);
        assert_eq!(node.list("s")[1].number::<u32>("n"), Some(7));
        assert_eq!((node.text("empty"), node.text("no.such"), node.some("empty")), ("", "", None));
    }

    #[test]
    fn hostile_xml_is_refused() {
        let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\">]><R>&a;</R>";
        for xml in ["", "<a>", "<a></b>", "</a>", "<a>&unknown;</a>", bomb, &"<a>".repeat(70)] {
            assert!(Node::parse(xml).is_err(), "{xml}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(<[/!?]?[a-z&;#\"' =\\]\\[>-]{0,12}>?|[ -~]|\u{0}){0,40}") {
            let _ = Node::parse(&text);
        }
    }
}
