//! Zone: post-admission. What a character passes for: ASCII syntax, or a Latin letter or digit.
//!
//! Trusts nothing. Both answers are used to recognise, never to rewrite: text keeps its own
//! characters.
#![cfg_attr(not(test), deny(clippy::indexing_slicing, clippy::arithmetic_side_effects))]

/// Returns the ASCII character that `c` becomes when a reader folds width and small forms
/// (compatibility normalization), else `c`.
pub(super) fn ascii(c: char) -> char {
    match c {
        '\0'..='\u{7f}' => c,
        '\u{ff01}'..='\u{ff5e}' => shifted(c),
        '\u{207d}' | '\u{208d}' | '\u{fe35}' | '\u{fe59}' => '(',
        '\u{207e}' | '\u{208e}' | '\u{fe36}' | '\u{fe5a}' => ')',
        '\u{207c}' | '\u{208c}' | '\u{fe66}' => '=',
        '\u{fe47}' => '[',
        '\u{fe48}' => ']',
        '\u{fe64}' => '<',
        '\u{fe65}' => '>',
        '\u{fe60}' => '&',
        '\u{fe5f}' => '#',
        '\u{fe68}' => '\\',
        '\u{fe15}' | '\u{fe57}' => '!',
        '\u{fe16}' | '\u{fe56}' => '?',
        '\u{fe13}' | '\u{fe55}' => ':',
        '\u{37e}' | '\u{fe14}' | '\u{fe54}' => ';',
        '\u{1fef}' => '`',
        _ => c,
    }
}

/// The full-width forms are the visible ASCII characters, moved up as one block.
fn shifted(c: char) -> char {
    u32::from(c).checked_sub(0xfee0).and_then(char::from_u32).unwrap_or(c)
}

/// Returns the small ASCII letter or the digit that a reader takes `c` for.
pub(super) fn letter(c: char) -> Option<char> {
    let plain = ascii(c);
    if plain.is_ascii() {
        return plain.is_ascii_alphanumeric().then(|| plain.to_ascii_lowercase());
    }
    let code = u32::from(plain);
    let (first, row) = LETTERS.iter().rev().find(|(first, _)| *first <= code)?;
    let place = usize::try_from(code.checked_sub(*first)?).ok()?;
    row.as_bytes().get(place).copied().map(char::from).filter(char::is_ascii_alphanumeric)
}

/// True for a character that compatibility normalization takes apart into several letters.
pub(super) const fn is_compound(c: char) -> bool {
    matches!(c,
        '\u{132}' | '\u{133}' | '\u{1c4}'..='\u{1cc}' | '\u{1f1}'..='\u{1f3}' | '\u{20a8}'
        | '\u{2100}' | '\u{2101}' | '\u{2105}' | '\u{2106}' | '\u{2116}' | '\u{2120}'..='\u{2122}'
        | '\u{213b}' | '\u{2161}'..='\u{2163}' | '\u{2165}'..='\u{2168}' | '\u{216a}' | '\u{216b}'
        | '\u{2171}'..='\u{2173}' | '\u{2175}'..='\u{2178}' | '\u{217a}' | '\u{217b}' | '\u{3250}'
        | '\u{32cc}'..='\u{32cf}' | '\u{3371}'..='\u{33df}' | '\u{33ff}' | '\u{fb00}'..='\u{fb06}'
        | '\u{1f12d}' | '\u{1f12e}' | '\u{1f14a}'..='\u{1f14f}' | '\u{1f16a}'..='\u{1f16c}'
        | '\u{1f190}')
}

/// Blocks of look-alikes: the first code point, then for each one what it passes for, or a dot.
const LETTERS: [(u32, &str); 16] = [
    (
        0xaa,
        "a.......23.u...1o.....aaaaaa.ceeeeiiii.nooooo.ouuuuy.saaaaaaaceeeeiiiidnooooo.ouuuuy\
         pyaaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkkllllllllllnnnnnn..noooooo\
         .orrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzsbbbb..occ.ddd.e.effg...ikkl.mnnooo..pp\
         .....ttttuu.vyyzz..............d..l..n.aaiioouuuuuuuuuueaaaa.aggggkkoooo..j.d.gg..nn\
         aa.aooaaaaeeeeiiiioooorrrruuuusstt..hhnd..zzaaeeooooooooyylntj..accltsz..b.veejjqqrr\
         yyaa.bccddee.eee.jggg..hh.iiilll.mmmnnno...rrrrrrrr.ssjl.ttu.vvwyyzz.......b.ghjklq.\
         ............hhhhjrrr.wy",
    ),
    (
        0x386,
        "a.ehi.o.y.iab..ezh.ik.mn.o.p.ety.x..iyaeniuabydezn0ik.uv.onpsotu.x.wiuouw.b0yyy.n...\
         .....................okpcj.e...c",
    ),
    (
        0x400,
        "ee.resiij...kuy.a.br.e.zuuk.mhonpcty.x.4w.b.b..ra.br.e.zuuk.mhonpcty.x.4w.b.b..ree.r\
         esiij...kuy.wwbb................vvvv........................rr........kk......hh....\
         ......yyyy........hh....l..............laaaa..ee......zz..uuuuoo......yyyyyy44......\
         ....dd......ii......ee........qqww........hh",
    ),
    (
        0x531,
        "u..........l.......u...n....s.......o...........w.q..q....h....h..o.j..n...nu...gi.q\
         o",
    ),
    (
        0x13a0,
        "drt..i...yaje......w...m...h.y..g.hz........u..b..r.ws...vs...lc..p...kd...........g\
         b",
    ),
    (
        0x1d00,
        "a..bcd.eeijklmnooooo....prrtuu.mvwz...r.....a.bbdeeghijklmnno.prtuwaaa.bdeeeegikmnoc\
         ..ptuumv.byd.xiruvbyp.x.bdfmnprrstzghg.i.pu.bdfgklmnprs.vxza.deee.io.u..ccdefjghiiii\
         jlllmmnnno.sstu.uvvzzz.0",
    ),
    (
        0x1e00,
        "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooo\
         pppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyasss..aaaaaaaa\
         aaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy..\
         ..yyaaaaaaaaaaaaaaaaeeeeee..eeeeee..nnnnnnnnhhhhhhhhiiiiiiiiiiiiiiiioooooo..oooooo..\
         uuuuuuuu.y.y.y.ywwwwwwww........aaeenniioouuww..aaaaaaaaaaaaaaaannnnnnnnhhhhhhhhwwww\
         wwww........aaaaa.aaaaaaa.i...nnn.nneehhh...iiii..iiiiii....uuuuppuuyyyyp.....www.ww\
         oo",
    ),
    (0x2070, "0i..456789.....n0123456789......aeoxehklmnpst"),
    (
        0x2102,
        "c.......ghhhhhiill.n...pqrrr......z...z.kabceeef.mo....i..ny.......ddeij............\
         ..........i...v....x..lcdmi...v....x..lcdm....c",
    ),
    (
        0x2460,
        "123456789...........123456789...........123456789...........abcdefghijklmnopqrstuvwx\
         yzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0",
    ),
    (0x2c60, "lllprathhkkzz.ma.vwwv...eroejvsz"),
    (0xa4d0, "bp.dt.gk.jc.zf.mnlsr..vh..wxy.a.e.iou"),
    (
        0xa730,
        "fs............cckkkkkk..lloooo..ppppppqqqq....vv.........................ddffgggllrr\
         sstt.....hl.nnccchbbff......ggkknnrrsshegliqktj.....uu..........cszddss.............\
         ..........................cfq..ihomfp",
    ),
    (0xab32, "eee.glllmn.ooo......rr.r.rr.u...u...xxxxy..llu........rw"),
    (
        0x1_d400,
        "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdef\
         g.ijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyza.cd..g..jk.\
         .nopq.stuvwxyzabcd.f.hijklmn.pqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqr\
         stuvwxyzab.defg..jklmnopq.stuvwxy.abcdefghijklmnopqrstuvwxyzab.defg.ijklm.o...stuvwx\
         y.abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcd\
         efghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghij\
         klmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnop\
         qrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuv\
         wxyzi...ab..ezh.ik.mn.o.p.ety.x...abydezn0ik.uv.onpsotu.x.w.e0k.pnab..ezh.ik.mn.o.p.\
         ety.x...abydezn0ik.uv.onpsotu.x.w.e0k.pnab..ezh.ik.mn.o.p.ety.x...abydezn0ik.uv.onps\
         otu.x.w.e0k.pnab..ezh.ik.mn.o.p.ety.x...abydezn0ik.uv.onpsotu.x.w.e0k.pnab..ezh.ik.m\
         n.o.p.ety.x...abydezn0ik.uv.onpsotu.x.w.e0k.pn....0123456789012345678901234567890123\
         4567890123456789",
    ),
    (
        0x1_f100,
        "0...............abcdefghijklmnopqrstuvwxyzscr...abcdefghijklmnopqrstuvwxyz......abcd\
         efghijklmnopqrstuvwxyz......abcdefghijklmnopqrstuvwxyzp..........................d..\
         ..............................................................abcdefghijklmnopqrstuv\
         wxyz",
    ),
];

#[cfg(test)]
mod tests {
    use super::{LETTERS, ascii, letter};

    #[test]
    fn width_and_small_forms_fold_to_syntax() {
        for (forms, expected) in [
            ("\u{ff1c}\u{ff3b}\u{ff5e}\u{1fef}\u{e9}", "<[~`\u{e9}"),
            ("\u{207d}\u{208d}\u{fe35}\u{fe59}", "(((("),
            ("\u{207e}\u{208e}\u{fe36}\u{fe5a}", "))))"),
            ("\u{207c}\u{208c}\u{fe66}", "==="),
            ("\u{fe47}\u{fe48}\u{fe64}\u{fe65}\u{fe60}", "[]<>&"),
            ("\u{fe5f}\u{fe68}", "#\\"),
            ("\u{fe15}\u{fe57}\u{fe16}\u{fe56}", "!!??"),
            ("\u{fe13}\u{fe55}\u{37e}\u{fe14}\u{fe54}", "::;;;"),
        ] {
            assert_eq!(forms.chars().map(ascii).collect::<String>(), expected);
        }
    }

    #[test]
    fn look_alikes_read_as_their_letter() {
        assert!(LETTERS.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for word in [
            "SYSTEM",
            "\u{455}\u{443}\u{455}\u{442}\u{435}\u{43c}",
            "\u{ff33}\u{ff39}\u{ff33}\u{ff34}\u{ff25}\u{ff2d}",
            "\u{1d42c}\u{1d432}\u{1d42c}\u{1d42d}\u{1d41e}\u{1d426}",
            "\u{24e2}\u{24e8}\u{24e2}\u{24e3}\u{24d4}\u{24dc}",
            "\u{a731}\u{28f}\u{a731}\u{1d1b}\u{1d07}\u{1d0d}",
            "\u{17f}\u{fd}\u{15b}\u{165}\u{e9}\u{1e3f}",
        ] {
            assert_eq!(word.chars().filter_map(letter).collect::<String>(), "system", "{word}");
        }
        for other in ['-', ' ', '\u{4e2d}', '\u{1f600}', '\u{5d0}'] {
            assert_eq!(letter(other), None);
        }
    }
}
