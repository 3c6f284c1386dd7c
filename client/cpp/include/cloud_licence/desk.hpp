// The desk: what a program does when it starts, while it runs and when it ends. It asks, keeps what it
// heard, and has no clock, disk or network of its own: whoever uses it lends them.
#pragma once

#include <cstdint>
#include <ctime>
#include <functional>

#include "store.hpp"

namespace cloud_licence {

constexpr size_t most_closes = 20;
constexpr double short_lease = 3600;  // a lease that promises no more ends with a clean close

struct Request {
    std::string method, url;
    std::map<std::string, std::string> headers;
    std::string body;
};

struct Setting {  // of the program, and of the policy
    std::string serial_number, product_key, service_url, machine_name, username, version, product;
    std::vector<std::string> features;
    std::string language = "en";
    Json pinned;  // keys that were built into the program: then no others count
};

struct Desk {
    Setting setting;
    Kept kept;
    Situation s;
    std::function<Response(const Request&)> send;
    std::function<double()> clock, monotonic;
    std::function<std::string()> new_id, new_request_id;  // a UUID; 16 to 32 hex digits
    std::function<std::string()> device_id;               // empty: none can be kept
    std::function<bool()> is_clone;                       // the store came with another machine's disk
    std::function<void(const Kept&)> save;
    Uniform uniform = nullptr;
    std::optional<Seen> seen;
};

inline double now(Desk& d) {
    double at = now_by(d.clock(), d.kept.ahead, d.monotonic(), d.seen);
    d.seen = Seen{at, d.monotonic()};
    return at;
}

inline void set_clock(Desk& d, double server_time) {
    d.kept.ahead = server_time - d.clock(), d.kept.latest = d.kept.server_time = server_time;
    d.seen = Seen{server_time, d.monotonic()};
}

inline std::string base64(const std::string& data) {
    static const char* letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string made;
    for (size_t at = 0; at < data.size(); at += 3) {
        std::uint32_t three = 0;
        for (size_t i = 0; i < 3; ++i) three = three << 8 | (at + i < data.size() ? (unsigned char)data[at + i] : 0);
        for (int i = 3; i >= 0; --i) made += letters[three >> (6 * i) & 63];
        if (at + 2 >= data.size()) made.replace(made.size() - (at + 3 - data.size()), 3, at + 3 - data.size(), '=');
    }
    return made;
}

inline std::string rfc3339(double at) {  // whole seconds
    std::time_t seconds = std::time_t(at);
    char made[32];
    std::strftime(made, sizeof made, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&seconds));
    return made;
}

// A serial number as far as it matters how it was typed. A real client cleans more: see typed.json.
inline std::string as_read(const std::string& serial_number) {
    std::string made;
    for (unsigned char c : serial_number) {
        if (c == '-' || std::isspace(c)) continue;
        char letter = char(std::toupper(c));
        made += letter == 'O' ? '0' : letter == 'I' || letter == 'L' ? '1' : letter;
    }
    return made;
}

// ---- Asking ------------------------------------------------------------------------------

inline Response sent(const Desk& d, const Asked& asked, const std::string& method, const std::string& path,
                     const std::string& authorization = "", const Json* body = nullptr) {
    const std::string& base = d.setting.service_url;
    Response none;
    none.why = "no_service";
    if (base.rfind("http://", 0) != 0 && base.rfind("https://", 0) != 0) return none;
    Request request{method, base.substr(0, base.find_last_not_of('/') + 1) + path, {}, body ? written(*body) : ""};
    request.headers = {{"Accept", "application/json"}, {"Accept-Language", d.setting.language},
                       {"X-Request-Id", asked.request_id}};
    if (body) request.headers["Content-Type"] = "application/json";
    if (!authorization.empty()) request.headers["Authorization"] = authorization;
    return d.send(request);
}

inline Answer refreshed(const Desk& d) {
    Json body;
    body.put("version") = d.setting.version;
    Asked asked{d.new_request_id(), true, d.s.session};
    return understood(sent(d, asked, "POST", "/api/v1/sessions/" + d.s.session + "/refresh", "Bearer " + d.s.token, &body), asked);
}

inline Answer closed(const Desk& d, const UnsentClose& close, bool is_now) {
    std::string pair = d.setting.serial_number + ":" + d.setting.product_key, path = "/api/v1/sessions/" + close.session;
    if (!is_now && close.ended_at > 0) path += "?ended_at=" + rfc3339(close.ended_at);
    Asked asked{d.new_request_id(), false, ""};
    std::string proof = close.token.empty() ? "Basic " + base64(pair) : "Bearer " + close.token;
    return understood(sent(d, asked, "DELETE", path, proof), asked);
}

inline Json fetched_keys(const Desk& d) {  // those of the service; null if they cannot be had just now
    Asked asked{d.new_request_id(), false, ""};
    Response response = sent(d, asked, "GET", "/.well-known/jwks.json");
    if (response.status != 200 || response.x_request_id != asked.request_id) return Json();
    try { return JsonReader::read(response.body)["keys"]; } catch (const std::runtime_error&) { return Json(); }
}

// ---- The queue of closes -----------------------------------------------------------------

inline void strike(Kept& kept, const std::string& session) {
    auto is_of_it = [&](const UnsentClose& close) { return close.session == session; };
    kept.closes.erase(std::remove_if(kept.closes.begin(), kept.closes.end(), is_of_it), kept.closes.end());
}

// Never before a time that the service has told: that would be taken for the close of an earlier run.
inline void queue(Kept& kept, UnsentClose close, double at) {
    close.ended_at = kept.server_time > 0 ? std::max(at, kept.latest) : 0;
    strike(kept, close.session);
    kept.closes.push_back(close);
    if (kept.closes.size() <= most_closes) return;
    auto nobody_knows = [](const UnsentClose& each) { return each.token.empty(); };
    auto first = std::find_if(kept.closes.begin(), kept.closes.end(), nobody_knows);
    kept.closes.erase(first == kept.closes.end() ? kept.closes.begin() : first);
}

// The session that there may be, for a program that will not ask again.
inline void give_up_pending(Desk& d) {
    if (!d.kept.pending.empty()) queue(d.kept, {d.kept.pending, "", d.kept.pending_serial, 0}, now(d));
    d.kept.pending = d.kept.pending_serial = "";
}

inline bool can_be_said(const Desk& d, const UnsentClose& close) {
    return !close.token.empty() || (!d.setting.serial_number.empty() &&
                                    as_read(close.serial_number) == as_read(d.setting.serial_number));
}

// The oldest first, as long as somebody answers. Only without an answer is a close kept.
inline void send_closes(Desk& d, const std::set<std::string>& just_now = {}) {
    for (const UnsentClose& close : std::vector<UnsentClose>(d.kept.closes)) {
        if (!can_be_said(d, close)) continue;
        if (closed(d, close, just_now.count(close.session)).kind == Answer::no_answer) return;
        strike(d.kept, close.session);
    }
}

// ---- Check-outs --------------------------------------------------------------------------

inline Json order(Desk& d, const std::string& id) {
    const Setting& t = d.setting;
    Json made;
    made.put("serial_number") = t.serial_number, made.put("product_key") = t.product_key;
    made.put("machine_name") = t.machine_name, made.put("username") = t.username, made.put("version") = t.version;
    if (!t.product.empty()) made.put("product") = t.product;
    for (const std::string& feature : t.features)
        made.put("features").kind = Json::list, made.put("features").items.push_back(feature);
    made.put("session_id") = id;
    bool was_without = !d.kept.session.empty() && d.kept.device_id.empty();  // with one somebody else would ask
    std::string device = d.device_id && !was_without ? d.device_id() : "";
    if (!device.empty()) made.put("device_id") = device;
    return made;
}

// The id is on disk before it is sent, and until something is heard.
inline Answer ask_for_seat(Desk& d, const Json& body) {
    d.kept.pending = body["session_id"].str, d.kept.pending_serial = d.kept.pending.empty() ? "" : d.setting.serial_number;
    d.save(d.kept);
    Asked asked{d.new_request_id(), true, ""};
    Answer answer = understood(sent(d, asked, "POST", "/api/v1/sessions", "", &body), asked);
    if (answer.kind == Answer::granted) d.kept.device_id = body["device_id"].str;
    if (answer.kind != Answer::no_answer) d.kept.pending = d.kept.pending_serial = "";
    return answer;
}

// A service that does not know these fields is asked without them.
inline bool leave_out_unknown(Json& body, const Answer& answer) {
    bool has_changed = false;
    for (const Json& each : answer.code == "request_invalid" ? answer.facts["errors"].items : std::vector<Json>{})
        for (const char* name : {"session_id", "device_id"})
            if (each["pointer"].str == std::string("/") + name && body.members.erase(name)) has_changed = true;
    return has_changed;
}

inline Answer check_out(Desk& d) {
    if (as_read(d.kept.pending_serial) != as_read(d.setting.serial_number)) give_up_pending(d);
    Json body = order(d, d.kept.pending.empty() ? d.new_id() : d.kept.pending);
    Answer answer = ask_for_seat(d, body);
    for (bool may_rename = true; answer.kind == Answer::refused;) {
        bool has_ended = answer.code == "session_ended" || answer.code == "session_released";
        if (has_ended && may_rename && body.has("session_id")) body.put("session_id") = d.new_id(), may_rename = false;
        else if (!leave_out_unknown(body, answer)) break;
        answer = ask_for_seat(d, body);
    }
    return answer;
}

// In a full pool the seat may be our own, whose close is still unsent.
inline Answer take_seat(Desk& d) {
    Answer answer = check_out(d);
    auto said = [&](const UnsentClose& close) { return can_be_said(d, close); };
    bool has_closes = std::any_of(d.kept.closes.begin(), d.kept.closes.end(), said);
    if (answer.kind != Answer::refused || answer.code != "pool_exhausted" || !has_closes) return answer;
    send_closes(d);
    return check_out(d);
}

// ---- Leases ------------------------------------------------------------------------------

inline std::optional<Lease> lease_in(const Desk& d, const std::string& text) {
    const Json& keys = d.setting.pinned.items.empty() ? d.kept.keys : d.setting.pinned;
    try { return verified(text, keys, d.setting.machine_name, d.setting.username, d.setting.product); }
    catch (const LeaseNotValid&) { return std::nullopt; }
}

// Until when the lease on disk lets the program open offline; 0 if it does not.
inline double lease_end(Desk& d) {
    auto lease = lease_in(d, d.kept.lease);
    return lease && runs_at(*lease, std::max(now(d), d.kept.latest)) ? lease->until : 0;
}

// One that cannot be verified opens nothing offline; the seat is held all the same.
inline void keep_grant(Desk& d, Answer& answer) {
    set_clock(d, answer.server_time);
    strike(d.kept, answer.session);
    d.kept.pending = d.kept.pending_serial = "";  // it is this session
    auto lease = lease_in(d, answer.lease);
    if (!lease && d.setting.pinned.items.empty()) {
        Json keys = fetched_keys(d);
        if (!keys.items.empty()) d.kept.keys = keys;
        lease = lease_in(d, answer.lease);
    }
    d.kept.lease = lease ? answer.lease : "", answer.grace_until = lease ? lease->until : 0;
}

inline void take_in(Desk& d, Answer answer) {
    if (answer.kind == Answer::granted) keep_grant(d, answer);
    if (answer.kind == Answer::refused && answer.server_time > 0) set_clock(d, answer.server_time);
    d.s = hear(d.s, answer, now(d), d.uniform);
    if (answer.kind == Answer::refused && d.s.grace_until == 0) d.kept.lease = "";
    d.kept.session = d.s.session, d.kept.token = d.s.token;
}

inline void remember(Desk& d) {
    if (double at = now(d); !was_turned_back(at, d.kept.latest)) d.kept.latest = std::max(d.kept.latest, at);
    d.save(d.kept);
}

// ---- A program's life --------------------------------------------------------------------

// On a clone of a machine, which may be at work with all of the rest: only keys and time are left.
inline void forget_what_was_copied(Kept& kept) {
    kept.session = kept.token = kept.lease = kept.device_id = kept.pending = kept.pending_serial = "";
    kept.closes.clear();
}

inline void start(Desk& d) {
    if (d.is_clone && d.is_clone()) forget_what_was_copied(d.kept);
    d.s = Situation();
    d.s.session = d.kept.session, d.s.token = d.kept.token, d.s.talk_at = now(d), d.s.grace_until = lease_end(d);
    d.s.clock_is_trusted = !was_turned_back(now(d), d.kept.latest);
    UnsentClose left{d.kept.session, d.kept.token, "", 0};  // by a crash
    if (d.setting.serial_number.empty()) {
        d.s.state = "denied", d.s.code = "no_key";
        return remember(d);
    }
    Answer answer = take_seat(d);
    if (answer.kind == Answer::granted && !left.session.empty() && left.session != answer.session)
        queue(d.kept, left, d.kept.latest);
    take_in(d, answer);
    if (!d.s.is_open) give_up_pending(d);
    if (answer.kind != Answer::no_answer) send_closes(d);
    remember(d);
}

// Every second or so, while the program runs. One that has ended says what is still to be said.
inline void look(Desk& d) {
    d.s = judge_clock(d.s, now(d), !was_turned_back(now(d), d.kept.latest));
    d.s = pass_time(d.s, now(d));
    bool is_due = d.s.is_open && d.s.talk_at && *d.s.talk_at <= now(d);
    if (is_due) {
        Answer answer = d.s.session.empty() ? take_seat(d) : refreshed(d);
        take_in(d, answer);
        if (answer.kind != Answer::no_answer) send_closes(d);
    }
    if (!d.s.is_open) send_closes(d);
    remember(d);
}

inline void end(Desk& d) {
    std::set<std::string> just_now{d.s.session, d.kept.pending};
    if (!d.s.session.empty()) queue(d.kept, {d.s.session, d.s.token, "", 0}, now(d));
    give_up_pending(d);
    d.s = Situation(), d.kept.session = d.kept.token = "";
    if (auto lease = lease_in(d, d.kept.lease); lease && lease->until - lease->signed_at <= short_lease) d.kept.lease = "";
    d.save(d.kept);
    send_closes(d, just_now);
    remember(d);
}

}  // namespace cloud_licence
