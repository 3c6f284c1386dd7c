// An example of use, and a run of the conformance kit.
//
//   example session URL SERIAL MACHINE USER < product key, then a line for each next step
//   example vectors FOLDER
#include "cloud_licence.hpp"

#include <ctime>
#include <fstream>
#include <iostream>
#include <random>
#include <sstream>

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

static int session(const std::string& url, const std::string& serial, const std::string& machine,
                   const std::string& user) {
    std::string key, line;
    std::getline(std::cin, key);
    std::string order = "{\"serial_number\":" + quoted(serial) + ",\"product_key\":" + quoted(key) +
                        ",\"machine_name\":" + quoted(machine) + ",\"username\":" + quoted(user) +
                        ",\"version\":\"16.0.02\"}";
    Answer answer = ask(url, "POST", "/api/v1/sessions", "", order);
    Situation s = hear(Situation{}, answer, double(std::time(nullptr)), any);
    show(s);
    if (!s.is_open) return 3;

    auto keys = send(url, "GET", "/.well-known/jwks.json");
    if (!keys) return 1;
    Lease lease = verified(answer.lease, JsonReader::read(keys->body)["keys"], machine, user);
    std::cout << "offline until " << long(lease.until) << std::endl;

    while (std::getline(std::cin, line) && line == "refresh") {
        answer = ask(url, "POST", "/api/v1/sessions/" + s.session + "/refresh", s.token, "{}");
        s = hear(s, answer, double(std::time(nullptr)), any);
        show(s);
    }
    if (!s.session.empty()) ask(url, "DELETE", "/api/v1/sessions/" + s.session, s.token);
    return 0;
}

// ---- The conformance kit -----------------------------------------------------------------

static int passed = 0, failed = 0, skipped = 0;

static void check(const std::string& kit, const Json& test, const std::string& found, const std::string& expected) {
    if (found == expected) { ++passed; return; }
    ++failed;
    std::cout << kit << ": " << test["name"].str << ": " << found << ", not " << expected << std::endl;
}

static Json kit(const std::string& folder, const std::string& name) {
    std::ifstream file(folder + "/" + name + ".json");
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

static int vectors(const std::string& folder) {
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

int main(int count, char** words) {
    std::vector<std::string> told(words + 1, words + count);
    if (told.size() == 5 && told[0] == "session") return session(told[1], told[2], told[3], told[4]);
    if (told.size() == 2 && told[0] == "vectors") return vectors(told[1]);
    std::cerr << "example session URL SERIAL MACHINE USER | example vectors FOLDER" << std::endl;
    return 2;
}
