// Policy: what the IT department set, and what the user typed. Four levels, the first that has a value wins; the
// serial number and the product key count only as a pair from one level.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "keys.hpp"
#include "system.hpp"
#include "tables.hpp"

namespace cloud_licence {

inline const auto& levels = *new const std::vector<std::string>{"machine policy", "user policy", "machine preference", "own entry"};

using Values = std::map<std::string, std::string>;  // numbers and switches in digits
using Levels = std::map<std::string, Values>;

struct Policy {
    Values values, sources;  // sources: the level of each value that some level set
    std::string operator[](const std::string& name) const {
        auto found = values.find(name);
        return found == values.end() ? "" : found->second;
    }
    bool has_key() const { return !(*this)["SerialNumber"].empty(); }
    int timeout_seconds() const { return std::atoi((*this)["TimeoutSeconds"].c_str()); }
};

// The value as its kind wants it; none for one that is empty or makes no sense.
inline std::optional<std::string> sensible(const Row& row, const std::string& raw) {
    std::string text = trimmed(raw);
    if (row.kind == Row::text) {
        size_t size = letters_of(text).size();
        return 0 < size && size <= size_t(row.most) ? std::optional(text) : std::nullopt;
    }
    if (row.kind == Row::is_switch) {
        static const auto &on = *new const std::set<std::string>{"1", "yes", "true", "on"}, &off = *new const std::set<std::string>{"0", "no", "false", "off"};
        std::string word = in_small_letters(text);
        return on.count(word) ? std::optional<std::string>("1") : off.count(word) ? std::optional<std::string>("0") : std::nullopt;
    }
    if (text.empty() || text.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
    double value = std::min(std::max(std::atof(text.c_str()), double(row.least)), double(row.most));
    return std::to_string(int(value));
}

inline const Row* row_named(const std::string& name) {  // without case
    for (const Row& row : rows)
        if (in_small_letters(row.name) == in_small_letters(name)) return &row;
    return nullptr;
}

inline bool is_of_pair(const std::string& name) { return name == "SerialNumber" || name == "ProductKey"; }

inline Values usable_in(const std::string& level, const Values& found) {
    Values made;
    for (const auto& [name, raw] : found) {
        const Row* row = row_named(name);
        if (!row || (level == "own entry" && !row->own_entry)) continue;
        if (auto value = sensible(*row, raw)) made[row->name] = *value;
    }
    return made;
}

inline Policy effective(const Levels& found) {
    Policy made;
    Levels read;
    for (const Row& row : rows) made.values[row.name] = row.fallback;
    for (const auto& [level, values] : found) read[level] = usable_in(level, values);
    auto take = [&](const std::string& level, const std::string& name) {
        made.values[name] = read[level][name], made.sources[name] = level;
    };
    for (const Row& row : rows)
        for (const std::string& level : levels)
            if (!is_of_pair(row.name) && read[level].count(row.name) && !made.sources.count(row.name)) take(level, row.name);
    for (const std::string& level : levels) {
        bool is_allowed = level != "own entry" || made["AllowUserEntry"] == "1";
        if (!is_allowed || !read[level].count("SerialNumber") || !read[level].count("ProductKey")) continue;
        take(level, "SerialNumber"), take(level, "ProductKey");
        break;
    }
    return made;
}

// The "Name = value" lines of a file; # begins a comment line. Values are not quoted.
inline Values lines_of(const std::string& text) {
    Values made;
    std::istringstream lines(text.rfind("\xEF\xBB\xBF", 0) == 0 ? text.substr(3) : text);
    for (std::string line; std::getline(lines, line);) {
        size_t equals = line.find('=');
        std::string name = trimmed(line.substr(0, equals));
        if (equals != std::string::npos && trimmed(line)[0] != '#') made[name] = trimmed(line.substr(equals + 1));
    }
    return made;
}

#ifdef _WIN32

inline Values values_at(HKEY hive, const std::string& path) {  // in the 64-bit view
    Values found;
    for (const Row& row : rows) {
        wchar_t text[4096];
        DWORD type = 0, size = sizeof text, wanted = RRF_RT_REG_SZ | RRF_RT_REG_DWORD | RRF_SUBKEY_WOW6464KEY;
        if (RegGetValueW(hive, wide(path).c_str(), wide(row.name).c_str(), wanted, &type, text, &size)) continue;
        found[row.name] = type == REG_SZ ? narrow(text) : std::to_string(*reinterpret_cast<DWORD*>(text));
    }
    return found;
}

inline Policy policy_here(const std::string& vendor, const std::string& product) {
    std::string path = vendor + "\\" + product + "\\Licensing";
    return effective({{"machine policy", values_at(HKEY_LOCAL_MACHINE, "Software\\Policies\\" + path)},
                      {"user policy", values_at(HKEY_CURRENT_USER, "Software\\Policies\\" + path)},
                      {"machine preference", values_at(HKEY_LOCAL_MACHINE, "Software\\" + path)},
                      {"own entry", values_at(HKEY_CURRENT_USER, "Software\\" + path)}});
}

// Keeps what the user typed; whether that could be done.
inline bool write_own_entry(const std::string& vendor, const std::string& product, const Values& values) {
    HKEY key = nullptr;
    std::wstring path = wide("Software\\" + vendor + "\\" + product + "\\Licensing");
    DWORD access = KEY_WRITE | KEY_WOW64_64KEY;
    if (RegCreateKeyExW(HKEY_CURRENT_USER, path.c_str(), 0, nullptr, 0, access, nullptr, &key, nullptr)) return false;
    bool is_kept = true;
    for (const auto& [name, value] : values) {
        std::wstring text = wide(value);
        DWORD size = DWORD((text.size() + 1) * sizeof(wchar_t));
        is_kept = !RegSetValueExW(key, wide(name).c_str(), 0, REG_SZ, reinterpret_cast<const BYTE*>(text.c_str()), size) && is_kept;
    }
    RegCloseKey(key);
    return is_kept;
}

#else

struct PolicyFiles { std::string level; std::vector<std::filesystem::path> files; };  // the first has the last word

inline std::string or_else(const std::string& found, const std::string& other) { return found.empty() ? other : found; }

inline std::vector<PolicyFiles> policy_files(const std::string& vendor, const std::string& product) {
    namespace fs = std::filesystem;
    fs::path folder = fs::path(in_small_letters(vendor)) / in_small_letters(product);
    fs::path etc = or_else(variable("CLOUD_LICENCE_ETC"), "/etc"), home = or_else(variable("HOME"), "/");
    fs::path own = or_else(variable("XDG_CONFIG_HOME"), (home / ".config").string());
    std::string user = or_else(variable("USER"), variable("LOGNAME"));
    std::vector<fs::path> of_user, shared;
    if (!user.empty() && user.find('/') == std::string::npos) of_user = {etc / folder / "users" / (user + ".policy")};
    std::istringstream places(or_else(variable("XDG_CONFIG_DIRS"), (etc / "xdg").string()));
    for (std::string place; std::getline(places, place, ':');)
        if (!place.empty()) shared.push_back(fs::path(place) / folder / "licensing.conf");
    return {{"machine policy", {etc / folder / "licensing.policy"}}, {"user policy", of_user},
            {"machine preference", shared}, {"own entry", {own / folder / "licensing.conf"}}};
}

inline Policy policy_here(const std::string& vendor, const std::string& product) {
    Levels found;
    for (const auto& [level, files] : policy_files(vendor, product))
        for (const auto& file : files)
            for (const auto& line : lines_of(text_at(file))) found[level].insert(line);
    return effective(found);
}

// Keeps what the user typed, readable by that user only; whether that could be done.
inline bool write_own_entry(const std::string& vendor, const std::string& product, const Values& values) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    fs::path file = policy_files(vendor, product).back().files.front(), fresh = file;
    fresh += "." + std::to_string(own_process());
    fs::create_directories(file.parent_path(), ignored);
    Values known = values;  // a name counts in any case: the old one goes
    for (const auto& line : lines_of(text_at(file)))
        if (const Row* row = row_named(line.first); !row || !values.count(row->name)) known.insert(line);
    std::ofstream opened(fresh, std::ios::binary | std::ios::trunc);
    fs::permissions(fresh, fs::perms(0600), ignored);
    for (const auto& [name, value] : known) opened << name << " = " << value << "\n";
    opened.close();
    fs::rename(fresh, file, ignored);
    return opened && !ignored;
}

#endif

}  // namespace cloud_licence
