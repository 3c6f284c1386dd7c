// Letters: how names are compared (NFKC without case), and which letters nobody means who types a key.
#pragma once

#include <algorithm>
#include <iterator>
#include <string>

#include "unicode_tables.hpp"

namespace cloud_licence {

using Letters = std::u32string;

// From UTF-8; what is none becomes U+FFFD, a byte each.
inline Letters letters_of(const std::string& text) {
    Letters made;
    for (size_t at = 0; at < text.size();) {
        unsigned char first = (unsigned char)text[at];
        size_t more = first < 0x80 ? 0 : first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
        char32_t letter = more == 0 ? first : first & (0x3F >> more);
        bool is_whole = (first < 0x80 || (first >= 0xC2 && first < 0xF5)) && at + more < text.size();
        for (size_t i = 1; is_whole && i <= more; ++i) {
            is_whole = (text[at + i] & 0xC0) == 0x80;
            letter = letter << 6 | (text[at + i] & 0x3F);
        }
        made += is_whole ? letter : U'\uFFFD';
        at += is_whole ? more + 1 : 1;
    }
    return made;
}

inline void append_utf8(std::string& made, char32_t c) {
    if (c < 0x80) { made += char(c); return; }
    if (c >= 0x10000) made += char(0xF0 | c >> 18), made += char(0x80 | (c >> 12 & 0x3F));
    else if (c >= 0x800) made += char(0xE0 | c >> 12);
    made += c < 0x800 ? char(0xC0 | c >> 6) : char(0x80 | (c >> 6 & 0x3F));
    made += char(0x80 | (c & 0x3F));
}

inline std::string utf8(const Letters& letters) {
    std::string made;
    for (char32_t letter : letters) append_utf8(made, letter);
    return made;
}

template <size_t count> const Span* span_with(const Span (&table)[count], char32_t letter) {
    auto found = std::upper_bound(std::begin(table), std::end(table), letter,
                                  [](char32_t wanted, const Span& span) { return wanted < span.first; });
    return found != std::begin(table) && letter <= std::prev(found)->last ? std::prev(found) : nullptr;
}

template <size_t count> const Spelling* spelling_with(const Spelling (&table)[count], char32_t letter) {
    auto found = std::lower_bound(std::begin(table), std::end(table), letter,
                                  [](const Spelling& spelling, char32_t wanted) { return spelling.letter < wanted; });
    return found != std::end(table) && found->letter == letter ? found : nullptr;
}

inline int mark_class(char32_t letter) {  // 0 for a letter that is no mark
    const Span* found = span_with(mark_classes, letter);
    return found ? found->value : 0;
}

inline bool is_space(char32_t c) {
    return c == 0x20 || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F) || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

inline Letters trimmed(const Letters& text) {
    auto first = std::find_if_not(text.begin(), text.end(), is_space);
    auto last = std::find_if_not(text.rbegin(), text.rend(), is_space).base();
    return first < last ? Letters(first, last) : Letters();
}

inline std::string trimmed(const std::string& text) { return utf8(trimmed(letters_of(text))); }

// Without case and taken apart. The syllables of Hangul are reckoned (chapter 3.12 of Unicode).
inline void append_folded(Letters& made, char32_t letter) {
    if (letter >= 0xAC00 && letter < 0xD7A4) {
        char32_t index = letter - 0xAC00, last = index % 28;
        made += 0x1100 + index / 588, made += 0x1161 + index % 588 / 28;
        if (last) made += 0x11A7 + last;
    } else if (const Spelling* found = spelling_with(spelled_letters, letter)) {
        made.append(spellings + found->at, found->size);
    } else {
        const Span* moved = span_with(moved_letters, letter);
        made += moved ? char32_t(std::int32_t(letter) + moved->value) : letter;
    }
}

// Marks upon one letter in the order in which Unicode has them, however they were typed.
inline void put_marks_in_order(Letters& text) {
    for (auto at = text.begin(); at != text.end();) {
        auto is_mark = [](char32_t letter) { return mark_class(letter) > 0; };
        auto first = std::find_if(at, text.end(), is_mark);
        at = std::find_if_not(first, text.end(), is_mark);
        std::stable_sort(first, at, [](char32_t one, char32_t two) { return mark_class(one) < mark_class(two); });
    }
}

// Two names are the same if they are alike here: trimmed, NFKC, without case.
inline std::string as_compared(const std::string& name) {
    Letters made;
    for (char32_t letter : trimmed(letters_of(name))) append_folded(made, letter);
    put_marks_in_order(made);
    return utf8(made);
}

inline std::string in_small_letters(std::string text) {  // those of ASCII
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return text;
}

}  // namespace cloud_licence
