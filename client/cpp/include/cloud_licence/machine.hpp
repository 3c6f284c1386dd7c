// The machine: its name, its user, the remote session, who it is, and which processes are alive.
#pragma once

#include <chrono>

#include "records.hpp"
#include "signatures.hpp"
#include "system.hpp"

#ifndef _WIN32
#include <csignal>
#include <pwd.h>
#include <sys/utsname.h>
#endif

namespace cloud_licence {

struct Identity { std::string machine_name, username, os_session; };

// A UUID that tells when it was made (version 7 of RFC 9562), so that a service need not look for it among those
// of long ago.
inline std::string new_id() {
    auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
    long long milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(since_1970).count();
    char time[24];
    std::snprintf(time, sizeof time, "%012llx", milliseconds & 0xFFFFFFFFFFFFll);
    std::string made = time + std::string("7") + random_hex(4).substr(1) + random_hex(16);
    made[16] = "89ab"[made[16] & 3];
    for (size_t at : {20, 16, 12, 8}) made.insert(at, "-");
    return made;
}

inline std::string new_request_id() { return random_hex(32); }

// The number of the remote session where many people share one machine, otherwise nothing: under Citrix, and in a
// remote desktop session of a server. Somebody who looks at his own PC from afar is the same user as before.
inline std::string remote_session(std::string name, bool is_server, unsigned long number) {
    name = in_small_letters(name);
    bool counts = name.rfind("ica", 0) == 0 || (name.rfind("rdp", 0) == 0 && is_server);
    return counts ? std::to_string(number) : "";
}

// The first part of de_DE.UTF-8 or de-DE; empty for one that is none.
inline std::string language_in(const std::string& locale) {
    std::string code = in_small_letters(locale.substr(0, locale.find_first_of("_-.")));
    return code == "c" || code == "posix" ? "" : code;
}

inline std::string language_of_environment() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
        if (std::string found = variable(name); !found.empty()) return found;
    return "";
}

#ifdef _WIN32

inline std::string language_here() {
    std::string named = language_of_environment();
    wchar_t found[LOCALE_NAME_MAX_LENGTH] = L"";
    if (named.empty()) LCIDToLocaleName(GetUserDefaultUILanguage(), found, LOCALE_NAME_MAX_LENGTH, 0);
    return language_in(named.empty() ? narrow(found) : named);
}

inline bool is_windows_server() {
    wchar_t kind[32] = L"";
    DWORD size = sizeof kind;
    RegGetValueW(HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet\\Control\\ProductOptions", L"ProductType", RRF_RT_REG_SZ,
                 nullptr, kind, &size);
    return *kind && std::wstring(kind) != L"WinNT";
}

inline Identity identity_here() {
    DWORD number = 0;
    ProcessIdToSessionId(GetCurrentProcessId(), &number);
    std::string domain = variable("USERDOMAIN"), user = variable("USERNAME");
    return {variable("COMPUTERNAME"), domain.empty() ? user : domain + "\\" + user,
            remote_session(variable("SESSIONNAME"), is_windows_server(), number)};
}

inline std::string machine_guid() {
    wchar_t text[256];
    DWORD size = sizeof text, wanted = RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY;
    bool has = !RegGetValueW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Microsoft\\Cryptography", L"MachineGuid", wanted, nullptr, text, &size);
    return has ? narrow(text) : "";
}

// The UUID of the board, or of the virtual machine: of the SMBIOS table's structure of type 1.
inline std::string uuid_of_board() {
    const DWORD tables = 0x52534D42;  // "RSMB"
    std::string table(GetSystemFirmwareTable(tables, 0, nullptr, 0), '\0');
    GetSystemFirmwareTable(tables, 0, table.data(), DWORD(table.size()));
    for (size_t at = 8; at + 4 <= table.size();) {
        size_t length = (unsigned char)table[at + 1];
        std::string uuid = table.substr(at + 8, std::min<size_t>(16, table.size() - std::min(table.size(), at + 8)));
        bool is_named = table[at] == 1 && length >= 24 && uuid.size() == 16 && uuid != std::string(16, '\0') && uuid != std::string(16, '\xFF');
        if (is_named) return in_hex(bytes_of(uuid), 16);
        size_t end = table.find(std::string(2, '\0'), at + length);  // its texts end so
        if (length < 4 || end == std::string::npos) break;
        at = end + 2;
    }
    return "";
}

inline std::string machine_id_here() {
    std::string guid = machine_guid(), uuid = uuid_of_board();
    return guid + (guid.empty() || uuid.empty() ? "" : " ") + uuid;
}

// When the process was created; empty if it is not running.
inline std::string mark_of(long pid) {
    HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, DWORD(pid));
    if (!process) return "";
    DWORD code = 0;
    FILETIME created{}, exited, kernel, user;
    GetExitCodeProcess(process, &code);
    GetProcessTimes(process, &created, &exited, &kernel, &user);
    CloseHandle(process);
    unsigned long long at = (unsigned long long)created.dwHighDateTime << 32 | created.dwLowDateTime;
    return code == STILL_ACTIVE ? std::to_string(at) : "";
}

#else

inline std::string language_here() { return language_in(language_of_environment()); }

inline Identity identity_here() {
    utsname names{};
    uname(&names);
    passwd user{}, *found = nullptr;
    char texts[4096];
    getpwuid_r(getuid(), &user, texts, sizeof texts, &found);
    return {names.nodename, found ? found->pw_name : variable("USER"), ""};
}

inline std::string machine_id_here() {
    std::string etc = variable("CLOUD_LICENCE_ETC");
    for (const std::string& file : {(etc.empty() ? "/etc" : etc) + "/machine-id", std::string("/var/lib/dbus/machine-id")})
        if (std::string found = trimmed(text_at(file)); !found.empty()) return found;
    return "";
}

// The boot and the time at which the process started; empty if it is not running.
inline std::string mark_of(long pid) {
    std::string stat = text_at("/proc/" + std::to_string(pid) + "/stat"), boot = trimmed(text_at("/proc/sys/kernel/random/boot_id"));
    if (boot.empty()) return kill(pid_t(pid), 0) == 0 ? "running" : "";  // there is no /proc
    std::istringstream fields(stat.empty() ? "" : stat.substr(stat.rfind(')') + 1));
    std::string field, state;
    for (int at = 0; at <= 19 && fields >> field; ++at)
        if (at == 0) state = field;
    bool is_gone = state.empty() || state == "Z" || state == "X";
    return is_gone ? "" : boot + " " + field;
}

#endif

}  // namespace cloud_licence
