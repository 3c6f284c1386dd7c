// The conformance kit: all of it, or one case.
#pragma once

#include <iostream>

#include "plays.hpp"

namespace cloud_licence {

using Fresh = std::function<std::unique_ptr<Calls>()>;  // calls that know of no play before

inline std::unique_ptr<Calls> calls_of_headers() { return std::make_unique<Calls>(); }

inline const Texts of_c{"leases", "answers", "policies", "files", "typed", "stores", "requests", "starts", "closes", "keys", "devices"};  // that it has calls for
inline const Texts of_all{"leases", "clocks", "answers", "states", "waits", "policies", "files", "typed", "stores",
                          "requests", "starts", "closes", "keys", "devices"};

class Kit {
  public:
    explicit Kit(const std::string& folder) : folder(folder) {}
    ~Kit() { std::error_code ignored; std::filesystem::remove_all(here, ignored); }

    // All cases of these files, by these calls; what is wrong is printed.
    int run(const Texts& names, const Fresh& fresh) {
        int passed = 0, failed = 0;
        for (const std::string& name : names)
            for (const Json& test : file(name)["cases"]) {
                const std::string wrong = wrong_in(name, test, fresh);
                ++(wrong.empty() ? passed : failed);
                if (!wrong.empty()) std::cout << name << ": " << test["name"].get<std::string>() << ": " << wrong << std::endl;
            }
        std::cout << passed << " passed, " << failed << " failed" << std::endl;
        return failed ? 1 : 0;
    }

    // Of one case; nothing if it is passed. A play is on a computer of its own.
    std::string wrong_in(const std::string& name, const Json& test, const Fresh& fresh) {
        if (name == "leases") return compared(verdict(*fresh(), test), test["expect"]);
        if (name == "clocks") return of_clock(test);
        if (name == "answers") return of_answer(*fresh(), test);
        if (name == "states" || name == "waits") return of_states(test);
        if (name == "policies") return of_policies(*fresh(), test);
        if (name == "files") return compared(Json(fresh()->file(test["text"])), test["values"]);
        if (name == "typed") return of_typed(*fresh(), test);
        if (name == "stores") return compared(of_store(*fresh(), test["text"]), test["expect"]);
        std::filesystem::remove_all(here), std::filesystem::create_directory(here);
        return Stage(*fresh(), file("play"), test, file("leases"), here).wrong(test);
    }

    const Json& case_of(const std::string& name, const std::string& of) {
        for (const Json& test : file(name)["cases"])
            if (test["name"] == of) return test;
        throw std::runtime_error("There is no case " + of + " in " + name + ".");
    }

    const Json& file(const std::string& name) {
        if (!files.count(name)) files[name] = Json::parse(text_at(std::filesystem::u8path(folder + "/" + name + ".json")));
        return files[name];
    }

  private:
    std::string folder;
    std::filesystem::path here = std::filesystem::temp_directory_path() / ("cloud-licence-" + random_hex(16));
    std::map<std::string, Json> files;

    static std::string compared(const Json& found, const Json& expected) {
        return found == expected ? "" : written(found) + ", not " + written(expected);
    }

    std::string verdict(Calls& calls, const Json& test) {
        const Json& leases = file("leases");
        auto who = [&](const char* name) { return text_of(test.value(name, leases[name])); };
        Program program;
        program.pinned_keys = leases["keys"], program.software = text_in(test, "product");
        return calls.lease(test["lease"], program, {who("machine_name"), who("username"), ""}, test["now"]);
    }

    static std::string of_clock(const Json& test) {
        const Json& seen = member(test, "seen");
        auto before = seen.is_null() ? std::nullopt : std::optional(Seen{seen["at"], seen["monotonic"]});
        double now = now_by(test["clock"], test["ahead"], test.value("monotonic", 0.0), before);
        return compared({now, was_turned_back(now, test["latest"])}, {test["now"].get<double>(), test["is_turned_back"]});
    }

    static std::string of_answer(Calls& calls, const Json& test) {
        Response response;
        response.status = test["status"], response.content_type = test["content_type"], response.retry_after = test["retry_after"];
        response.x_request_id = test["x_request_id"], response.body = test["body"];
        Asked asked{test["request_id"], test["asks_for"] == "seat", test["session"]};
        const Json expected = calls.told(test["asks_for"], test["expect"]);
        return compared(part_of(calls.answer(response, asked), expected), expected);
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

    static Situation after(const Json& step, const Situation& before, const Session& session) {
        double at = step["at"];
        if (step["do"] == "hear") return hear(before, heard(step["answer"], at, session), at, text_in(step, "draw") == "highest" ? highest : lowest);
        if (step["do"] == "pass") return pass_time(before, at);
        return start(at, step.value("grace_until", 0.0), step.value("has_session", false) ? session : Session(), step.value("clock_is_trusted", true));
    }

    std::string of_states(const Json& test) {
        const Session session = session_of(file("states")["session"]);
        Situation s;
        Telling how{test.value("language", "en"), test.value("contact", "Ask Priya Shah."), {}, "", "", true};
        for (const Json& step : test["steps"]) {
            s = after(step, s, session);
            const Json holds{{"state", name_of(s.state)}, {"is_open", s.is_open}, {"has_session", bool(s.session)},
                             {"grace_until", s.grace_until}, {"talk_at", s.talk_at ? Json(*s.talk_at) : Json()},
                             {"code", s.code}, {"message", whole(message_of(s, how))}};
            if (std::string wrong = compared(part_of(holds, step["expect"]), step["expect"]); !wrong.empty()) return wrong;
        }
        return "";
    }

    static std::string of_policies(Calls& calls, const Json& test) {
        Levels found;
        for (const auto& [level, values] : test["levels"].items()) found[level] = values_of(values);
        Policy policy = calls.policy(found), expected = effective({});
        for (const auto& [name, value] : test["effective"].items())
            expected.values[name] = value.is_boolean() ? (value.get<bool>() ? "1" : "0") : values_of(Json{{name, value}})[name];
        return compared({policy.values, policy.sources}, {calls.told("policies", Json(expected.values)), test["sources"]});
    }

    static std::string of_typed(Calls& calls, const Json& test) {
        auto found = calls.typed(test["kind"], test["typed"]);
        return compared(found ? Json(*found) : Json(), test["expect"]);
    }

    std::string of_store(Calls& calls, const std::string& text) {
        const std::string found = calls.store(text, {file("stores")["machine_name"], file("stores")["username"], ""});
        return found == "toonew" ? "too_new" : found;
    }
};

}  // namespace cloud_licence
