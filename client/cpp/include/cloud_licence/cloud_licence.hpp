// What a client must know about leases, answers and states: nothing here touches the machine.
// C++17 and OpenSSL's libcrypto. See docs/client-protocol.md.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>

#include <openssl/evp.h>

#include "json.hpp"

namespace cloud_licence {

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

// ---- Clocks ------------------------------------------------------------------------------

struct Seen { double at, monotonic; };  // a time by the service's clock, and the monotonic clock's then

// The service's time: by the computer's clock, and never less than has passed since the last look.
inline double now_by(double clock, double ahead, double monotonic, const std::optional<Seen>& seen) {
    double now = clock + ahead;
    return seen ? std::max(now, seen->at + monotonic - seen->monotonic) : now;
}
inline bool was_turned_back(double now, double latest) { return now < latest - clock_tolerance; }

// ---- Answers -----------------------------------------------------------------------------

struct Response {
    int status = 0;                   // 0: there is none, and this is
    std::string why = "unreachable";  // why
    std::string content_type, retry_after, x_request_id, body;
};

struct Asked {
    std::string request_id;
    bool is_for_seat = false;  // a check-out or a refresh, which are granted; anything else is done
    std::string session;       // of a refresh
};

struct Answer {
    enum Kind { granted, done, refused, no_answer } kind = no_answer;
    std::string code = "unreachable", detail, reference;  // of a refusal, or why there is none
    bool is_retryable = false;
    double retry_after = 0;
    Json facts;  // the whole problem document: what some codes add stands in it
    std::string session, token, lease, serial_number;  // of a grant
    double refresh_after = 0, grace_until = 0;
    double server_time = 0;  // of a grant, and of a refusal that tells it
};

// Days since 1970 by H. Hinnant's formula; an RFC 3339 time with Z or an offset.
inline double moment(const std::string& text) {
    int year, month, day, hour, minute, used = 0;
    double second;
    if (std::sscanf(text.c_str(), "%4d-%2d-%2dT%2d:%2d:%lf%n", &year, &month, &day, &hour, &minute,
                    &second, &used) != 6) throw std::runtime_error("no time");
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second >= 61)
        throw std::runtime_error("no such time");
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

inline Answer grant(const Json& told, const Asked& asked, double wait) {
    Answer made;
    const Json& licence = told["licence"];
    for (const Json* text : {&told["id"], &told["token"], &told["lease"], &told["usage_model"],
                             &licence["serial_number"], &licence["name"]})
        if (text->kind != Json::text) return nothing("no_service", wait);
    bool is_another = !asked.session.empty() && told["id"].str != asked.session;
    if (told["refresh_after"].kind != Json::number || told["refresh_after"].num < 0 ||
        told["features"].kind != Json::list || is_another) return nothing("no_service", wait);
    try {
        made.grace_until = moment(told["grace_until"].str), made.server_time = moment(told["server_time"].str);
    } catch (const std::runtime_error&) { return nothing("no_service", wait); }
    made.kind = Answer::granted, made.code = "";
    made.session = told["id"].str, made.token = told["token"].str, made.lease = told["lease"].str;
    made.serial_number = licence["serial_number"].str, made.refresh_after = told["refresh_after"].num;
    return made;
}

// The refusal that a problem document of the service tells of.
inline Answer refusal(const Response& response, const Json& told, double wait) {
    bool is_one = response.status >= 400 && told["status"].num == response.status &&
                  response.content_type.rfind("application/problem+json", 0) == 0 && !told["code"].str.empty() &&
                  !told["request_id"].str.empty() && told["retryable"].kind == Json::boolean;
    if (!is_one) return nothing("no_service", wait);
    Answer made = nothing(told["code"].str, wait);
    made.reference = told["request_id"].str;
    static const std::map<std::string, std::string> passing{  // what says nothing about the licence
        {"rate_limited", "rate_limited"}, {"request_too_slow", "timed_out"}, {"not_found", "no_service"},
        {"method_not_allowed", "no_service"}, {"https_required", "no_service"}, {"length_required", "no_service"}};
    if (auto found = passing.find(made.code); found != passing.end()) return made.code = found->second, made;
    made.kind = Answer::refused, made.detail = told["detail"].str, made.facts = told;
    made.is_retryable = told["retryable"].is_true();
    try { made.server_time = moment(told["server_time"].str); } catch (const std::runtime_error&) {}
    return made;
}

// Only the service itself refuses, grants or says that something is done: it repeats the id of the
// request. Anything else is no answer.
inline Answer understood(const Response& response, const Asked& asked) {
    const std::string& after = response.retry_after;
    bool is_number = !after.empty() && std::all_of(after.begin(), after.end(), ::isdigit);
    double wait = is_number ? std::min(std::atof(after.c_str()), 3600.0) : 0;
    bool is_ours = !asked.request_id.empty() && response.x_request_id == asked.request_id;
    Json told;
    try { told = JsonReader::read(response.body); } catch (const std::runtime_error&) {}
    if (response.status == 0) return nothing(response.why);
    if (response.status == 407) return nothing("proxy_password");
    if (response.status == 511) return nothing("captive_portal");
    if (response.status >= 500) {
        Answer made = nothing("service_trouble", wait);
        if (is_ours) made.reference = told["request_id"].str;
        return made;
    }
    if (!is_ours) return nothing("captive_portal", wait);
    if (response.status == 204 && !asked.is_for_seat) {
        Answer made = nothing("");
        made.kind = Answer::done;
        return made;
    }
    bool is_grant = response.status == 200 || response.status == 201;
    return is_grant && asked.is_for_seat ? grant(told, asked, wait) : refusal(response, told, wait);
}

// ---- States ------------------------------------------------------------------------------

using Uniform = double (*)(double least, double most);  // a random number between two

struct Situation {
    std::string state = "starting", session, token, code, reference, detail;
    bool is_open = false, clock_is_trusted = true;
    double grace_until = 0;
    std::optional<double> talk_at;
    int tries = 0;
    Json facts;  // what the last refusal added
};

inline double later(const Situation& s, double retry_after, double now, Uniform uniform) {
    double wait = std::min(30.0 * std::pow(2.0, std::min(s.tries, 5)), 900.0);
    return now + std::max(retry_after, wait) * uniform(1.0, 1.5);
}

// Before a full pool as long as it says, never later each time: a seat may come back any moment.
inline double until_a_seat(double retry_after, double now, Uniform uniform) {
    return now + (retry_after > 0 ? retry_after : 30.0) * uniform(1.0, 1.5);
}

inline Situation refuse(Situation s, const Answer& answer, double now, Uniform uniform) {
    static const std::set<std::string> gone{"session_released", "session_ended", "session_unknown", "token_invalid"};
    static const std::set<std::string> replaced{"key_superseded", "key_revoked"};
    static const std::set<std::string> ends_the_lease{
        "key_superseded", "key_revoked", "access_blocked", "device_limit", "licence_closed", "licence_expired",
        "licence_suspended", "session_ended", "session_released", "session_unknown"};
    s.code = answer.code, s.reference = answer.reference, s.detail = answer.detail, s.facts = answer.facts;
    if (!s.is_open || ends_the_lease.count(answer.code)) s.grace_until = 0;  // a start's refusal spends the lease
    if (gone.count(answer.code) && s.is_open && !s.session.empty()) {
        s.state = "released", s.session = s.token = "", s.tries = 0, s.talk_at = now + uniform(1, 30);
        if (answer.facts["reason"].str == "moved") s.talk_at = std::nullopt;  // it would bind this device again
        return s;
    }
    bool is_full = answer.code == "pool_exhausted", asks_again = answer.is_retryable || !s.session.empty();
    if (is_full) s.talk_at = until_a_seat(answer.retry_after, now, uniform), s.tries = 0;
    else s.talk_at = asks_again ? std::optional(later(s, answer.retry_after, now, uniform)) : std::nullopt;
    s.state = replaced.count(answer.code) ? "key_replaced" : "denied";
    ++s.tries;
    return s;
}

inline Situation be_alone(Situation s, const Answer& answer, double now, Uniform uniform) {
    s.talk_at = later(s, answer.retry_after, now, uniform);
    ++s.tries;
    if (s.is_open && (s.state == "denied" || s.state == "released" || s.state == "key_replaced")) return s;
    s.code = answer.code, s.reference = answer.reference, s.detail = "", s.facts = Json();
    bool has_lease = now < s.grace_until;
    bool is_over = s.is_open && s.state == "grace_over";  // and stays so, whatever the clock says
    if (has_lease && s.clock_is_trusted && !is_over) {
        s.state = "unreachable", s.is_open = true;
        return s;
    }
    if (has_lease && !s.clock_is_trusted) s.code = "clock_turned_back";
    s.state = s.is_open ? "grace_over" : "denied";
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

// While the clock is turned back only the service can say whether the lease still runs.
inline Situation judge_clock(Situation s, double now, bool is_trusted) {
    s.clock_is_trusted = is_trusted;
    if (!is_trusted && (s.state == "licensed" || s.state == "unreachable")) s.talk_at = now;
    return s;
}

inline Situation pass_time(Situation s, double now) {
    if (s.state == "unreachable" && now >= s.grace_until) s.state = "grace_over";
    return s;
}

}  // namespace cloud_licence
