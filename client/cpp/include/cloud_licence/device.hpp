// The device: an id of this installation, made at random once, kept in a small file beside the store and
// known by the machine's own id. A clone of the machine finds another's there, and makes one of its own.
#pragma once

#include <filesystem>
#include <random>

#include "store.hpp"

namespace cloud_licence {

inline std::string random_hex(size_t digits) {
    static std::random_device source;
    std::string made;
    while (made.size() < digits) made += "0123456789abcdef"[source() & 15];
    return made;
}

inline std::string new_uuid() {  // version 4 of RFC 9562
    std::string made = random_hex(32);
    made[12] = '4', made[16] = "89ab"[std::random_device{}() & 3];
    for (size_t at : {20, 16, 12, 8}) made.insert(at, "-");
    return made;
}

// SHA-256 of both ids, so that it tells nobody else who the machine is.
inline std::string digest(const std::string& device_id, const std::string& machine_id) {
    unsigned char found[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    std::string both = device_id + " " + machine_id, made;
    EVP_Digest(both.data(), both.size(), found, &size, EVP_sha256(), nullptr);
    for (unsigned at = 0; at < size; ++at) made += "0123456789abcdef"[found[at] >> 4], made += "0123456789abcdef"[found[at] & 15];
    return made;
}

// Whether a file was written on another machine, of which this is a clone. One that does not say who it is
// just now, or did not then, is believed.
inline bool is_of_another(const std::string& text, const std::string& machine_id) {
    try {
        const Json told = JsonReader::read(text);
        const std::string &device = told["device_id"].str, &known_by = told["machine"].str;
        return !machine_id.empty() && !known_by.empty() && known_by != digest(device, machine_id);
    } catch (const std::runtime_error&) { return false; }
}

// The device id that a file holds, empty if it holds none of this machine.
inline std::string device_in(const std::string& text, const std::string& machine_id) {
    try { return is_of_another(text, machine_id) ? "" : JsonReader::read(text)["device_id"].str; }
    catch (const std::runtime_error&) { return ""; }
}

// Empty if none can be kept: one that is new each time would be somebody else each time.
inline std::string device_at(const std::filesystem::path& file, const std::string& machine_id) {
    std::string found = device_in(text_of(file), machine_id);
    if (!found.empty()) return found;
    Json made;
    std::string fresh = new_uuid();
    made.put("device_id") = fresh, made.put("machine") = machine_id.empty() ? "" : digest(fresh, machine_id);
    save(file, written(made));
    return device_in(text_of(file), machine_id);
}

}  // namespace cloud_licence
