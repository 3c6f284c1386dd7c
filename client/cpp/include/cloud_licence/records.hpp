// Records: what is kept between two starts, in the layout of the reference client, which may have written it. No
// product key is among it.
#pragma once

#include "states.hpp"
#include "unicode.hpp"

namespace cloud_licence {

constexpr int record_format = 2;
constexpr double short_lease = 3600;  // a lease that promises no more ends with a clean close

// Why a record cannot be used: the text is torn, foreign or toonew.
struct NotUsable : std::runtime_error { using std::runtime_error::runtime_error; };

struct Holder {  // a running process that holds the session; the mark tells it from a later one of its id
    long pid = 0;
    std::string mark;
};

// A session that was closed, and the service has not heard of it. One without a token is closed with the product
// key of the serial number. ended_at is 0 while the service has never told the time.
struct UnsentClose {
    Session session;
    double ended_at = 0;
    std::string serial_number;
};

struct Pending {  // an id that was made for a session, and no answer came yet
    std::string session_id, serial_number;
    explicit operator bool() const { return !session_id.empty(); }
};

struct Record {
    std::string machine_name, username, os_session;
    std::string device_id;  // with which the session was asked for
    std::string serial_number, licence_name, lease;
    Situation situation;
    Json keys = Json::array();                      // as they were fetched
    double ahead = 0, latest = 0, server_time = 0;  // by how much the service's clock is ahead, the latest time that
                                                    // was seen, and what the service last told
    Pending pending;
    std::vector<UnsentClose> closes;  // the oldest first
    std::vector<Holder> holders;
};

inline Record new_record(const std::string& machine_name, const std::string& username, const std::string& os_session = "") {
    Record made;
    made.machine_name = machine_name, made.username = username, made.os_session = os_session;
    return made;
}

// What is left of a record that came with the disk of another machine, which may be at work with all of the rest.
inline Record of_clone(const Record& record) {
    Record made = new_record(record.machine_name, record.username, record.os_session);
    made.keys = record.keys, made.ahead = record.ahead, made.latest = record.latest, made.server_time = record.server_time;
    return made;
}

// ---- Written ---------------------------------------------------------------------------------------------------

inline Json as_json(const Session& session) { return {{"id", session.id}, {"token", session.token}}; }

inline Json as_json(const Situation& s) {
    return {{"state", name_of(s.state)},   {"is_open", s.is_open},
            {"session", s.session ? as_json(s.session) : Json()},
            {"grace_until", s.grace_until}, {"talk_at", s.talk_at ? Json(*s.talk_at) : Json()},
            {"tries", s.tries},             {"clock_is_trusted", s.clock_is_trusted},
            {"code", s.code},               {"detail", s.detail},
            {"reference", s.reference},     {"facts", s.facts}};
}

inline Json as_json(const Record& r) {
    Json made{{"format", record_format},     {"machine_name", r.machine_name}, {"username", r.username},
              {"os_session", r.os_session},  {"device_id", r.device_id},       {"serial_number", r.serial_number},
              {"licence_name", r.licence_name}, {"situation", as_json(r.situation)}, {"lease", r.lease},
              {"keys", r.keys},              {"ahead", r.ahead},               {"latest", r.latest},
              {"server_time", r.server_time}, {"pending", Json()},
              {"closes", Json::array()},     {"holders", Json::array()}};
    if (r.pending) made["pending"] = {{"session_id", r.pending.session_id}, {"serial_number", r.pending.serial_number}};
    for (const UnsentClose& close : r.closes)
        made["closes"].push_back({{"session", as_json(close.session)}, {"ended_at", close.ended_at}, {"serial_number", close.serial_number}});
    for (const Holder& holder : r.holders) made["holders"].push_back({{"pid", holder.pid}, {"mark", holder.mark}});
    return made;
}

inline std::string written(const Record& record) { return written(as_json(record)); }

// ---- Read: Malformed for what makes no sense -----------------------------------------------------------------------

inline const Json& needed(const Json& of, const char* name) {
    if (!of.is_object() || !of.contains(name)) throw Malformed(name);
    return of[name];
}

inline std::string text_or(const Json& of, const char* name, const std::string& otherwise) {
    return of.contains(name) ? text_of(of[name]) : otherwise;
}

inline Session session_of(const Json& told) { return {text_of(needed(told, "id")), text_of(needed(told, "token"))}; }

inline Situation situation_of(const Json& told) {
    Situation s;
    const Json &talk_at = needed(told, "talk_at"), &session = needed(told, "session");
    s.state = state_named(text_of(needed(told, "state"))), s.is_open = needed(told, "is_open") == Json(true);
    if (!session.is_null()) s.session = session_of(session);
    s.grace_until = number_of(needed(told, "grace_until"));
    if (!talk_at.is_null()) s.talk_at = number_of(talk_at);
    s.tries = int(std::max(0.0, std::min(number_of(needed(told, "tries")), 1e6)));
    s.clock_is_trusted = member(told, "clock_is_trusted") != Json(false);
    s.code = text_of(needed(told, "code")), s.detail = text_of(needed(told, "detail"));
    s.reference = text_of(needed(told, "reference")), s.facts = needed(told, "facts");
    if (!s.facts.is_object()) throw Malformed("facts");
    return s;
}

inline UnsentClose close_of(const Json& told) {
    return {session_of(needed(told, "session")), number_of(needed(told, "ended_at")), text_or(told, "serial_number", "")};
}

inline Holder holder_of(const Json& told) {
    double pid = std::max(-1.0, std::min(number_of(needed(told, "pid")), 2147483647.0));  // what a long holds everywhere
    return {long(pid), text_of(needed(told, "mark"))};
}

inline Pending pending_of(const Json& told) {  // of a record of format 1 there is none
    if (told.is_null()) return {};
    return {text_of(needed(told, "session_id")), text_of(needed(told, "serial_number"))};
}

inline const Json& list_in(const Json& of, const char* name) {
    if (!needed(of, name).is_array()) throw Malformed(name);
    return of[name];
}

inline Record record_of(const Json& told) {
    Record r = new_record(text_of(needed(told, "machine_name")), text_of(needed(told, "username")), text_or(told, "os_session", ""));
    r.device_id = text_or(told, "device_id", ""), r.lease = text_of(needed(told, "lease"));
    r.serial_number = text_of(needed(told, "serial_number")), r.licence_name = text_of(needed(told, "licence_name"));
    r.ahead = number_of(needed(told, "ahead")), r.latest = number_of(needed(told, "latest"));
    // Format 1 does not tell when the service last said its time: only a grant has named a serial number.
    r.server_time = told.contains("server_time") ? number_of(told["server_time"]) : r.serial_number.empty() ? 0 : r.latest;
    r.pending = pending_of(member(told, "pending")), r.situation = situation_of(needed(told, "situation"));
    for (const Json& key : list_in(told, "keys"))
        if (key.is_object()) r.keys.push_back(key);
        else throw Malformed("keys");
    for (const Json& close : list_in(told, "closes")) r.closes.push_back(close_of(close));
    for (const Json& holder : list_in(told, "holders")) r.holders.push_back(holder_of(holder));
    return r;
}

// The record that a text holds. Throws NotUsable.
inline Record read_record(const std::string& text, const std::string& machine_name, const std::string& username) {
    const Json told = read_json(text);
    if (!told.is_object() || !told.contains("format")) throw NotUsable("torn");
    if (told["format"].is_number_integer() && told["format"] > record_format) throw NotUsable("toonew");
    Record found;
    try { found = record_of(told); } catch (const Malformed&) { throw NotUsable("torn"); }
    bool is_ours = as_compared(found.machine_name) == as_compared(machine_name) && as_compared(found.username) == as_compared(username);
    if (!is_ours) throw NotUsable("foreign");
    return found;
}

// ---- Closes ----------------------------------------------------------------------------------------------------

constexpr size_t most_closes = 20;

inline void strike(Record& record, const std::string& session) {  // it was granted anew, and is in use
    auto is_of_it = [&](const UnsentClose& close) { return close.session.id == session; };
    record.closes.erase(std::remove_if(record.closes.begin(), record.closes.end(), is_of_it), record.closes.end());
}

// Never before a time that the service has told: that would be taken for the close of an earlier run.
inline void queue(Record& record, const Session& session, double at, const std::string& serial_number = "") {
    strike(record, session.id);
    record.closes.push_back({session, record.server_time > 0 ? std::max(at, record.latest) : 0, serial_number});
    if (record.closes.size() <= most_closes) return;
    auto nobody_knows = [](const UnsentClose& each) { return each.session.token.empty(); };
    auto first = std::find_if(record.closes.begin(), record.closes.end(), nobody_knows);
    record.closes.erase(first == record.closes.end() ? record.closes.begin() : first);
}

// The session that there may be, for a program that will not ask again.
inline void give_up_pending(Record& record, double at) {
    if (record.pending) queue(record, {record.pending.session_id, ""}, at, record.pending.serial_number);
    record.pending = {};
}

// The record of a program that has ended.
inline void leave(Record& record, double at) {
    if (record.situation.session) queue(record, record.situation.session, at);
    Situation left;
    left.grace_until = record.situation.grace_until;
    record.situation = left;
    give_up_pending(record, at);
}

}  // namespace cloud_licence
