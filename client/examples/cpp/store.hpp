// The store: what is known of the licence, in one file that is written as a whole.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "cloud_licence.hpp"

#ifdef _WIN32
#include <windows.h>
#endif

namespace cloud_licence {

struct Kept {
    std::string machine_name, username, session, token, lease, keys;  // keys: as the service sent them
    double ahead = 0, latest = 0;  // by how much its clock is ahead, and its latest time that was seen
};

inline std::string written(const Kept& kept) {
    std::ostringstream made;
    made.precision(15);
    made << "{\"format\":1,\"machine_name\":" << quoted(kept.machine_name) << ",\"username\":" << quoted(kept.username)
         << ",\"session\":" << quoted(kept.session) << ",\"token\":" << quoted(kept.token) << ",\"lease\":" << quoted(kept.lease)
         << ",\"keys\":" << quoted(kept.keys) << ",\"ahead\":" << kept.ahead << ",\"latest\":" << kept.latest << "}";
    return made.str();
}

// Throws std::runtime_error for what cannot be used: torn, of a newer version, or somebody else's.
inline Kept read(const std::string& text, const std::string& machine_name, const std::string& username) {
    Json told = JsonReader::read(text);
    for (const char* name : {"machine_name", "username", "session", "token", "lease", "keys"})
        if (told[name].kind != Json::text) throw std::runtime_error("torn");
    if (told["format"].num != 1 || told["ahead"].kind != Json::number || told["latest"].kind != Json::number)
        throw std::runtime_error("torn");
    if (as_compared(told["machine_name"].str) != as_compared(machine_name) ||
        as_compared(told["username"].str) != as_compared(username)) throw std::runtime_error("foreign");
    return {told["machine_name"].str, told["username"].str, told["session"].str, told["token"].str,
            told["lease"].str, told["keys"].str, told["ahead"].num, told["latest"].num};
}

// What is kept. A file that cannot be used is set aside, and the client begins anew.
inline Kept load(const std::filesystem::path& file, const std::string& machine_name, const std::string& username) {
    Kept anew;
    anew.machine_name = machine_name, anew.username = username;
    std::ifstream opened(file, std::ios::binary);
    if (!opened) return anew;
    std::stringstream text;
    text << opened.rdbuf();
    opened.close();
    try { return read(text.str(), machine_name, username); }
    catch (const std::runtime_error&) {
        std::error_code ignored;
        std::filesystem::rename(file, file.string() + ".unusable", ignored);
        return anew;
    }
}

// A new file takes the old one's place. A disk that cannot be written to stops nobody.
inline void save(const std::filesystem::path& file, const Kept& kept) {
    std::error_code ignored;
    std::filesystem::create_directories(file.parent_path(), ignored);
    std::filesystem::path fresh = file;
    fresh += ".new";
    std::ofstream(fresh, std::ios::binary | std::ios::trunc) << written(kept);
    std::filesystem::permissions(fresh, std::filesystem::perms(0600), ignored);
#ifdef _WIN32
    MoveFileExW(fresh.c_str(), file.c_str(), MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH);
#else
    std::filesystem::rename(fresh, file, ignored);
#endif
}

}  // namespace cloud_licence
