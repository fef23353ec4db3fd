//! Bytes and trees lead to the same clean text and the same count of changes; it is JSON, a fixed
//! point, no member is lost to another, and no string in it has a class of fault.

#[path = "../../tests/data/tools/quiet.rs"]
mod quiet;

use super::input::Input;
use super::kit::clean::faults;
use super::kit::trees::{WIDE, members, strings, value};
use std::cell::RefCell;
use std::sync::{Arc, OnceLock};
use zscaler_mcp::backend::{ApiBody, ApiRequest, ApiResponse, Backend, Patience, Upstream};
use zscaler_mcp::json::{Json, Object, feed, read, scan, write};
use zscaler_mcp::mcp::registry::{CallResult, Content, Outcome, Registry};
use zscaler_mcp::sanitize::{CleanEncoded, Naming, Scrubber};
use zscaler_mcp::tools::{Product, Selection, ServerIdentity};

const TOOLS: [&str; 2] = ["zia_list_rule_labels", "zia_list_gre_ranges"];

/// Panics when the property does not hold for `data`.
pub fn check(data: &[u8]) {
    let mut input = Input::new(data);
    let shape = input.byte();
    // Half of the inputs are JSON as it stands, the other half describe a value.
    let bytes = if shape & 1 == 0 {
        input.rest().to_vec()
    } else {
        let records = (0..1 + usize::from(shape >> 5)).map(|_| value(&mut input, 4));
        write::pretty(&records.collect::<Vec<_>>().into()).into_bytes()
    };
    let tree = read(&bytes, WIDE);
    if let Ok(tree) = &tree {
        for naming in [Naming::Kept, Naming::Renamed(small)] {
            encoder(&bytes, tree, naming);
        }
    }
    if shape & 2 == 2 {
        through_a_tool(&bytes, tree.ok(), TOOLS[usize::from(shape >> 2 & 1)]);
    }
}

fn small(name: &str) -> String {
    name.to_ascii_lowercase()
}

fn encoder(bytes: &[u8], tree: &Json, naming: Naming) {
    let scrubbers = [Scrubber::new(true), Scrubber::new(true)];
    let mut streamed = scrubbers[0].encoder(naming);
    scan(bytes, WIDE, &mut streamed).unwrap();
    let mut fed = scrubbers[1].encoder(naming);
    feed(tree, &mut fed);
    let (streamed, fed) = (streamed.finish(), fed.finish());
    assert_eq!((&streamed, scrubbers[0].changed()), (&fed, scrubbers[1].changed()), "{tree:?}");
    let Ok(clean) = streamed else { return };
    // The reader refuses an object that has a name twice.
    let value = read(clean.as_str().as_bytes(), WIDE).unwrap();
    let lost = if matches!(naming, Naming::Kept) { 0 } else { nulls(tree) };
    assert_eq!(members(&value) + lost, members(tree), "{}", clean.as_str());
    strings(&value, &mut |text| {
        let mut found = faults(text, text);
        found.retain(|fault| *fault != "longer than twice the input");
        assert!(found.is_empty(), "{text:?}: {found:?} in {}", clean.as_str());
    });
    is_fixed(&clean);
    table(&clean, &value);
}

/// Returns the members of `value` that are left out because they are null.
fn nulls(value: &Json) -> usize {
    let items = value.as_array().unwrap_or(&[]).iter().map(nulls).sum::<usize>();
    let own = value.as_object().into_iter().flat_map(Object::iter);
    items + own.map(|(_, value)| usize::from(value.is_null()) + nulls(value)).sum::<usize>()
}

fn is_fixed(clean: &CleanEncoded) {
    let scrubber = Scrubber::new(true);
    let mut again = scrubber.encoder(Naming::Kept);
    scan(clean.as_str().as_bytes(), WIDE, &mut again).unwrap();
    assert_eq!((again.finish().as_ref(), scrubber.changed()), (Ok(clean), 0));
}

/// A table has a cell for each column in every row, and no fence.
fn table(clean: &CleanEncoded, value: &Json) {
    let Some(csv) = clean.csv() else { return };
    let text = csv.as_str();
    assert!(!text.contains("```") && !text.contains("~~~"), "{text:?}");
    let records = value.as_array().unwrap();
    let mut columns: Vec<&str> = Vec::new();
    for (name, _) in records.iter().filter_map(Json::as_object).flat_map(Object::iter) {
        if !columns.contains(&name) {
            columns.push(name);
        }
    }
    let rows = rows(text);
    if columns.is_empty() {
        return;
    }
    assert_eq!(rows[0], columns, "{text:?}");
    assert_eq!(rows.len(), records.len() + 1, "{text:?}");
    for (row, record) in rows[1..].iter().zip(records) {
        let cells = columns.iter().map(|column| match record.get(column) {
            None | Some(Json::Null) => String::new(),
            Some(Json::String(text)) => text.clone(),
            Some(other) => write::to_text(other),
        });
        assert_eq!(*row, cells.collect::<Vec<_>>(), "{text:?}");
    }
}

/// Reads CSV with quotes where they are needed (RFC 4180 s2), lines ending with LF.
fn rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let (mut quoted, mut chars) = (false, text.chars().peekable());
    while let Some(c) = chars.next() {
        let row = rows.last_mut().unwrap();
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => row.last_mut().unwrap().push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(String::new()),
            '\n' if !quoted => rows.push(vec![String::new()]),
            other => row.last_mut().unwrap().push(other),
        }
    }
    rows
}

thread_local! {
    /// What the service answers.
    static ANSWER: RefCell<ApiBody> = const { RefCell::new(ApiBody::Empty) };
}

struct Fixed;

impl Backend for Fixed {
    fn send(&self, _: &ApiRequest, _: &dyn Patience) -> Result<ApiResponse, Upstream> {
        Ok(ApiResponse { status: 200, body: ANSWER.with_borrow(ApiBody::clone) })
    }
    fn is_local(&self) -> bool {
        true
    }
    fn describe(&self) -> String {
        String::new()
    }
}

fn call(tool: &str, body: ApiBody) -> CallResult {
    static PRODUCT: OnceLock<Product> = OnceLock::new();
    let product = PRODUCT.get_or_init(|| {
        let scrubber = Arc::new(Scrubber::new(true));
        Product::new(Arc::new(Fixed), scrubber, Selection::everything(), ServerIdentity::default())
    });
    ANSWER.set(body);
    let outcome = product.call(tool, &Object::new(), &quiet::Quiet::new(false));
    let Outcome::Done(result) = outcome else { panic!("{tool} asked") };
    result
}

fn through_a_tool(bytes: &[u8], tree: Option<Json>, tool: &str) {
    let streamed = call(tool, ApiBody::Encoded(bytes.to_vec()));
    let [Content::Text(text)] = streamed.content.as_slice() else { panic!("{streamed:?}") };
    assert_eq!(streamed.structured.is_none(), streamed.is_error, "{streamed:?}");
    let Some(tree) = tree else {
        return assert!(streamed.is_error, "{:?}", text.as_str());
    };
    let fed = call(tool, ApiBody::Json(tree));
    let [Content::Text(other)] = fed.content.as_slice() else { panic!("{fed:?}") };
    assert_eq!(text, other);
    assert_eq!((streamed.structured, streamed.is_error), (fed.structured, fed.is_error));
}
