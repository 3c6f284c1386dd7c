// The store: what is known of the licence, in one file that is written as a whole.
#pragma once

#include <filesystem>
#include <fstream>
#include <system_error>

#include "cloud_licence.hpp"

#ifdef _WIN32
#include <windows.h>
#endif

namespace cloud_licence {

// A session that was closed, and the service has not heard of it. One without a token is closed with
// the product key of the serial number. ended_at is 0 while the service has never told the time.
struct UnsentClose {
    std::string session, token, serial_number;
    double ended_at = 0;
};

struct Kept {
    std::string machine_name, username, session, token, lease;
    std::string device_id;                // with which the session was asked for
    Json keys;                            // as they were fetched
    std::string pending, pending_serial;  // an id that was made for a session, and no answer came yet
    std::vector<UnsentClose> closes;      // the oldest first
    double ahead = 0, latest = 0, server_time = 0;  // by how much the service's clock is ahead, the latest
                                                    // time that was seen, and what the service last told
};

inline Json as_json(const UnsentClose& close) {
    Json made;
    made.put("session") = close.session, made.put("token") = close.token;
    made.put("serial_number") = close.serial_number, made.put("ended_at") = close.ended_at;
    return made;
}

inline std::string written(const Kept& kept) {
    Json made;
    made.put("format") = 2.0;
    made.put("machine_name") = kept.machine_name, made.put("username") = kept.username;
    made.put("session") = kept.session, made.put("token") = kept.token, made.put("lease") = kept.lease;
    made.put("device_id") = kept.device_id;
    made.put("pending") = kept.pending, made.put("pending_serial") = kept.pending_serial;
    made.put("ahead") = kept.ahead, made.put("latest") = kept.latest, made.put("server_time") = kept.server_time;
    made.put("keys") = kept.keys, made.put("keys").kind = Json::list, made.put("closes").kind = Json::list;
    for (const UnsentClose& close : kept.closes) made.put("closes").items.push_back(as_json(close));
    return written(made);
}

// Throws std::runtime_error for what cannot be used: torn, of another version, or somebody else's.
inline Kept read(const std::string& text, const std::string& machine_name, const std::string& username) {
    const Json told = JsonReader::read(text);
    auto in = [](const Json& from, const char* name, Json::Kind kind) {
        if (from[name].kind != kind) throw std::runtime_error("torn");
        return from[name];
    };
    auto text_in = [&](const Json& from, const char* name) { return in(from, name, Json::text).str; };
    auto number_in = [&](const char* name) { return in(told, name, Json::number).num; };
    if (told["format"].num != 2) throw std::runtime_error("torn");
    Kept kept;
    kept.machine_name = text_in(told, "machine_name"), kept.username = text_in(told, "username");
    kept.session = text_in(told, "session"), kept.token = text_in(told, "token"), kept.lease = text_in(told, "lease");
    kept.device_id = text_in(told, "device_id");
    kept.pending = text_in(told, "pending"), kept.pending_serial = text_in(told, "pending_serial");
    kept.ahead = number_in("ahead"), kept.latest = number_in("latest"), kept.server_time = number_in("server_time");
    kept.keys = in(told, "keys", Json::list);
    for (const Json& each : in(told, "closes", Json::list).items)
        kept.closes.push_back({text_in(each, "session"), text_in(each, "token"), text_in(each, "serial_number"),
                               in(each, "ended_at", Json::number).num});
    if (as_compared(kept.machine_name) != as_compared(machine_name) ||
        as_compared(kept.username) != as_compared(username)) throw std::runtime_error("foreign");
    return kept;
}

inline std::string text_of(const std::filesystem::path& file) {  // empty if it cannot be read
    std::ifstream opened(file, std::ios::binary);
    std::stringstream text;
    if (opened) text << opened.rdbuf();
    return text.str();
}

// What is kept. A file that cannot be used is set aside, and the client begins anew.
inline Kept load(const std::filesystem::path& file, const std::string& machine_name, const std::string& username) {
    Kept anew;
    anew.machine_name = machine_name, anew.username = username;
    if (!std::filesystem::exists(file)) return anew;
    try { return read(text_of(file), machine_name, username); }
    catch (const std::runtime_error&) {
        std::error_code ignored;
        std::filesystem::rename(file, file.string() + ".unusable", ignored);
        return anew;
    }
}

// A new file takes the old one's place. A disk that cannot be written to stops nobody.
inline void save(const std::filesystem::path& file, const std::string& text) {
    std::error_code ignored;
    std::filesystem::create_directories(file.parent_path(), ignored);
    std::filesystem::path fresh = file;
    fresh += ".new";
    std::ofstream(fresh, std::ios::binary | std::ios::trunc) << text;
    std::filesystem::permissions(fresh, std::filesystem::perms(0600), ignored);
#ifdef _WIN32
    MoveFileExW(fresh.c_str(), file.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH);
#else
    std::filesystem::rename(fresh, file, ignored);
#endif
}

}  // namespace cloud_licence
