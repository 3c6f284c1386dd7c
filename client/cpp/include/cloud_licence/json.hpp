// JSON: as much of it as the service, the store and the conformance kit write.
#pragma once

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace cloud_licence {

struct Json {
    enum Kind { null, boolean, number, text, list, object } kind = null;
    double num = 0;  // of a boolean: 0 or 1
    std::string str;
    std::vector<Json> items;
    std::map<std::string, Json> members;

    Json() = default;
    Json(const std::string& value) : kind(text), str(value) {}
    Json(const char* value) : kind(text), str(value) {}
    Json(double value) : kind(number), num(value) {}

    bool has(const std::string& name) const { return kind == object && members.count(name); }
    const Json& operator[](const std::string& name) const {
        static const Json nothing;
        auto found = members.find(name);
        return found == members.end() ? nothing : found->second;
    }
    Json& put(const std::string& name) { return kind = object, members[name]; }
    bool operator==(const Json& other) const {
        return kind == other.kind && num == other.num && str == other.str && items == other.items &&
               members == other.members;
    }
    bool operator!=(const Json& other) const { return !(*this == other); }
    bool is_true() const { return kind == boolean && num != 0; }
    bool is_whole() const { return kind == number && num == std::floor(num); }
};

class JsonReader {
  public:
    static Json read(const std::string& source) {  // throws std::runtime_error
        JsonReader reader(source);
        Json value = reader.value();
        reader.space();
        if (reader.at != source.size()) throw std::runtime_error("more than one value");
        return value;
    }

  private:
    explicit JsonReader(const std::string& text) : source(text) {}
    const std::string& source;
    size_t at = 0;
    int depth = 0;

    char peek() const { return at < source.size() ? source[at] : '\0'; }
    void space() { while (at < source.size() && std::isspace((unsigned char)source[at])) ++at; }
    void need(char wanted) {
        if (at >= source.size() || source[at++] != wanted) throw std::runtime_error("not JSON");
    }
    Json word(const std::string& name, Json::Kind kind, double num) {
        if (source.compare(at, name.size(), name)) throw std::runtime_error("not JSON");
        at += name.size();
        Json made;
        made.kind = kind, made.num = num;
        return made;
    }
    Json value() {
        space();
        if (++depth > 100) throw std::runtime_error("too deep");
        Json made = one();
        --depth;
        return made;
    }
    Json one() {
        Json made;
        switch (peek()) {
            case '{':
                made.kind = Json::object;
                return collect('}', [&] {
                    space();
                    std::string name = string();
                    space();
                    need(':');
                    made.members[name] = value();
                }), made;
            case '[':
                made.kind = Json::list;
                return collect(']', [&] { made.items.push_back(value()); }), made;
            case '"': made.kind = Json::text, made.str = string(); return made;
            case 't': return word("true", Json::boolean, 1);
            case 'f': return word("false", Json::boolean, 0);
            case 'n': return word("null", Json::null, 0);
        }
        char* end = nullptr;
        made.kind = Json::number, made.num = std::strtod(source.c_str() + at, &end);
        if (end == source.c_str() + at) throw std::runtime_error("not JSON");
        at = size_t(end - source.c_str());
        return made;
    }
    template <class Each> void collect(char end, Each each) {
        ++at;
        space();
        if (peek() == end) { ++at; return; }
        for (;;) {
            each();
            space();
            if (peek() == end) { ++at; return; }
            need(',');
        }
    }
    std::string string() {
        need('"');
        std::string made;
        while (peek() != '"') {
            if (at >= source.size()) throw std::runtime_error("not JSON");
            if (source[at] != '\\') { made += source[at++]; continue; }
            char escape = ++at < source.size() ? source[at++] : '\0';
            size_t place = std::string("nrtbf").find(escape);
            if (escape == 'u') append(made, unit());
            else made += place == std::string::npos ? escape : "\n\r\t\b\f"[place];
        }
        ++at;
        return made;
    }
    unsigned long unit() {
        unsigned long high = hex();
        if (high < 0xD800 || high > 0xDBFF || source.compare(at, 2, "\\u")) return high;
        at += 2;
        return 0x10000 + ((high - 0xD800) << 10) + (hex() - 0xDC00);
    }
    unsigned long hex() {
        unsigned long made = std::strtoul(source.substr(at, 4).c_str(), nullptr, 16);
        at += 4;
        return made;
    }
    static void append(std::string& made, unsigned long c) {  // as UTF-8
        if (c < 0x80) { made += char(c); return; }
        if (c < 0x800) { made += char(0xC0 | c >> 6); }
        else if (c < 0x10000) { made += char(0xE0 | c >> 12), made += char(0x80 | (c >> 6 & 0x3F)); }
        else {
            made += char(0xF0 | c >> 18), made += char(0x80 | (c >> 12 & 0x3F));
            made += char(0x80 | (c >> 6 & 0x3F));
        }
        made += char(0x80 | (c & 0x3F));
    }
};

inline std::string quoted(const std::string& text) {  // as a JSON string
    std::string made = "\"";
    for (unsigned char c : text) {
        char escape[8];
        if (c == '"' || c == '\\') made += '\\', made += char(c);
        else if (c < 0x20) { std::snprintf(escape, sizeof escape, "\\u%04x", c); made += escape; }
        else made += char(c);
    }
    return made + "\"";
}

inline std::string written(const Json& value) {
    std::ostringstream made;
    made.precision(15);
    std::string comma;
    switch (value.kind) {
        case Json::null: return "null";
        case Json::boolean: return value.num != 0 ? "true" : "false";
        case Json::number: made << value.num; return made.str();
        case Json::text: return quoted(value.str);
        case Json::list:
            for (const Json& item : value.items) made << comma << written(item), comma = ",";
            return "[" + made.str() + "]";
        case Json::object:
            for (const auto& [name, member] : value.members) made << comma << quoted(name) << ":" << written(member), comma = ",";
    }
    return "{" + made.str() + "}";
}

}  // namespace cloud_licence
