//! Zone: post-admission. Names of HTML: character references and elements, as data.
//!
//! References are those that stand for ASCII, for a space or for something invisible; a name
//! that is not here stands for a symbol that no stage looks at.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

/// True for an element of HTML, or one of SVG or MathML that HTML knows.
pub(super) fn is_element(name: &str) -> bool {
    stands_in(ELEMENTS, name)
}

/// True for an element at whose edges a reader sees a new line.
pub(super) fn is_block(name: &str) -> bool {
    stands_in(BLOCKS, name)
}

/// `names` are apart by single blanks, which no tag name has.
fn stands_in(names: &str, name: &str) -> bool {
    names.contains(&format!(" {name} "))
}

/// References that HTML accepts without a semicolon (HTML s13.5), of those in [`REFERENCES`].
pub(super) const UNTERMINATED: [(&str, char); 10] = [
    ("AMP", '&'),
    ("GT", '>'),
    ("LT", '<'),
    ("QUOT", '"'),
    ("amp", '&'),
    ("gt", '>'),
    ("lt", '<'),
    ("nbsp", '\u{a0}'),
    ("quot", '"'),
    ("shy", '\u{ad}'),
];

/// References with a semicolon, sorted by name.
pub(super) const REFERENCES: [(&str, char); 75] = [
    ("AMP", '&'),
    ("ApplyFunction", '\u{2061}'),
    ("DiacriticalGrave", '`'),
    ("GT", '>'),
    ("Hat", '^'),
    ("InvisibleComma", '\u{2063}'),
    ("InvisibleTimes", '\u{2062}'),
    ("LT", '<'),
    ("MediumSpace", '\u{205f}'),
    ("NegativeMediumSpace", '\u{200b}'),
    ("NegativeThickSpace", '\u{200b}'),
    ("NegativeThinSpace", '\u{200b}'),
    ("NegativeVeryThinSpace", '\u{200b}'),
    ("NewLine", '\n'),
    ("NoBreak", '\u{2060}'),
    ("NonBreakingSpace", '\u{a0}'),
    ("QUOT", '"'),
    ("Tab", '\t'),
    ("ThinSpace", '\u{2009}'),
    ("UnderBar", '_'),
    ("VerticalLine", '|'),
    ("VeryThinSpace", '\u{200a}'),
    ("ZeroWidthSpace", '\u{200b}'),
    ("af", '\u{2061}'),
    ("amp", '&'),
    ("apos", '\''),
    ("ast", '*'),
    ("bsol", '\\'),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("dollar", '$'),
    ("emsp", '\u{2003}'),
    ("emsp13", '\u{2004}'),
    ("emsp14", '\u{2005}'),
    ("ensp", '\u{2002}'),
    ("equals", '='),
    ("excl", '!'),
    ("grave", '`'),
    ("gt", '>'),
    ("hairsp", '\u{200a}'),
    ("ic", '\u{2063}'),
    ("it", '\u{2062}'),
    ("lbrace", '{'),
    ("lbrack", '['),
    ("lcub", '{'),
    ("lowbar", '_'),
    ("lpar", '('),
    ("lrm", '\u{200e}'),
    ("lsqb", '['),
    ("lt", '<'),
    ("midast", '*'),
    ("nbsp", '\u{a0}'),
    ("num", '#'),
    ("numsp", '\u{2007}'),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("puncsp", '\u{2008}'),
    ("quest", '?'),
    ("quot", '"'),
    ("rbrace", '}'),
    ("rbrack", ']'),
    ("rcub", '}'),
    ("rlm", '\u{200f}'),
    ("rpar", ')'),
    ("rsqb", ']'),
    ("semi", ';'),
    ("shy", '\u{ad}'),
    ("sol", '/'),
    ("thinsp", '\u{2009}'),
    ("verbar", '|'),
    ("vert", '|'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

const ELEMENTS: &str = "\
    \x20a abbr acronym address animate animatemotion animatetransform annotation annotation-xml \
    applet area article aside audio b base basefont bdi bdo bgsound big blink blockquote body \
    br button canvas caption center circle cite clippath code col colgroup command content \
    data datalist dd defs del desc details dfn dialog dir div dl dt element ellipse em embed \
    feblend feimage fieldset figcaption figure filter font footer foreignobject form frame \
    frameset g h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins \
    isindex kbd keygen label layer legend li line lineargradient link listing maction main map \
    mark marker marquee mask math menu menuitem merror meta metadata meter mfrac mglyph mi mn \
    mo mover mpadded mpath mphantom mroot mrow ms mspace msqrt mstyle msub msup mtable mtd \
    mtext mtr multicol munder nav nextid nobr noembed noframes noscript object ol optgroup \
    option output p param path pattern picture plaintext polygon polyline portal pre progress \
    q radialgradient rb rbc rect rp rt rtc ruby s samp script search section select semantics \
    set shadow slot small source spacer span stop strike strong style sub summary sup svg \
    switch symbol table tbody td template text textarea textpath tfoot th thead time title tr \
    track tspan tt u ul use var video view wbr xmp ";

const BLOCKS: &str = "\
    \x20address article aside blockquote br center dd details dialog dir div dl dt fieldset \
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li main menu nav ol \
    option p pre section table tbody td tfoot th thead tr ul ";

#[cfg(test)]
mod tests {
    use super::{REFERENCES, is_block, is_element};

    #[test]
    fn names_are_sorted_and_found() {
        assert!(REFERENCES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(is_element("script") && is_element("br") && !is_element("string"));
        assert!(is_block("br") && !is_block("b") && !is_block(""));
    }
}
