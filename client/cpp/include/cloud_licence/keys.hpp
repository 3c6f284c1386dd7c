// Serial numbers and product keys as people type or paste them.
#pragma once

#include <optional>

#include "unicode.hpp"

namespace cloud_licence {

inline const auto& key_alphabet = *new const std::string("0123456789ABCDEFGHJKMNPQRSTVWXYZ");
constexpr unsigned key_modulus = 1021;

// More than a dash, a quote, a blank or something that nobody sees.
inline bool is_meant(char32_t letter) {
    static const Letters& alike = *new const Letters(  // quotes and dashes that Unicode counts among other things
        U"\"'`\u201A\u201E\u2032\u2033\u2035\u301D\u301E\u301F\u02D7\u2043\u2212\u30FC");
    return alike.find(letter) == Letters::npos && !span_with(unmeant_letters, letter);
}

inline Letters only_meant(const Letters& text) {
    Letters made;
    std::copy_if(text.begin(), text.end(), std::back_inserter(made), is_meant);
    return made;
}

inline char32_t in_plain_writing(char32_t letter) {  // full-width letters and their like
    const Spelling* found = spelling_with(plain_letters, letter);
    return found ? found->at : letter;
}

inline Letters without_what_stands_around(const Letters& text) {
    static const Letters& around = *new const Letters(U"!#$%&()*+,./:;<=>?@[\\]^_{|}~\u2022\u00B7\u3002\u3001");
    auto is_around = [](char32_t letter) { return around.find(letter) != Letters::npos; };
    auto first = std::find_if_not(text.begin(), text.end(), is_around);
    auto last = std::find_if_not(text.rbegin(), text.rend(), is_around).base();
    return first < last ? Letters(first, last) : Letters();
}

inline char32_t as_read(char32_t letter) {
    if (letter >= U'a' && letter <= U'z') letter -= 32;
    return letter == U'O' ? U'0' : letter == U'I' || letter == U'L' ? U'1' : letter;
}

// As it is compared: its characters, and nothing between.
inline std::string cleaned_key(const std::string& typed) {
    Letters text = only_meant(letters_of(typed));
    std::transform(text.begin(), text.end(), text.begin(), in_plain_writing);
    text = without_what_stands_around(only_meant(text));
    std::transform(text.begin(), text.end(), text.begin(), [](char32_t letter) { return as_read(letter); });
    return utf8(text);
}

inline bool is_same_key(const std::string& one, const std::string& other) { return cleaned_key(one) == cleaned_key(other); }

inline std::string check_characters(const std::string& text) {  // by which a typing error shows
    unsigned number = 0;
    for (char letter : text) number = (number * 32 + unsigned(key_alphabet.find(letter))) % key_modulus;
    return {key_alphabet[number / 32], key_alphabet[number % 32]};
}

// In groups; none if they are too many, too few, or do not check.
inline std::optional<std::string> in_groups(const std::string& plain, size_t length, size_t group) {
    if (plain.size() != length || plain.find_first_not_of(key_alphabet) != std::string::npos) return std::nullopt;
    if (check_characters(plain.substr(0, length - 2)) != plain.substr(length - 2)) return std::nullopt;
    std::string made;
    for (size_t at = 0; at < length; at += group) made += (at ? "-" : "") + plain.substr(at, group);
    return made;
}

// As the service writes them; none for what cannot be one.
inline std::optional<std::string> serial_number_of(const std::string& typed) { return in_groups(cleaned_key(typed), 12, 4); }
inline std::optional<std::string> product_key_of(const std::string& typed) { return in_groups(cleaned_key(typed), 30, 5); }

}  // namespace cloud_licence
