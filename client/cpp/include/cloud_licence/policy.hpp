// The policy: what the IT department set and what the user typed, from Windows' registry.
#pragma once

#include "http.hpp"

namespace cloud_licence {

struct Row {  // of client/cloud_licence/policy_values.json
    const char* name;
    enum Kind { text, number, is_switch } kind;
    int least, most;  // of a text: its length in characters
    const char* fallback;
    bool own_entry;
};

inline const std::vector<Row> rows{
    {"SerialNumber", Row::text, 1, 255, "", true},      {"ProductKey", Row::text, 1, 255, "", true},
    {"ServiceUrl", Row::text, 1, 2000, "", true},       {"Proxy", Row::text, 1, 2000, "", true},
    {"TimeoutSeconds", Row::number, 1, 60, "10", false}, {"ContactText", Row::text, 1, 500, "", false},
    {"AllowUserEntry", Row::is_switch, 0, 1, "1", false},
};
inline const std::vector<std::string> levels{"machine policy", "user policy", "machine preference", "own entry"};

using Values = std::map<std::string, std::string>;  // numbers and switches in digits

struct Policy {
    Values values, sources;  // sources: the level of each value that some level set
    const std::string& operator[](const std::string& name) const { return values.at(name); }
};

inline std::string trimmed(const std::string& text) {
    size_t first = text.find_first_not_of(" \t\r\n"), last = text.find_last_not_of(" \t\r\n");
    return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

// The value as its kind wants it; none for one that is empty or makes no sense.
inline std::optional<std::string> sensible(const Row& row, const std::string& raw) {
    std::string text = trimmed(raw);
    if (row.kind == Row::text) {
        auto size = std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
        return row.least <= size && size <= row.most ? std::optional(text) : std::nullopt;
    }
    if (row.kind == Row::is_switch) {
        static const std::set<std::string> on{"1", "yes", "true", "on"}, off{"0", "no", "false", "off"};
        std::string word = as_compared(text);
        return on.count(word) ? std::optional<std::string>("1") : off.count(word) ? std::optional<std::string>("0") : std::nullopt;
    }
    if (text.empty() || !std::all_of(text.begin(), text.end(), ::isdigit)) return std::nullopt;
    double value = std::min(std::max(std::atof(text.c_str()), double(row.least)), double(row.most));
    return std::to_string(int(value));
}

// The values in force. The serial number and product key count only as a pair, from one level.
inline Policy effective(const std::map<std::string, Values>& found) {
    std::map<std::string, Values> read;
    for (const std::string& level : levels)
        for (const auto& [name, raw] : found.count(level) ? found.at(level) : Values{})
            for (const Row& row : rows)
                if (as_compared(row.name) == as_compared(name) && (row.own_entry || level != "own entry"))
                    if (auto value = sensible(row, raw)) read[level][row.name] = *value;
    Policy made;
    for (const Row& row : rows) made.values[row.name] = row.fallback;
    auto take = [&](const std::string& level, const std::string& name) {
        made.values[name] = read[level][name], made.sources[name] = level;
    };
    for (const Row& row : rows)
        for (const std::string& level : levels)
            if (std::string(row.name) != "SerialNumber" && std::string(row.name) != "ProductKey" &&
                read[level].count(row.name) && !made.sources.count(row.name)) take(level, row.name);
    for (const std::string& level : levels) {
        bool is_allowed = level != "own entry" || made["AllowUserEntry"] == "1";
        if (!is_allowed || !read[level].count("SerialNumber") || !read[level].count("ProductKey")) continue;
        take(level, "SerialNumber"), take(level, "ProductKey");
        break;
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

inline Policy policy_of_registry(const std::string& vendor, const std::string& product) {
    std::string path = vendor + "\\" + product + "\\Licensing";
    return effective({{"machine policy", values_at(HKEY_LOCAL_MACHINE, "Software\\Policies\\" + path)},
                      {"user policy", values_at(HKEY_CURRENT_USER, "Software\\Policies\\" + path)},
                      {"machine preference", values_at(HKEY_LOCAL_MACHINE, "Software\\" + path)},
                      {"own entry", values_at(HKEY_CURRENT_USER, "Software\\" + path)}});
}

#endif

}  // namespace cloud_licence
