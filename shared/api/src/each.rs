//! Each: the same question to several accounts.

use crate::problem::Problem;
use futures_util::{StreamExt, TryStreamExt, stream};

/// Accounts that are read at once.
const AT_ONCE: usize = 8;

/// What comes of questions to several accounts, in their order. A bounded number of them is asked at
/// once: a tenant with many accounts waits for a few of them, and asks for no more than others.
pub(crate) async fn each<T>(
    questions: Vec<impl Future<Output = Result<T, Problem>>>,
) -> Result<Vec<T>, Problem> {
    stream::iter(questions).buffered(AT_ONCE).try_collect().await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[tokio::test]
    async fn answers_stand_in_the_order_of_the_questions_and_few_are_asked_at_once() {
        let (asked, most) = (Cell::new(0), Cell::new(0));
        let question = async |number: usize| {
            asked.set(asked.get() + 1);
            most.set(most.get().max(asked.get()));
            // The first of them is the last to be answered.
            for _ in 0..100 - number {
                tokio::task::yield_now().await;
            }
            asked.set(asked.get() - 1);
            if number == 99 { Err(Problem::not_found("answer")) } else { Ok(number) }
        };
        let numbers = each((0..50).map(question).collect()).await.unwrap();
        assert_eq!(numbers, (0..50).collect::<Vec<_>>());
        assert_eq!(most.get(), AT_ONCE);
        assert!(each((0..100).map(question).collect()).await.is_err());
    }
}
