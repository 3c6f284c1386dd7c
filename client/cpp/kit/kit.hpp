// A run of the conformance kit: all of it.
#pragma once

#include <iostream>

#include "plays.hpp"

namespace cloud_licence {

class Kit {
  public:
    explicit Kit(const std::string& folder) : folder(folder), leases(file("leases")) {}

    int run() {
        each("leases", [&](const Json& test) { return compared(verdict(test), test["expect"]); });
        each("clocks", of_clock);
        each("answers", of_answer);
        for (const char* name : {"states", "waits"}) each(name, [&](const Json& test) { return of_states(test); });
        each("policies", of_policies);
        each("files", [](const Json& test) { return compared(Json(lines_of(test["text"])), test["values"]); });
        each("typed", of_typed);
        each("stores", [&](const Json& test) { return compared(of_store(test["text"]), test["expect"]); });
        return run_plays([] { return std::make_unique<Calls>(); });
    }

    // Each on a computer of its own, by calls that know of none before it.
    int run_plays(const std::function<std::unique_ptr<Calls>()>& fresh) {
        const Json play = file("play");
        auto here = std::filesystem::temp_directory_path() / ("cloud-licence-" + random_hex(16));
        for (const char* name : {"requests", "starts", "closes", "keys", "devices"})
            each(name, [&](const Json& test) {
                std::filesystem::remove_all(here), std::filesystem::create_directory(here);
                return Stage(*fresh(), play, test, leases, here).wrong(test);
            });
        std::filesystem::remove_all(here);
        std::cout << passed << " passed, " << failed << " failed" << std::endl;
        return failed ? 1 : 0;
    }

  private:
    std::string folder;
    const Json leases;
    Json kit;         // the file that is tried
    Session session;  // of the states
    int passed = 0, failed = 0;

    Json file(const std::string& name) const { return Json::parse(text_at(std::filesystem::u8path(folder + "/" + name + ".json"))); }

    template <class Try> void each(const std::string& name, Try wrong_in) {
        const std::string only = variable("KIT_CASE");  // to try this alone, of one file
        if (!only.empty() && name != variable("KIT_FILE")) return;
        kit = file(name);
        for (const Json& test : kit["cases"]) {
            if (!only.empty() && test["name"] != only) continue;
            std::string wrong = wrong_in(test);
            ++(wrong.empty() ? passed : failed);
            if (!wrong.empty()) std::cout << name << ": " << test["name"].get<std::string>() << ": " << wrong << std::endl;
        }
    }

    static std::string compared(const Json& found, const Json& expected) {
        return found == expected ? "" : written(found) + ", not " + written(expected);
    }

    std::string verdict(const Json& test) const {
        auto who = [&](const char* name) { return text_of(test.value(name, leases[name])); };
        try {
            Lease lease = verified(test["lease"], leases["keys"], who("machine_name"), who("username"), text_in(test, "product"));
            if (runs_at(lease, test["now"])) return "runs";
            return test["now"] >= lease.until ? "over" : "not_yet";
        } catch (const LeaseNotValid& why) { return why.what(); }
    }

    static std::string of_clock(const Json& test) {
        const Json& seen = member(test, "seen");
        auto before = seen.is_null() ? std::nullopt : std::optional(Seen{seen["at"], seen["monotonic"]});
        double now = now_by(test["clock"], test["ahead"], test.value("monotonic", 0.0), before);
        return compared({now, was_turned_back(now, test["latest"])}, {test["now"].get<double>(), test["is_turned_back"]});
    }

    static Json shown(const Answer& a) {
        Json waits{{"code", a.code}, {"retry_after", a.retry_after}};
        switch (a.kind) {
            case Answer::granted: return {{"kind", "granted"}, {"session", a.session.id}, {"refresh_after", a.refresh_after},
                                          {"grace_until", a.grace_until}, {"server_time", a.server_time}};
            case Answer::refused: waits.update({{"kind", "refused"}, {"is_retryable", a.is_retryable}, {"reference", a.reference}, {"server_time", a.server_time}}); break;
            case Answer::no_answer: waits["kind"] = "no_answer"; break;
            case Answer::done: return {{"kind", "done"}};
        }
        return waits;
    }

    static std::string of_answer(const Json& test) {
        Response response;
        response.status = test["status"], response.content_type = test["content_type"], response.retry_after = test["retry_after"];
        response.x_request_id = test["x_request_id"], response.body = test["body"];
        Asked asked{test["request_id"], test["asks_for"] == "seat", test["session"]};
        return compared(shown(understood(response, asked)), test["expect"]);
    }

    static Answer heard(const Json& told, double at, const Session& session) {
        Answer a;
        a.code = text_in(told, "code"), a.retry_after = told.value("retry_after", 0.0), a.facts = told.value("facts", object());
        a.is_retryable = told.value("is_retryable", false), a.detail = text_in(told, "detail"), a.reference = text_in(told, "reference");
        if (told["kind"] == "refused") a.kind = Answer::refused;
        if (told["kind"] != "granted") return a;
        a.kind = Answer::granted, a.session = session;
        a.refresh_after = told["refresh_after"], a.grace_until = at + told["grace_for"].get<double>();
        return a;
    }

    Situation after(const Json& step, const Situation& before) const {
        double at = step["at"];
        if (step["do"] == "hear") return hear(before, heard(step["answer"], at, session), at, text_in(step, "draw") == "highest" ? highest : lowest);
        if (step["do"] == "pass") return pass_time(before, at);
        return start(at, step.value("grace_until", 0.0), step.value("has_session", false) ? session : Session(), step.value("clock_is_trusted", true));
    }

    std::string of_states(const Json& test) {
        if (!session) session = session_of(file("states")["session"]);
        Situation s;
        Telling how{test.value("language", "en"), test.value("contact", "Ask Priya Shah."), {}, "", "", true};
        for (const Json& step : test["steps"]) {
            s = after(step, s);
            const Json holds{{"state", name_of(s.state)}, {"is_open", s.is_open}, {"has_session", bool(s.session)},
                             {"grace_until", s.grace_until}, {"talk_at", s.talk_at ? Json(*s.talk_at) : Json()},
                             {"code", s.code}, {"message", whole(message_of(s, how))}};
            if (std::string wrong = compared(part_of(holds, step["expect"]), step["expect"]); !wrong.empty()) return wrong;
        }
        return "";
    }

    static std::string of_policies(const Json& test) {
        Levels found;
        for (const auto& [level, values] : test["levels"].items()) found[level] = values_of(values);
        Policy policy = effective(found), expected = effective({});
        for (const auto& [name, value] : test["effective"].items())
            expected.values[name] = value.is_boolean() ? (value.get<bool>() ? "1" : "0") : values_of(Json{{name, value}})[name];
        return compared({policy.values, policy.sources}, {expected.values, test["sources"]});
    }

    static std::string of_typed(const Json& test) {
        auto found = test["kind"] == "serial_number" ? serial_number_of(test["typed"]) : product_key_of(test["typed"]);
        return compared(found ? Json(*found) : Json(), test["expect"]);
    }

    std::string of_store(const std::string& text) const {
        try { read_record(text, kit["machine_name"], kit["username"]); }
        catch (const NotUsable& why) { return why.what() == std::string("toonew") ? "too_new" : why.what(); }
        return "usable";
    }
};

}  // namespace cloud_licence
