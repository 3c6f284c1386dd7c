// JSON, and what is read from it only if it makes sense.
#pragma once

#include <cmath>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

namespace cloud_licence {

using Json = nlohmann::json;

constexpr double largest_number = 1e11;  // more seconds than any time or wait has

// What is no document of ours. Nobody outside ever sees it.
struct Malformed : std::runtime_error { using std::runtime_error::runtime_error; };

inline Json object() { return Json::object(); }

// The member of that name; null if there is none.
inline const Json& member(const Json& of, const std::string& name) {
    static const Json& nothing = *new const Json();
    auto found = of.is_object() ? of.find(name) : of.end();
    return of.is_object() && found != of.end() ? *found : nothing;
}

inline std::string text_of(const Json& value) {
    if (!value.is_string()) throw Malformed("not a text");
    return value.get<std::string>();
}

inline std::string text_in(const Json& of, const std::string& name) {  // empty if there is none
    const Json& found = member(of, name);
    return found.is_string() ? found.get<std::string>() : "";
}

// A number that can be a time or a wait.
inline double number_of(const Json& value) {
    if (!value.is_number()) throw Malformed("not a number");
    double found = value.get<double>();
    if (!(std::fabs(found) <= largest_number)) throw Malformed("neither a time nor a wait");
    return found;
}

constexpr int deepest = 100;  // lists within lists: what compares and writes them calls itself for each

inline bool is_too_deep(const std::string& text) {
    int depth = 0;
    bool is_in_text = false;
    for (size_t at = 0; at < text.size() && depth <= deepest; ++at) {
        const char c = text[at];
        if (is_in_text && c == '\\') ++at;
        else if (c == '"') is_in_text = !is_in_text;
        else if (!is_in_text) depth += (c == '[' || c == '{') - (c == ']' || c == '}');
    }
    return depth > deepest;
}

// Null for what is no JSON, or none that anybody would write.
inline Json read_json(const std::string& text) {
    if (is_too_deep(text)) return Json();
    Json found = Json::parse(text, nullptr, false);
    return found.is_discarded() ? Json() : found;
}

// What cannot be written in UTF-8 is replaced, so that this never fails.
inline std::string written(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace cloud_licence
