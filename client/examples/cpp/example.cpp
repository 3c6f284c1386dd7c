// An example of use, and a run of the conformance kit.
//
//   example session URL SERIAL MACHINE USER < product key, then a line for each next step
//   example open FILE                       as a program's start: policy (Windows), store, service
//   example vectors FOLDER
#include "http.hpp"
#include "policy.hpp"
#include "store.hpp"

#include <ctime>
#include <iostream>
#include <random>

#ifdef _WIN32
#include <shellapi.h>
#endif

using namespace cloud_licence;

static double any(double least, double most) {
    static std::mt19937 random{std::random_device{}()};
    return std::uniform_real_distribution<double>(least, most)(random);
}
static double low(double least, double) { return least; }

// ---- One session with a real server ------------------------------------------------------

static void show(const Situation& s) {
    std::cout << s.state << " " << s.session << " " << s.code << std::endl;
}

static std::string order_of(const std::string& serial, const std::string& key, const std::string& machine,
                            const std::string& user) {
    return "{\"serial_number\":" + quoted(serial) + ",\"product_key\":" + quoted(key) + ",\"machine_name\":" +
           quoted(machine) + ",\"username\":" + quoted(user) + ",\"version\":\"16.0.02\"}";
}

static int session(const std::string& url, const std::string& serial, const std::string& machine,
                   const std::string& user) {
    std::string key, line;
    std::getline(std::cin, key);
    Service service{url, "", 10};
    Answer answer = ask(service, "POST", "/api/v1/sessions", "", order_of(serial, key, machine, user));
    Situation s = hear(Situation{}, answer, double(std::time(nullptr)), any);
    show(s);
    if (!s.is_open) return 3;

    Response keys = send(service, "GET", "/.well-known/jwks.json");
    if (!keys.status) return 1;
    Lease lease = verified(answer.lease, JsonReader::read(keys.body)["keys"], machine, user);
    std::cout << "offline until " << (long long)(lease.until) << std::endl;

    while (std::getline(std::cin, line) && line.rfind("refresh", 0) == 0) {
        answer = ask(service, "POST", "/api/v1/sessions/" + s.session + "/refresh", s.token, "{}");
        s = hear(s, answer, double(std::time(nullptr)), any);
        show(s);
    }
    if (!s.session.empty()) ask(service, "DELETE", "/api/v1/sessions/" + s.session, s.token);
    return 0;
}

#ifdef _WIN32

// ---- A program's start on Windows --------------------------------------------------------

static std::string variable(const wchar_t* name) {
    const wchar_t* found = _wgetenv(name);
    return found ? narrow(found) : "";
}

// The lease on disk, if it lets the program open now; else one that ran out long ago.
static Lease lease_of(const Kept& kept, double now) {
    try {
        Lease lease = verified(kept.lease, JsonReader::read(kept.keys)["keys"], kept.machine_name, kept.username);
        if (runs_at(lease, now)) return lease;
    } catch (const std::runtime_error&) {}
    return {};
}

static void remember(Kept& kept, const Service& service, const Answer& granted) {
    kept.session = granted.session, kept.token = granted.token, kept.lease = granted.lease;
    kept.latest = granted.server_time, kept.ahead = granted.server_time - double(std::time(nullptr));
    if (lease_of(kept, granted.server_time).until) return;
    kept.keys = send(service, "GET", "/.well-known/jwks.json").body;  // the service signs with a new key
    if (!lease_of(kept, granted.server_time).until) kept.lease = "";
}

static int open(const std::filesystem::path& file) {
    Policy policy = policy_of_registry("Elecosoft", "Powerproject");
    for (const auto& [name, level] : policy.sources)
        std::cout << name << " from " << level << (name == "ProductKey" ? "" : ": " + policy[name]) << std::endl;
    Service service{policy["ServiceUrl"], policy["Proxy"], std::atoi(policy["TimeoutSeconds"].c_str())};
    std::string machine = variable(L"COMPUTERNAME"), user = variable(L"USERDOMAIN") + "\\" + variable(L"USERNAME");
    Kept kept = load(file, machine, user);

    double now = double(std::time(nullptr)) + kept.ahead;
    Situation s;
    s.session = kept.session, s.token = kept.token, s.grace_until = lease_of(kept, now).until;
    s.clock_is_trusted = !was_turned_back(now, kept.latest);
    Answer answer = nothing("no_service");
    if (!policy["SerialNumber"].empty())
        answer = ask(service, "POST", "/api/v1/sessions", "", order_of(policy["SerialNumber"], policy["ProductKey"], machine, user));
    s = hear(s, answer, now, any);
    if (answer.kind == Answer::granted) remember(kept, service, answer);
    if (answer.kind == Answer::refused && s.grace_until == 0) kept.lease = "";
    kept.latest = std::max(kept.latest, s.clock_is_trusted ? now : 0);
    save(file, kept);
    show(s);
    return s.is_open ? 0 : 3;
}

#endif

// ---- The conformance kit -----------------------------------------------------------------

static int passed = 0, failed = 0, skipped = 0;

static void check(const std::string& kit, const Json& test, const std::string& found, const std::string& expected) {
    if (found == expected) { ++passed; return; }
    ++failed;
    std::cout << kit << ": " << test["name"].str << ": " << found << ", not " << expected << std::endl;
}

static Json kit(const std::string& folder, const std::string& name) {
    std::ifstream file(std::filesystem::u8path(folder + "/" + name + ".json"), std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    return JsonReader::read(text.str());
}

static std::string verdict(const Json& all, const Json& test) {
    auto who = [&](const char* name) { return test.has(name) ? test[name].str : all[name].str; };
    try {
        Lease lease = verified(test["lease"].str, all["keys"], who("machine_name"), who("username"), test["product"].str);
        if (runs_at(lease, test["now"].num)) return "runs";
        return test["now"].num >= lease.until ? "over" : "not_yet";
    } catch (const LeaseNotValid& why) { return why.what(); }
}

static std::string shown(const Answer& a) {
    std::ostringstream made;
    made.precision(15);
    if (a.kind == Answer::granted)
        made << "granted " << a.session << " " << a.refresh_after << " " << a.grace_until << " " << a.server_time;
    else if (a.kind == Answer::refused)
        made << "refused " << a.code << " " << a.is_retryable << " " << a.retry_after << " " << a.reference;
    else if (a.kind == Answer::no_answer) made << "no_answer " << a.code << " " << a.retry_after;
    else made << "done";
    return made.str();
}

static Answer heard(const Json& told, double at, const Json& session) {
    Answer a;
    a.code = told["code"].str, a.retry_after = told["retry_after"].num;
    if (told["kind"].str == "refused") {
        a.kind = Answer::refused, a.is_retryable = told["is_retryable"].num != 0;
        a.reference = told["reference"].str, a.detail = told["detail"].str;
    } else if (told["kind"].str == "granted") {
        a.kind = Answer::granted, a.session = session["id"].str, a.token = session["token"].str;
        a.refresh_after = told["refresh_after"].num, a.grace_until = at + told["grace_for"].num;
    }
    return a;
}

static Answer expected_answer(const Json& told) {
    Answer a = heard(told, 0, Json{});
    if (told["kind"].str == "done") a.kind = Answer::done;
    a.session = told["session"].str, a.grace_until = told["grace_until"].num;
    a.server_time = told["server_time"].num;
    return a;
}

static Situation after(const Json& step, const Situation& before, const Json& session) {
    double at = step["at"].num;
    if (step["do"].str == "hear") return hear(before, heard(step["answer"], at, session), at, low);
    if (step["do"].str == "pass") return pass_time(before, at);
    Situation s;
    s.talk_at = at, s.grace_until = step["grace_until"].num;
    s.clock_is_trusted = !step.has("clock_is_trusted") || step["clock_is_trusted"].num != 0;
    if (step["has_session"].num != 0) s.session = session["id"].str, s.token = session["token"].str;
    return s;
}

static std::string told(const std::string& state, bool is_open, bool has_session, double grace,
                        std::optional<double> talk_at, const std::string& code) {
    std::ostringstream made;
    made.precision(15);
    made << state << (is_open ? " open" : "") << (has_session ? " session " : " ") << grace << " ";
    if (talk_at) made << *talk_at;
    return made.str() + " " + code;
}

static std::string in_text(const Json& value) {
    return value.kind == Json::text ? value.str : std::to_string((long long)(value.num));
}

static void policies(const std::string& folder) {
    Json kit_of_policies = kit(folder, "policies");
    for (const Json& test : kit_of_policies["cases"].items) {
        std::map<std::string, Values> found;
        for (const auto& [level, values] : test["levels"].members)
            for (const auto& [name, value] : values.members) found[level][name] = in_text(value);
        Policy policy = effective(found), expected = effective({});
        for (const auto& [name, value] : test["effective"].members) expected.values[name] = in_text(value);
        for (const auto& [name, level] : test["sources"].members) expected.sources[name] = level.str;
        bool is_right = policy.values == expected.values && policy.sources == expected.sources;
        check("policies", test, is_right ? "right" : "wrong", "right");
    }
}

static int vectors(const std::string& folder) {
    policies(folder);
    Json leases = kit(folder, "leases"), clocks = kit(folder, "clocks");
    Json answers = kit(folder, "answers"), states = kit(folder, "states");
    for (const Json& test : leases["cases"].items) {
        if (test.has("needs")) { ++skipped; continue; }  // full Unicode folding: see as_compared
        check("leases", test, verdict(leases, test), test["expect"].str);
    }
    for (const Json& test : clocks["cases"].items) {
        bool is_back = was_turned_back(test["clock"].num + test["ahead"].num, test["latest"].num);
        check("clocks", test, is_back ? "back" : "fine", test["is_turned_back"].num != 0 ? "back" : "fine");
    }
    for (const Json& test : answers["cases"].items)
        check("answers", test,
              shown(understood(int(test["status"].num), test["content_type"].str, test["retry_after"].str, test["body"].str)),
              shown(expected_answer(test["expect"])));
    for (const Json& test : states["cases"].items) {
        Situation s;
        for (const Json& step : test["steps"].items) {
            s = after(step, s, states["session"]);
            const Json& e = step["expect"];
            auto talk_at = e["talk_at"].kind == Json::number ? std::optional(e["talk_at"].num) : std::nullopt;
            check("states", test, told(s.state, s.is_open, !s.session.empty(), s.grace_until, s.talk_at, s.code),
                  told(e["state"].str, e["is_open"].num != 0, e["has_session"].num != 0, e["grace_until"].num, talk_at, e["code"].str));
        }
    }
    std::cout << passed << " passed, " << failed << " failed, " << skipped << " skipped" << std::endl;
    return failed ? 1 : 0;
}

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
    if (told.size() == 2 && told[0] == "vectors") return vectors(told[1]);
#ifdef _WIN32
    if (told.size() == 2 && told[0] == "open") return open(std::filesystem::u8path(told[1]));
#endif
    std::cerr << "example session URL SERIAL MACHINE USER | example open FILE | example vectors FOLDER" << std::endl;
    return 2;
}
