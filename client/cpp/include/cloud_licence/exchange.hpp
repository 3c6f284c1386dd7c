// Exchanges with the service, at the desk: what it must hear is sent, what it says is kept.
#pragma once

#include "desk.hpp"

namespace cloud_licence {

// ---- Requests ------------------------------------------------------------------------------------------------------

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

inline std::string escaped(const std::string& text) {  // for a place in an address
    std::string made;
    for (char c : text) {
        bool is_plain = std::isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.' || c == '~';
        made += is_plain ? std::string(1, c) : "%" + in_hex(reinterpret_cast<const unsigned char*>(&c), 1);
    }
    return made;
}

struct Order { std::string method, path, authorization; Json body = Json(); };

inline Response sent(const Desk& d, const Asked& asked, const Order& order) {
    const std::string base = d.policy["ServiceUrl"], language = d.program.language;
    if (!is_address(base)) return none_because("no_service");
    std::string body = order.body.is_null() ? "" : written(order.body);
    Request request{order.method, base.substr(0, base.find_last_not_of('/') + 1) + order.path, {}, body};
    request.headers = {{"Accept", "application/json"}, {"Accept-Language", language.empty() ? "en" : language},
                       {"X-Request-Id", asked.request_id}};
    if (!body.empty()) request.headers["Content-Type"] = "application/json";
    if (!order.authorization.empty()) request.headers["Authorization"] = order.authorization;
    return d.world.send(Way{d.policy["Proxy"], d.policy.timeout_seconds(), d.world.patience}, request);
}

inline Answer answered(const Desk& d, const Order& order, bool is_for_seat = false, const std::string& session = "") {
    Asked asked{new_request_id(), is_for_seat, session};
    return understood(sent(d, asked, order), asked);
}

inline std::string place_of(const Session& session) { return "/api/v1/sessions/" + escaped(session.id); }
inline std::string bearer(const Session& session) { return "Bearer " + session.token; }

inline Answer refreshed(const Desk& d, const Session& session) {
    Json body{{"version", d.program.version}};
    return answered(d, {"POST", place_of(session) + "/refresh", bearer(session), body}, true, session.id);
}

inline Answer closed(const Desk& d, const UnsentClose& close, bool is_now) {
    std::string pair = d.policy["SerialNumber"] + ":" + d.policy["ProductKey"];
    std::string query = !is_now && close.ended_at > 0 ? "?ended_at=" + rfc3339(close.ended_at) : "";
    std::string proof = close.session.token.empty() ? "Basic " + base64(pair) : bearer(close.session);
    return answered(d, {"DELETE", place_of(close.session) + query, proof});
}

inline Answer moved(const Desk& d, const Session& session) {
    return answered(d, {"DELETE", place_of(session) + "/device", bearer(session)});
}

inline Json fetched_keys(const Desk& d) {  // those of the service; none if they cannot be had just now
    Asked asked{new_request_id(), false, ""};
    Response response = sent(d, asked, {"GET", "/.well-known/jwks.json", ""});
    Json made = Json::array();
    if (response.status != 200 || !is_of_service(response, asked)) return made;
    const Json told = read_json(response.body);
    const Json& found = member(told, "keys");
    for (const Json& key : found.is_array() ? found : Json::array())
        if (key.is_object()) made.push_back(key);
    return made;
}

// ---- The queue of closes ---------------------------------------------------------------------------------------------

inline bool can_be_said(const Desk& d, const UnsentClose& close) {
    const std::string serial_number = d.policy["SerialNumber"];
    return !close.session.token.empty() || (!serial_number.empty() && is_same_key(close.serial_number, serial_number));
}

// The oldest first, as long as somebody answers. Only without an answer is a close kept. Of those that end this
// moment it is the service's time that counts.
inline void send_closes(Desk& d, const std::set<std::string>& just_now = {}) {
    for (const UnsentClose& close : std::vector<UnsentClose>(d.record.closes)) {
        if (!can_be_said(d, close)) continue;
        if (closed(d, close, just_now.count(close.session.id) > 0).kind == Answer::no_answer) return;
        strike(d.record, close.session.id);
    }
}

// ---- Check-outs ------------------------------------------------------------------------------------------------------

inline Json check_out_of(Desk& d, const std::string& id) {
    Json made{{"serial_number", d.policy["SerialNumber"]}, {"product_key", d.policy["ProductKey"]},
              {"machine_name", d.identity.machine_name},   {"username", d.identity.username},
              {"version", d.program.version},              {"session_id", id}};
    Texts features = d.program.features;
    features.insert(features.end(), d.program.optional_features.begin(), d.program.optional_features.end());
    if (!features.empty()) made["features"] = features;
    if (!d.program.software.empty()) made["product"] = d.program.software;
    if (!d.identity.os_session.empty()) made["os_session"] = d.identity.os_session;
    bool was_without = d.record.situation.session && d.record.device_id.empty();  // with one somebody else would ask
    std::string device = was_without ? "" : device_at(place_of_device(d.folder, d.identity), d.world.machine_id(), new_id());
    if (!device.empty()) made["device_id"] = device;
    return made;
}

// The id is on disk before it is sent, and until something is heard.
inline Answer ask_for_seat(Desk& d, const Json& body) {
    std::string id = text_in(body, "session_id");
    d.record.pending = {id, id.empty() ? "" : d.policy["SerialNumber"]};
    write(d);
    Answer answer = answered(d, {"POST", "/api/v1/sessions", "", body}, true);
    if (answer.kind == Answer::granted) d.record.device_id = text_in(body, "device_id");
    if (answer.kind != Answer::no_answer) d.record.pending = {};
    return answer;
}

// A service that does not know these fields is asked without them.
inline bool leave_out_unknown(Json& body, const Answer& answer) {
    bool has_changed = false;
    for (const char* name : {"session_id", "device_id"}) {
        bool is_named = std::count(answer.pointers.begin(), answer.pointers.end(), std::string("/") + name) > 0;
        if (answer.code == "request_invalid" && is_named && body.erase(name)) has_changed = true;
    }
    return has_changed;
}

inline Answer check_out(Desk& d) {
    if (d.record.pending && !is_same_key(d.record.pending.serial_number, d.policy["SerialNumber"])) give_up_pending(d.record, now(d));
    Json body = check_out_of(d, d.record.pending ? d.record.pending.session_id : new_id());
    Answer answer = ask_for_seat(d, body);
    for (bool may_rename = true; answer.kind == Answer::refused;) {
        bool has_ended = answer.code == "session_ended" || answer.code == "session_released";
        if (has_ended && may_rename && body.contains("session_id")) body["session_id"] = new_id(), may_rename = false;
        else if (!leave_out_unknown(body, answer)) break;
        answer = ask_for_seat(d, body);
    }
    return answer;
}

// In a full pool the seat may be our own, whose close is still unsent.
inline Answer take_seat(Desk& d) {
    Answer answer = check_out(d);
    const auto& closes = d.record.closes;
    bool has_closes = std::any_of(closes.begin(), closes.end(), [&](const UnsentClose& close) { return can_be_said(d, close); });
    if (answer.kind != Answer::refused || answer.code != "pool_exhausted" || !has_closes) return answer;
    send_closes(d);
    return check_out(d);
}

// ---- Leases ------------------------------------------------------------------------------------------------------------

inline Lease verified(const Desk& d, const std::string& text) {  // throws LeaseNotValid
    const Json& keys = d.program.pinned_keys.empty() ? d.record.keys : d.program.pinned_keys;
    return verified(text, keys, d.identity.machine_name, d.identity.username, d.program.software);
}

inline std::optional<Lease> lease_in(const Desk& d, const std::string& text) {
    try { return verified(d, text); }
    catch (const LeaseNotValid&) { return std::nullopt; }
}

// Until when the lease on disk lets the program open offline; 0 if it does not. A clock that was turned back does
// not make it longer.
inline double lease_end(Desk& d) {
    auto lease = lease_in(d, d.record.lease);
    return lease && runs_at(*lease, std::max(now(d), d.record.latest)) ? lease->until : 0;
}

inline bool lasts_no_longer(const Desk& d) {  // a lease that promises so little ends with a clean close
    auto lease = lease_in(d, d.record.lease);
    return lease && lease->until - lease->signed_at <= short_lease;
}

// ---- What was heard ----------------------------------------------------------------------------------------------------

// A lease that cannot be verified opens nothing offline; the seat is held all the same.
inline void keep_grant(Desk& d, Answer& answer) {
    set_clock(d, answer.server_time);
    strike(d.record, answer.session.id);
    d.record.licence_name = answer.licence_name, d.record.serial_number = answer.serial_number, d.record.pending = {};
    auto lease = lease_in(d, answer.lease);
    if (!lease && d.program.pinned_keys.empty()) {
        Json keys = fetched_keys(d);
        if (!keys.empty()) d.record.keys = keys;
        lease = lease_in(d, answer.lease);
    }
    d.record.lease = lease ? answer.lease : "", answer.grace_until = lease ? lease->until : 0;
    if (!lease) d.store.note("kept.unsigned");
    if (!answer.message.empty()) d.store.notices.push_back(answer.message);
}

inline void take_in(Desk& d, Answer answer) {
    if (answer.kind == Answer::granted) keep_grant(d, answer);
    if (answer.kind == Answer::refused && answer.server_time > 0) set_clock(d, answer.server_time);
    d.record.situation = hear(d.record.situation, answer, now(d), d.world.uniform);
    if (answer.kind == Answer::refused && d.record.situation.grace_until == 0) d.record.lease = "";
}

// Closes the session, now or when the service can be reached again.
inline void give_back(Desk& d) {
    std::set<std::string> just_now{d.record.situation.session.id, d.record.pending.session_id};
    leave(d.record, now(d));
    if (lasts_no_longer(d)) d.record.lease = "", d.record.situation = Situation();
    write(d);
    send_closes(d, just_now);
}

// A session that was known, and with which a grant does not go on, ended when the program was last seen.
inline void leave_another(Desk& d, const Session& known, const Answer& answer) {
    if (known && known.id != answer.session.id) queue(d.record, known, d.record.latest);
}

}  // namespace cloud_licence
