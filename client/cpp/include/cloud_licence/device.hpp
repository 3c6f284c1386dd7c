// The device: an id of this installation, made at random once, kept in a small file beside the store and known by
// the machine's own id. A clone of the machine finds another's there, and makes one of its own.
#pragma once

#include "signatures.hpp"
#include "store.hpp"

namespace cloud_licence {

// By what the machine is known again: SHA-256 of both ids, so that it tells nobody else who the machine is.
inline std::string digest(const std::string& device_id, const std::string& machine_id) { return sha256(device_id + " " + machine_id); }

struct DeviceFile { std::string device_id, machine, clone_of; };  // all empty for one that makes no sense

inline DeviceFile device_file_in(const std::string& text) {
    const Json told = read_json(text);
    bool is_one = member(told, "device_id").is_string() && member(told, "machine").is_string() &&
                  (!told.contains("clone_of") || told["clone_of"].is_string());
    return is_one ? DeviceFile{text_in(told, "device_id"), text_in(told, "machine"), text_in(told, "clone_of")} : DeviceFile();
}

// Whether a file was written on this machine. One that does not say who it is just now, or did not then, is believed.
inline bool is_here(const DeviceFile& file, const std::string& machine_id) {
    return machine_id.empty() || file.machine.empty() || file.machine == digest(file.device_id, machine_id);
}

// The device id that a file holds, empty if it holds none of this machine.
inline std::string device_in(const std::string& text, const std::string& machine_id) {
    DeviceFile file = device_file_in(text);
    return is_here(file, machine_id) ? file.device_id : "";
}

// The device id of the machine that this one is a clone of, as far as a file tells; empty if it is none.
inline std::string device_copied(const std::string& text, const std::string& machine_id) {
    DeviceFile file = device_file_in(text);
    return is_here(file, machine_id) ? file.clone_of : file.device_id;
}

inline std::string written_device(const std::string& device_id, const std::string& machine_id, const std::string& clone_of) {
    Json made{{"format", 1}, {"device_id", device_id}, {"machine", machine_id.empty() ? "" : digest(device_id, machine_id)}};
    if (!clone_of.empty()) made["clone_of"] = clone_of;
    return written(made);
}

// Empty if none can be kept: one that is new each time would be somebody else each time.
inline std::string device_at(const std::filesystem::path& file, const std::string& machine_id, const std::string& fresh_id) {
    std::string text = text_at(file), found = device_in(text, machine_id);
    if (!found.empty()) return found;
    write_whole(file, written_device(fresh_id, machine_id, device_copied(text, machine_id)));
    return device_in(text_at(file), machine_id);  // another window may have been faster
}

}  // namespace cloud_licence
