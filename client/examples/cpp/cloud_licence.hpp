// What a client must know about leases, answers and states: nothing here touches the machine.
// C++17 and OpenSSL's libcrypto. See docs/client-protocol.md.
#pragma once

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <openssl/evp.h>

namespace cloud_licence {

// ---- JSON, as much of it as the service writes -------------------------------------------

struct Json {
    enum Kind { null, boolean, number, text, list, object } kind = null;
    double num = 0;  // of a boolean: 0 or 1
    std::string str;
    std::vector<Json> items;
    std::map<std::string, Json> members;

    bool has(const std::string& name) const { return kind == object && members.count(name); }
    const Json& operator[](const std::string& name) const {
        static const Json nothing;
        auto found = members.find(name);
        return found == members.end() ? nothing : found->second;
    }
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

// ---- Leases ------------------------------------------------------------------------------

constexpr double clock_tolerance = 300;

struct Lease { double signed_at = 0, until = 0; };
struct LeaseNotValid : std::runtime_error { using std::runtime_error::runtime_error; };

inline std::string decoded(const std::string& part) {  // base64url, strictly
    static const std::string letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string made;
    unsigned bits = 0, held = 0;
    if (part.size() % 4 == 1) throw LeaseNotValid("malformed");
    for (char letter : part) {
        size_t value = letters.find(letter);
        if (value == std::string::npos) throw LeaseNotValid("malformed");
        held = held << 6 | unsigned(value), bits += 6;
        if (bits >= 8) bits -= 8, made += char(held >> bits & 0xFF);
    }
    return made;
}

inline bool is_signed(const std::string& what, const std::string& signature, const std::string& key) {
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pkey(
        EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, (const unsigned char*)key.data(), key.size()),
        EVP_PKEY_free);
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    return pkey && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) == 1 &&
           EVP_DigestVerify(context.get(), (const unsigned char*)signature.data(), signature.size(),
                            (const unsigned char*)what.data(), what.size()) == 1;
}

// ASCII only. A real client normalises too: NormalizeString(NormalizationKC) and
// LCMapStringEx(LCMAP_LOWERCASE | LCMAP_LINGUISTIC_CASING) on Windows, ICU elsewhere.
inline std::string as_compared(std::string name) {
    auto is_space = [](unsigned char c) { return std::isspace(c); };
    name.erase(name.begin(), std::find_if_not(name.begin(), name.end(), is_space));
    name.erase(std::find_if_not(name.rbegin(), name.rend(), is_space).base(), name.end());
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    return name;
}

// Times are not looked at: see runs_at. Throws LeaseNotValid, whose text is why.
inline Lease verified(const std::string& text, const Json& keys, const std::string& machine_name,
                      const std::string& username, const std::string& product = "") {
    size_t first = text.find('.'), last = text.rfind('.');
    if (first == std::string::npos || first == last || text.find('.', first + 1) != last)
        throw LeaseNotValid("malformed");
    Json header, claims;
    std::string signature = decoded(text.substr(last + 1));
    try {
        header = JsonReader::read(decoded(text.substr(0, first)));
        claims = JsonReader::read(decoded(text.substr(first + 1, last - first - 1)));
    } catch (const LeaseNotValid&) { throw; }
    catch (const std::runtime_error&) { throw LeaseNotValid("malformed"); }

    if (header["alg"].str != "EdDSA" || header.has("crit")) throw LeaseNotValid("algorithm");
    const Json* key = nullptr;
    for (const Json& each : keys.items)
        if (header["kid"].kind == Json::text && each["kid"].str == header["kid"].str) key = &each;
    if (!key || (*key)["crv"].str != "Ed25519") throw LeaseNotValid("key");
    if (!is_signed(text.substr(0, last), signature, decoded((*key)["x"].str)))
        throw LeaseNotValid("signature");

    for (const char* name : {"sub", "serial_number", "product", "machine_name", "username"})
        if (claims[name].kind != Json::text) throw LeaseNotValid("claims");
    if (!claims["iat"].is_whole() || !claims["exp"].is_whole()) throw LeaseNotValid("claims");
    if (as_compared(claims["machine_name"].str) != as_compared(machine_name) ||
        as_compared(claims["username"].str) != as_compared(username))
        throw LeaseNotValid("foreign");
    if (!product.empty() && claims["product"].str != product) throw LeaseNotValid("product");
    return {claims["iat"].num, claims["exp"].num};
}

inline bool runs_at(const Lease& lease, double now) {
    return lease.signed_at - clock_tolerance <= now && now < lease.until;
}
inline bool was_turned_back(double now, double latest) { return now < latest - clock_tolerance; }

// ---- Answers -----------------------------------------------------------------------------

struct Answer {
    enum Kind { granted, done, refused, no_answer } kind = no_answer;
    std::string code = "unreachable", detail, reference;  // of a refusal, or why there is none
    bool is_retryable = false;
    double retry_after = 0;
    std::string session, token, lease;  // of a grant
    double refresh_after = 0, grace_until = 0, server_time = 0;
};

// Days since 1970 by H. Hinnant's formula; an RFC 3339 time with Z or an offset.
inline double moment(const std::string& text) {
    int year, month, day, hour, minute, used = 0;
    double second;
    if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%lf%n", &year, &month, &day, &hour, &minute,
                    &second, &used) != 6) throw std::runtime_error("no time");
    std::string zone = text.substr(size_t(used));
    int hours = 0, minutes = 0;
    if (zone != "Z" && std::sscanf(zone.c_str(), "%3d:%2d", &hours, &minutes) != 2)
        throw std::runtime_error("no zone");
    double offset = zone == "Z" ? 0 : hours * 3600 + (zone[0] == '-' ? -minutes : minutes) * 60;
    year -= month <= 2;
    int era = year / 400, of_era = year - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
    return days * 86400.0 + hour * 3600 + minute * 60 + second - offset;
}

inline Answer nothing(const std::string& why, double wait = 0) {
    Answer made;
    made.code = why, made.retry_after = wait;
    return made;
}

inline Answer grant(const Json& told) {
    Answer made;
    if (told["id"].kind != Json::text || told["token"].kind != Json::text || told["lease"].kind != Json::text ||
        told["refresh_after"].kind != Json::number || told["licence"].kind != Json::object)
        return nothing("captive_portal");
    try {
        made.grace_until = moment(told["grace_until"].str), made.server_time = moment(told["server_time"].str);
    } catch (const std::runtime_error&) { return nothing("captive_portal"); }
    made.kind = Answer::granted, made.code = "";
    made.session = told["id"].str, made.token = told["token"].str, made.lease = told["lease"].str;
    made.refresh_after = told["refresh_after"].num;
    return made;
}

// Only a problem document of the service refuses; anything else is no answer.
inline Answer understood(int status, const std::string& content_type, const std::string& retry_after,
                         const std::string& body) {
    bool is_number = !retry_after.empty() && std::all_of(retry_after.begin(), retry_after.end(), ::isdigit);
    double wait = is_number ? std::min(std::atof(retry_after.c_str()), 3600.0) : 0;
    Json told;
    try { told = JsonReader::read(body); } catch (const std::runtime_error&) {}
    Answer made;
    made.retry_after = wait;
    if (status == 204) { made.kind = Answer::done, made.code = ""; return made; }
    if (status == 511) return nothing("captive_portal");
    if (status >= 500) return nothing("service_trouble", wait);
    if (status == 200 || status == 201) return grant(told);
    if (content_type.rfind("application/problem+json", 0) != 0 || !told.has("code"))
        return nothing("captive_portal", wait);
    made.code = told["code"].str, made.reference = told["request_id"].str;
    if (made.code == "rate_limited") return made;
    made.kind = Answer::refused, made.detail = told["detail"].str;
    made.is_retryable = told["retryable"].kind == Json::boolean && told["retryable"].num != 0;
    return made;
}

// ---- States ------------------------------------------------------------------------------

using Uniform = double (*)(double least, double most);  // a random number between two

struct Situation {
    std::string state = "starting", session, token, code, reference, detail;
    bool is_open = false, clock_is_trusted = true;
    double grace_until = 0;
    std::optional<double> talk_at;
    int tries = 0;
};

inline double later(const Situation& s, double retry_after, double now, Uniform uniform) {
    double wait = std::min(30.0 * std::pow(2.0, std::min(s.tries, 5)), 900.0);
    return now + std::max(retry_after, wait) * uniform(1.0, 1.5);
}

inline Situation refuse(Situation s, const Answer& answer, double now, Uniform uniform) {
    static const std::set<std::string> gone{"session_released", "session_ended", "session_unknown", "token_invalid"};
    static const std::set<std::string> replaced{"key_superseded", "key_revoked"};
    static const std::set<std::string> ends_the_lease{
        "key_superseded", "key_revoked", "access_blocked", "device_limit", "licence_closed", "licence_expired",
        "licence_suspended", "session_ended", "session_released", "session_unknown"};
    s.code = answer.code, s.reference = answer.reference, s.detail = answer.detail;
    if (ends_the_lease.count(answer.code)) s.grace_until = 0;
    if (gone.count(answer.code) && !s.session.empty()) {
        s.state = "released", s.session = s.token = "", s.tries = 0, s.talk_at = now + uniform(1, 30);
        return s;
    }
    bool asks_again = answer.is_retryable || !s.session.empty();
    s.talk_at = asks_again ? std::optional(later(s, answer.retry_after, now, uniform)) : std::nullopt;
    s.state = replaced.count(answer.code) ? "key_replaced" : "denied";
    ++s.tries;
    return s;
}

inline Situation be_alone(Situation s, const Answer& answer, double now, Uniform uniform) {
    s.talk_at = later(s, answer.retry_after, now, uniform);
    ++s.tries;
    if (s.is_open && (s.state == "denied" || s.state == "released" || s.state == "key_replaced")) return s;
    s.code = answer.code, s.reference = answer.reference, s.detail = "";
    if (now < s.grace_until && s.clock_is_trusted) s.state = "unreachable", s.is_open = true;
    else if (s.is_open) s.state = "grace_over";
    else s.state = "denied", s.code = s.clock_is_trusted ? "connection_needed" : "clock_turned_back";
    return s;
}

// How things stand once the service has answered a check-out or a refresh, or has not.
inline Situation hear(const Situation& s, const Answer& answer, double now, Uniform uniform) {
    if (answer.kind == Answer::done) return s;
    if (answer.kind == Answer::refused) return refuse(s, answer, now, uniform);
    if (answer.kind == Answer::no_answer) return be_alone(s, answer, now, uniform);
    Situation held;
    held.state = "licensed", held.is_open = true;
    held.session = answer.session, held.token = answer.token, held.grace_until = answer.grace_until;
    held.talk_at = now + answer.refresh_after * uniform(0.9, 1.0);
    return held;
}

inline Situation pass_time(Situation s, double now) {
    if (s.state == "unreachable" && now >= s.grace_until) s.state = "grace_over";
    return s;
}

}  // namespace cloud_licence
