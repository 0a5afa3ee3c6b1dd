//! Lists in pages, as many as are looked at.

use crate::aws_error::AwsError;
use crate::client::Visit;
use crate::input::Input;
use crate::node::Node;
use crate::operation::Operation;
use serde_json::Value;

/// Pages of one list that are looked at.
const MOST: usize = 100;

/// How a list is continued: the name of the mark in the question, and where it stands in the answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark(pub(crate) &'static str, pub(crate) &'static str);

impl Visit<'_> {
    /// All pages of a list in XML.
    pub(crate) async fn xml_pages(
        &self,
        operation: Operation,
        input: Input,
        mark: Mark,
    ) -> Result<Vec<Node>, AwsError> {
        let (mut pages, mut asked) = (Vec::new(), input.clone());
        while pages.len() < MOST {
            let page = self.xml(operation, asked).await?;
            let next = page.some(mark.1).map(str::to_owned);
            pages.push(page);
            let Some(next) = next else { return Ok(pages) };
            asked = input.clone().with(mark.0, &next);
        }
        Err(AwsError::TooMany)
    }

    /// All pages of a list in JSON.
    pub(crate) async fn json_pages(
        &self,
        operation: Operation,
        input: Input,
        mark: Mark,
    ) -> Result<Vec<Value>, AwsError> {
        let (mut pages, mut asked) = (Vec::new(), input.clone());
        while pages.len() < MOST {
            let page = self.json(operation, asked).await?;
            let next = page[mark.1].as_str().filter(|next| !next.is_empty()).map(str::to_owned);
            pages.push(page);
            let Some(next) = next else { return Ok(pages) };
            asked = input.clone().with(mark.0, &next);
        }
        Err(AwsError::TooMany)
    }
}
