// An example of use, and a run of the conformance kit.
//
//   example session URL SERIAL MACHINE USER < product key, then a line for each next step
//   example open FILE                       as a program's start: policy (Windows), store, service
//   example vectors FOLDER
#include "cloud_licence/http.hpp"
#include "kit.hpp"

#include <chrono>
#include <ctime>

#ifdef _WIN32
#include <shellapi.h>
#endif

using namespace cloud_licence;

static double any(double least, double most) {
    static std::mt19937 random{std::random_device{}()};
    return std::uniform_real_distribution<double>(least, most)(random);
}

static double uptime() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// How things stand, and what the last refusal added.
static void show(const Situation& s) {
    std::cout << s.state << " " << s.session << " " << s.code << std::endl;
    for (const char* fact : {"scope", "features", "seats", "in_use", "holders", "next_reclaim_at", "devices", "minimum_version",
                             "starts_on", "ends_on", "next_move_at", "reason", "ended_at", "contact"})
        if (s.facts.has(fact) && s.facts[fact].kind != Json::null)
            std::cout << "  " << fact << ": " << written(s.facts[fact]) << std::endl;
}

static Desk desk_with(const Way& way) {
    Desk made;
    made.send = [way](const Request& request) { return send(way, request); };
    made.clock = [] { return double(std::time(nullptr)); };
    made.monotonic = uptime, made.uniform = any;
    made.new_id = new_uuid, made.new_request_id = [] { return random_hex(32); };
    made.save = [](const Kept&) {};
    made.setting.version = "16.0.02";
    return made;
}

// ---- One session with a real server ------------------------------------------------------

// Each line is a step: "refresh" asks at once, "look" when it is due, "restart" ends the program and starts it
// again, and after "lose" there is no network for the next step.
static int session(const std::string& url, const std::string& serial, const std::string& machine, const std::string& user) {
    std::string key, line;
    std::getline(std::cin, key);
    bool is_lost = false;
    Desk d = desk_with(Way{});
    d.send = [&is_lost](const Request& request) { return is_lost ? Response() : send(Way{}, request); };
    d.setting.serial_number = serial, d.setting.product_key = key, d.setting.service_url = url;
    d.setting.machine_name = d.kept.machine_name = machine, d.setting.username = d.kept.username = user;
    start(d);
    show(d.s);
    bool has_opened = d.s.is_open;
    if (has_opened) std::cout << "offline until " << (long long)(d.s.grace_until) << std::endl;

    while (std::getline(std::cin, line) && !line.empty()) {
        is_lost = line.rfind("lose", 0) == 0;
        if (is_lost) std::getline(std::cin, line);
        if (line.rfind("refresh", 0) == 0) d.s.talk_at = now(d);
        if (line.rfind("restart", 0) == 0) end(d), start(d);
        else look(d);
        show(d.s);
    }
    end(d);
    return has_opened ? 0 : 3;
}

#ifdef _WIN32

// ---- A program's start on Windows --------------------------------------------------------

static std::string variable(const wchar_t* name) {
    const wchar_t* found = _wgetenv(name);
    return found ? narrow(found) : "";
}

static std::string machine_id() {
    wchar_t text[256];
    DWORD size = sizeof text, wanted = RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY;
    bool has = !RegGetValueW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Microsoft\\Cryptography", L"MachineGuid", wanted, nullptr, text, &size);
    return has ? narrow(text) : "";
}

static int open(const std::filesystem::path& file) {
    Policy policy = policy_of_registry("Elecosoft", "Powerproject");
    for (const auto& [name, level] : policy.sources)
        std::cout << name << " from " << level << (name == "ProductKey" ? "" : ": " + policy[name]) << std::endl;
    Desk d = desk_with(Way{policy["Proxy"], std::atoi(policy["TimeoutSeconds"].c_str())});
    d.setting.serial_number = policy["SerialNumber"], d.setting.product_key = policy["ProductKey"];
    d.setting.service_url = policy["ServiceUrl"];
    d.setting.machine_name = variable(L"COMPUTERNAME");
    d.setting.username = variable(L"USERDOMAIN") + "\\" + variable(L"USERNAME");
    const auto device_file = file.parent_path() / "device.json";
    d.device_id = [device_file] { return device_at(device_file, machine_id()); };
    d.is_clone = [device_file] { return is_of_another(text_of(device_file), machine_id()); };
    d.save = [file](const Kept& kept) { save(file, written(kept)); };
    d.kept = load(file, d.setting.machine_name, d.setting.username);
    start(d);
    show(d.s);
    return d.s.is_open ? 0 : 3;
}

#endif

static std::vector<std::string> arguments(int count, char** words) {
#ifdef _WIN32
    LPWSTR* wide_words = CommandLineToArgvW(GetCommandLineW(), &count);  // char has no room for all names
    std::vector<std::string> told;
    for (int i = 1; i < count; ++i) told.push_back(narrow(wide_words[i]));
    LocalFree(wide_words);
    (void)words;
    return told;
#else
    return {words + 1, words + count};
#endif
}

int main(int count, char** words) {
    std::vector<std::string> told = arguments(count, words);
    if (told.size() == 5 && told[0] == "session") return session(told[1], told[2], told[3], told[4]);
    if (told.size() == 2 && told[0] == "vectors") return Kit(told[1]).run();
#ifdef _WIN32
    if (told.size() == 2 && told[0] == "open") return open(std::filesystem::u8path(told[1]));
#endif
    std::cerr << "example session URL SERIAL MACHINE USER | example open FILE | example vectors FOLDER" << std::endl;
    return 2;
}
