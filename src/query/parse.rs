//! Zone: post-admission. From tokens to the tree, by precedence climbing.
//!
//! How strongly a token binds decides where the right side of a projection ends, so the numbers
//! are those of the reference implementations. Refuses a tree deeper than its bound.

use std::collections::VecDeque;

use crate::limits::QUERY_DEPTH_MAX;
use crate::query::fault::{QueryError, QueryFault};
use crate::query::lex::{self, Placed, Token};
use crate::query::signature;
use crate::query::tree::{Argument, Call, Node, Over, Projection, Slice};

const PIPE: u8 = 1;
const OR: u8 = 2;
const AND: u8 = 3;
const COMPARE: u8 = 5;
const FLATTEN: u8 = 9;
/// What binds less than this ends a projection.
const PROJECTION: u8 = 10;
const STAR: u8 = 20;
const FILTER: u8 = 21;
const DOT: u8 = 40;
const NOT: u8 = 45;
const LIST: u8 = 55;

const VALUE: &str = "a name, a function, a literal, @, *, [, {, ( or !";
const END: &str = "an operator or the end";

/// Returns the tree of `text`.
///
/// # Errors
/// The first place that does not fit.
pub(super) fn parse(text: &str) -> Result<Node, QueryError> {
    let end = text.len();
    let mut parser = Parser { tokens: lex::tokens(text)?, end, depth: 0 };
    let tree = parser.expression(0)?;
    parser.need(&Token::End, END)?;
    Ok(tree.node)
}

/// A node and the levels under it.
struct Tree {
    node: Node,
    height: u32,
}

struct Parser {
    tokens: VecDeque<Placed>,
    end: usize,
    depth: u32,
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "each place takes a few tokens or nodes and treats all others alike"
)]
impl Parser {
    fn expression(&mut self, power: u8) -> Result<Tree, QueryError> {
        self.depth = self.deeper(self.depth)?;
        let mut left = self.prefix()?;
        while power < self.peek().power() {
            left = self.infix(left)?;
        }
        self.depth = self.depth.saturating_sub(1);
        Ok(left)
    }

    fn prefix(&mut self) -> Result<Tree, QueryError> {
        let Placed { token, at } = self.next();
        match token {
            Token::Name(name) if *self.peek() == Token::OpenCall => self.call(&name, at),
            Token::Name(name) => Ok(leaf(Node::Field(name))),
            Token::Quoted(_) if *self.peek() == Token::OpenCall => {
                Err(QueryError { at, fault: QueryFault::QuotedFunction })
            }
            Token::Quoted(name) => Ok(leaf(Node::Field(name))),
            Token::Literal(value) => Ok(leaf(Node::Literal(value))),
            Token::Current => Ok(leaf(Node::Current)),
            Token::Star => self.project(leaf(Node::Current), leaf_over(Over::Values), STAR, at),
            Token::Flatten => self.project(leaf(Node::Current), leaf_over(Over::Flat), FLATTEN, at),
            Token::Filter => self.filter(leaf(Node::Current), at),
            Token::OpenHash => self.hash(),
            Token::OpenList => self.list(at),
            Token::OpenCall => {
                let inside = self.expression(0)?;
                self.need(&Token::CloseCall, "an operator or )")?;
                Ok(inside)
            }
            Token::Not => {
                let right = self.expression(NOT)?;
                self.over(Node::Not(Box::new(right.node)), right.height)
            }
            _ => Err(expected(at, VALUE)),
        }
    }

    fn infix(&mut self, left: Tree) -> Result<Tree, QueryError> {
        let Placed { token, at } = self.next();
        match token {
            Token::Dot if self.take(&Token::Star) => {
                self.project(left, leaf_over(Over::Values), DOT, at)
            }
            Token::Dot => {
                let right = self.after_dot(DOT)?;
                self.chain(left, right)
            }
            Token::Pipe => {
                let right = self.expression(PIPE)?;
                self.chain(left, right)
            }
            Token::Or => self.first(left, true, OR),
            Token::And => self.first(left, false, AND),
            Token::Compare(comparison) => {
                let right = self.expression(COMPARE)?;
                let height = left.height.max(right.height);
                let sides = Box::new((left.node, right.node));
                self.over(Node::Compare(comparison, sides), height)
            }
            Token::Flatten => self.project(left, leaf_over(Over::Flat), FLATTEN, at),
            Token::Filter => self.filter(left, at),
            Token::OpenList if self.at_specifier() => self.specifier(left, at),
            Token::OpenList => {
                self.need(&Token::Star, "a number, a slice or *")?;
                self.need(&Token::CloseList, "]")?;
                self.project(left, leaf_over(Over::Items), STAR, at)
            }
            _ => Err(expected(at, END)),
        }
    }

    /// Reads the right side of `||` when `wanted` is true, of `&&` when it is false.
    fn first(&mut self, left: Tree, wanted: bool, power: u8) -> Result<Tree, QueryError> {
        let right = self.expression(power)?;
        match left.node {
            Node::First(same, mut nodes) if same == wanted => {
                nodes.push(right.node);
                self.same(Node::First(wanted, nodes), left.height, right.height)
            }
            node => {
                let height = left.height.max(right.height);
                self.over(Node::First(wanted, vec![node, right.node]), height)
            }
        }
    }

    /// Reads what follows a dot.
    fn after_dot(&mut self, power: u8) -> Result<Tree, QueryError> {
        match self.peek() {
            Token::Name(_) | Token::Quoted(_) | Token::Star => self.expression(power),
            Token::OpenList => {
                self.next();
                self.multi_select()
            }
            Token::OpenHash => {
                self.next();
                self.hash()
            }
            _ => Err(self.expected_here("a name, a function, *, [ or { after the dot")),
        }
    }

    /// Reads the right side of a projection, [`Node::Current`] when there is none.
    fn right_side(&mut self, power: u8) -> Result<Tree, QueryError> {
        match self.peek() {
            token if token.power() < PROJECTION => Ok(leaf(Node::Current)),
            Token::OpenList | Token::Filter => self.expression(power),
            Token::Dot => {
                self.next();
                self.after_dot(power)
            }
            _ => Err(self.expected_here(END)),
        }
    }

    fn project(
        &mut self,
        left: Tree,
        (over, over_height): (Over, u32),
        power: u8,
        at: usize,
    ) -> Result<Tree, QueryError> {
        let right = self.right_side(power)?;
        let height = left.height.max(right.height).max(over_height);
        let projection = Projection { source: left.node, over, right: right.node, at };
        self.over(Node::Project(Box::new(projection)), height)
    }

    fn filter(&mut self, left: Tree, at: usize) -> Result<Tree, QueryError> {
        let condition = self.expression(0)?;
        self.need(&Token::CloseList, "an operator or ]")?;
        self.project(left, (Over::Filter(condition.node), condition.height), FILTER, at)
    }

    /// Reads what follows a bracket that nothing stands before.
    fn list(&mut self, at: usize) -> Result<Tree, QueryError> {
        if self.at_specifier() {
            return self.specifier(leaf(Node::Current), at);
        }
        if *self.peek() == Token::Star && *self.peek_second() == Token::CloseList {
            self.next();
            self.next();
            return self.project(leaf(Node::Current), leaf_over(Over::Items), STAR, at);
        }
        self.multi_select()
    }

    fn at_specifier(&self) -> bool {
        matches!(self.peek(), Token::Number(_) | Token::Colon)
    }

    /// Reads an index or a slice and its bracket.
    fn specifier(&mut self, left: Tree, at: usize) -> Result<Tree, QueryError> {
        let start = self.number();
        if !self.take(&Token::Colon) {
            self.need(&Token::CloseList, ": or ]")?;
            let index = start.ok_or_else(|| expected(at, "a number"))?;
            return self.chain(left, leaf(Node::Index(index)));
        }
        let stop = self.number();
        let step = if self.take(&Token::Colon) { self.number() } else { None };
        self.need(&Token::CloseList, "a number, : or ]")?;
        if step == Some(0) {
            return Err(QueryError { at, fault: QueryFault::StepZero });
        }
        self.project(left, leaf_over(Over::Slice(Slice { start, stop, step })), STAR, at)
    }

    fn number(&mut self) -> Option<i64> {
        let Token::Number(value) = *self.peek() else { return None };
        self.next();
        Some(value)
    }

    fn multi_select(&mut self) -> Result<Tree, QueryError> {
        let (mut nodes, mut height) = (Vec::new(), 0);
        loop {
            let tree = self.expression(0)?;
            height = tree.height.max(height);
            nodes.push(tree.node);
            if !self.take(&Token::Comma) {
                self.need(&Token::CloseList, "an operator, a comma or ]")?;
                return self.over(Node::List(nodes), height);
            }
        }
    }

    fn hash(&mut self) -> Result<Tree, QueryError> {
        let (mut members, mut height) = (Vec::<(String, Node)>::new(), 0);
        loop {
            let name = match self.next() {
                Placed { token: Token::Name(name) | Token::Quoted(name), .. } => name,
                Placed { at, .. } => return Err(expected(at, "a name for the new member")),
            };
            self.need(&Token::Colon, "a colon and an expression")?;
            let tree = self.expression(0)?;
            height = tree.height.max(height);
            // The last of two members of one name counts, at the place of the first.
            match members.iter_mut().find(|(other, _)| *other == name) {
                Some((_, node)) => *node = tree.node,
                None => members.push((name, tree.node)),
            }
            if !self.take(&Token::Comma) {
                self.need(&Token::CloseHash, "an operator, a comma or }")?;
                return self.over(Node::Hash(members), height);
            }
        }
    }

    fn call(&mut self, name: &str, at: usize) -> Result<Tree, QueryError> {
        let fail = |fault| QueryError { at, fault };
        let signature = signature::find(name).ok_or_else(|| fail(QueryFault::UnknownFunction))?;
        self.next();
        let (mut arguments, mut height) = (Vec::new(), 0);
        while arguments.is_empty() && *self.peek() != Token::CloseCall || self.take(&Token::Comma) {
            let is_reference = self.take(&Token::Reference);
            let tree = self.expression(0)?;
            height = tree.height.max(height);
            arguments.push(match is_reference {
                true => Argument::Reference(tree.node),
                false => Argument::Value(tree.node),
            });
        }
        self.need(&Token::CloseCall, "an operator, a comma or )")?;
        signature.accept(&arguments).map_err(fail)?;
        self.over(Node::Call(Call { signature, arguments, at }), height)
    }

    fn chain(&self, left: Tree, right: Tree) -> Result<Tree, QueryError> {
        let height = left.height.max(right.height);
        match left.node {
            Node::Current => Ok(right),
            Node::Chain(mut nodes) => {
                nodes.push(right.node);
                self.same(Node::Chain(nodes), left.height, right.height)
            }
            node => self.over(Node::Chain(vec![node, right.node]), height),
        }
    }

    /// Returns a list node that had `own` levels and took in a node of `added` levels.
    fn same(&self, node: Node, own: u32, added: u32) -> Result<Tree, QueryError> {
        Ok(Tree { node, height: own.max(self.deeper(added)?) })
    }

    /// Returns a node over nodes of at most `height` levels.
    fn over(&self, node: Node, height: u32) -> Result<Tree, QueryError> {
        Ok(Tree { node, height: self.deeper(height)? })
    }

    fn deeper(&self, levels: u32) -> Result<u32, QueryError> {
        let next = levels.checked_add(1).filter(|next| *next <= QUERY_DEPTH_MAX);
        next.ok_or_else(|| QueryError { at: self.here(), fault: QueryFault::Depth })
    }

    fn next(&mut self) -> Placed {
        let end = Placed { token: Token::End, at: self.end };
        self.tokens.pop_front().unwrap_or(end)
    }

    fn take(&mut self, wanted: &Token) -> bool {
        let found = self.peek() == wanted;
        if found {
            self.tokens.pop_front();
        }
        found
    }

    fn need(&mut self, wanted: &Token, words: &'static str) -> Result<(), QueryError> {
        if self.take(wanted) { Ok(()) } else { Err(self.expected_here(words)) }
    }

    fn peek(&self) -> &Token {
        self.tokens.front().map_or(&Token::End, |placed| &placed.token)
    }

    fn peek_second(&self) -> &Token {
        self.tokens.get(1).map_or(&Token::End, |placed| &placed.token)
    }

    fn here(&self) -> usize {
        self.tokens.front().map_or(self.end, |placed| placed.at)
    }

    fn expected_here(&self, words: &'static str) -> QueryError {
        expected(self.here(), words)
    }
}

impl Token {
    /// Returns how strongly it binds to what stands before it; 0 for what ends an expression.
    const fn power(&self) -> u8 {
        match self {
            Self::Pipe => PIPE,
            Self::Or => OR,
            Self::And => AND,
            Self::Compare(_) => COMPARE,
            Self::Flatten => FLATTEN,
            Self::Star => STAR,
            Self::Filter => FILTER,
            Self::Dot => DOT,
            Self::OpenList => LIST,
            Self::Name(_)
            | Self::Quoted(_)
            | Self::Literal(_)
            | Self::Number(_)
            | Self::Comma
            | Self::Colon
            | Self::Current
            | Self::Reference
            | Self::Not
            | Self::CloseList
            | Self::OpenHash
            | Self::CloseHash
            | Self::OpenCall
            | Self::CloseCall
            | Self::End => 0,
        }
    }
}

const fn leaf(node: Node) -> Tree {
    Tree { node, height: 1 }
}

const fn leaf_over(over: Over) -> (Over, u32) {
    (over, 0)
}

const fn expected(at: usize, words: &'static str) -> QueryError {
    QueryError { at, fault: QueryFault::Expected(words) }
}
