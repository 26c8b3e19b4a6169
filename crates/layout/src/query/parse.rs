//! Tokens of a query to a tree.

use vigie_model::Query;

use super::{
    MAX_QUERY_DEPTH, MAX_QUERY_TERMS, QueryError,
    lex::{Kind, Token},
};

/// The tree of `tokens`; `text_len` is where the text ends.
pub(super) fn tree(tokens: &[Token], text_len: usize) -> Result<Query, QueryError> {
    if tokens.is_empty() {
        return Err(
            QueryError::new(0..text_len, "the query is empty").with_help("every post is `*`")
        );
    }
    let mut terms = tokens.iter().filter(|token| matches!(token.kind, Kind::Term(_)));
    if let Some(token) = terms.nth(MAX_QUERY_TERMS) {
        let message = format!("a query has at most {MAX_QUERY_TERMS} terms");
        return Err(QueryError::new(token.span.clone(), message));
    }
    let mut parser = Parser { tokens: tokens.iter(), text_len };
    let query = parser.any(0)?;
    match parser.next() {
        None => Ok(query),
        Some(token) => Err(QueryError::new(token.span.clone(), "this `)` closes nothing")),
    }
}

struct Parser<'a> {
    tokens: std::slice::Iter<'a, Token>,
    text_len: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a Kind> {
        self.tokens.as_slice().first().map(|token| &token.kind)
    }

    fn next(&mut self) -> Option<&'a Token> {
        self.tokens.next()
    }

    /// `all OR all OR …`
    fn any(&mut self, depth: usize) -> Result<Query, QueryError> {
        let mut parts = vec![self.all(depth)?];
        while matches!(self.peek(), Some(Kind::Or)) {
            self.next();
            parts.push(self.all(depth)?);
        }
        Ok(joined(parts, Query::Or))
    }

    /// `one AND one one …`
    fn all(&mut self, depth: usize) -> Result<Query, QueryError> {
        let mut parts = vec![self.one(depth)?];
        loop {
            match self.peek() {
                Some(Kind::And) => {
                    self.next();
                }
                Some(Kind::Not | Kind::Open | Kind::Term(_)) => {}
                Some(Kind::Or | Kind::Close) | None => return Ok(joined(parts, Query::And)),
            }
            parts.push(self.one(depth)?);
        }
    }

    /// `NOT one`, `( any )`, or a term.
    fn one(&mut self, depth: usize) -> Result<Query, QueryError> {
        let Some(token) = self.next() else {
            let message = "the query ends where a term is expected";
            return Err(QueryError::new(self.text_len..self.text_len, message));
        };
        let deeper = || {
            let message = format!("a query nests at most {MAX_QUERY_DEPTH} deep");
            let is_allowed = depth < MAX_QUERY_DEPTH;
            is_allowed
                .then_some(depth + 1)
                .ok_or_else(|| QueryError::new(token.span.clone(), message))
        };
        let unexpected = |what: &str| {
            let message = format!("{what} stands where a term is expected");
            Err(QueryError::new(token.span.clone(), message))
        };
        match &token.kind {
            Kind::Term(query) => Ok(query.clone()),
            Kind::Not => Ok(Query::Not(Box::new(self.one(deeper()?)?))),
            Kind::Open => {
                let query = self.any(deeper()?)?;
                match self.next() {
                    Some(_) => Ok(query),
                    None => Err(QueryError::new(token.span.clone(), "this `(` is never closed")),
                }
            }
            Kind::Close => unexpected("`)`"),
            Kind::And => unexpected("`AND`"),
            Kind::Or => unexpected("`OR`"),
        }
    }
}

/// One part is itself; more are joined.
fn joined(mut parts: Vec<Query>, join: fn(Vec<Query>) -> Query) -> Query {
    match parts.pop() {
        Some(only) if parts.is_empty() => only,
        last => {
            parts.extend(last);
            join(parts)
        }
    }
}
