// A run of the conformance kit. Cases that need what this example leaves out are skipped.
#pragma once

#include <iostream>

#include "plays.hpp"

namespace cloud_licence {

inline const std::set<std::string> left_out{"unicode folding (NFKC)", "several processes", "remote sessions", "move",
                                            "optional features", "features at run time", "notice of a new key"};

class Kit {
  public:
    explicit Kit(const std::string& folder) : folder(folder), leases(file("leases")), states(file("states")) {}

    int run() {
        each("leases", [&](const Json& test) { return compared(verdict(test), test["expect"].str); });
        each("clocks", [&](const Json& test) { return of_clock(test); });
        each("answers", [&](const Json& test) { return of_answer(test); });
        for (const char* name : {"states", "waits"}) each(name, [&](const Json& test) { return of_states(test); });
        each("policies", [&](const Json& test) { return of_policies(test); });
        const Json play = file("play");
        auto here = std::filesystem::temp_directory_path() / ("cloud-licence-" + random_hex(16));
        for (const char* name : {"requests", "starts", "closes", "keys", "devices"})
            each(name, [&](const Json& test) {
                std::filesystem::remove_all(here), std::filesystem::create_directory(here);
                return Stage(play, test, leases, here).wrong(test);
            });
        std::filesystem::remove_all(here);
        std::cout << passed << " passed, " << failed << " failed, " << skipped << " skipped" << std::endl;
        return failed ? 1 : 0;
    }

  private:
    std::string folder;
    const Json leases, states;
    int passed = 0, failed = 0, skipped = 0;

    Json file(const std::string& name) const {
        return JsonReader::read(text_of(std::filesystem::u8path(folder + "/" + name + ".json")));
    }

    template <class Try> void each(const std::string& name, Try wrong_in) {
        const Json kit = file(name);
        for (const Json& test : kit["cases"].items) {
            if (left_out.count(test["needs"].str)) { ++skipped; continue; }
            std::string wrong = wrong_in(test);
            ++(wrong.empty() ? passed : failed);
            if (!wrong.empty()) std::cout << name << ": " << test["name"].str << ": " << wrong << std::endl;
        }
    }

    static std::string compared(const std::string& found, const std::string& expected) {
        return found == expected ? "" : found + ", not " + expected;
    }

    std::string verdict(const Json& test) const {
        auto who = [&](const char* name) { return test.has(name) ? test[name].str : leases[name].str; };
        try {
            Lease lease = verified(test["lease"].str, leases["keys"], who("machine_name"), who("username"), test["product"].str);
            if (runs_at(lease, test["now"].num)) return "runs";
            return test["now"].num >= lease.until ? "over" : "not_yet";
        } catch (const LeaseNotValid& why) { return why.what(); }
    }

    static std::string of_clock(const Json& test) {
        const Json& seen = test["seen"];
        auto before = test.has("seen") ? std::optional(Seen{seen["at"].num, seen["monotonic"].num}) : std::nullopt;
        double now = now_by(test["clock"].num, test["ahead"].num, test["monotonic"].num, before);
        std::string found = was_turned_back(now, test["latest"].num) ? "turned back" : "fine";
        return compared(found + " at " + written(Json(now)),
                        (test["is_turned_back"].is_true() ? "turned back at " : "fine at ") + written(test["now"]));
    }

    static std::string shown(const Answer& a) {
        std::ostringstream made;
        made.precision(15);
        if (a.kind == Answer::granted)
            made << "granted " << a.session << " " << a.refresh_after << " " << a.grace_until << " " << a.server_time;
        else if (a.kind == Answer::refused)
            made << "refused " << a.code << " " << a.is_retryable << " " << a.retry_after << " " << a.reference << " " << a.server_time;
        else if (a.kind == Answer::no_answer) made << "no_answer " << a.code << " " << a.retry_after;
        else made << "done";
        return made.str();
    }

    static Answer heard(const Json& told, double at, const Json& session) {
        Answer a;
        a.code = told["code"].str, a.retry_after = told["retry_after"].num, a.facts = told["facts"];
        if (told["kind"].str == "refused") {
            a.kind = Answer::refused, a.is_retryable = told["is_retryable"].is_true();
            a.reference = told["reference"].str, a.detail = told["detail"].str, a.server_time = told["server_time"].num;
        } else if (told["kind"].str == "granted") {
            a.kind = Answer::granted, a.session = session["id"].str, a.token = session["token"].str;
            a.refresh_after = told["refresh_after"].num, a.grace_until = at + told["grace_for"].num;
        }
        return a;
    }

    static std::string of_answer(const Json& test) {
        Response response;
        response.status = int(test["status"].num), response.content_type = test["content_type"].str;
        response.retry_after = test["retry_after"].str, response.x_request_id = test["x_request_id"].str;
        response.body = test["body"].str;
        Asked asked{test["request_id"].str, test["asks_for"].str == "seat", test["session"].str};
        const Json& e = test["expect"];
        Answer expected = heard(e, 0, Json{});
        if (e["kind"].str == "done") expected.kind = Answer::done;
        expected.session = e["session"].str, expected.grace_until = e["grace_until"].num, expected.server_time = e["server_time"].num;
        return compared(shown(understood(response, asked)), shown(expected));
    }

    Situation after(const Json& step, const Situation& before) const {
        double at = step["at"].num;
        Uniform draw = step["draw"].str == "highest" ? [](double, double most) { return most; } : lowest;
        if (step["do"].str == "hear") return hear(before, heard(step["answer"], at, states["session"]), at, draw);
        if (step["do"].str == "pass") return pass_time(before, at);
        Situation s;
        s.talk_at = at, s.grace_until = step["grace_until"].num;
        s.clock_is_trusted = !step.has("clock_is_trusted") || step["clock_is_trusted"].is_true();
        if (step["has_session"].is_true()) s.session = states["session"]["id"].str, s.token = states["session"]["token"].str;
        return s;
    }

    std::string of_states(const Json& test) const {
        Situation s;
        for (const Json& step : test["steps"].items) {
            s = after(step, s);
            Json found = step["expect"];  // messages are left out
            auto flag = [&](const char* name, bool is_so) { if (found.has(name)) found.put(name).num = is_so; };
            auto tell = [&](const char* name, const Json& value) { if (found.has(name)) found.put(name) = value; };
            flag("is_open", s.is_open), flag("has_session", !s.session.empty());
            tell("state", s.state), tell("code", s.code), tell("grace_until", s.grace_until);
            tell("talk_at", s.talk_at ? Json(*s.talk_at) : Json());
            if (found != step["expect"]) return compared(written(found), written(step["expect"]));
        }
        return "";
    }

    static std::string in_text(const Json& value) {
        return value.kind == Json::text ? value.str : std::to_string((long long)(value.num));
    }

    static std::string of_policies(const Json& test) {
        std::map<std::string, Values> found;
        for (const auto& [level, values] : test["levels"].members)
            for (const auto& [name, value] : values.members) found[level][name] = in_text(value);
        Policy policy = effective(found), expected = effective({});
        for (const auto& [name, value] : test["effective"].members) expected.values[name] = in_text(value);
        for (const auto& [name, level] : test["sources"].members) expected.sources[name] = level.str;
        return policy.values == expected.values && policy.sources == expected.sources ? "" : "wrong";
    }
};

}  // namespace cloud_licence
