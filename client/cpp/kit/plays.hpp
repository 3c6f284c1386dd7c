// Plays of the conformance kit: programs that start, run and end on one computer, and a service that answers them.
// See play.json.
#pragma once

#include "cloud_licence/program.hpp"

namespace cloud_licence {

inline double lowest(double least, double) { return least; }
inline double highest(double, double most) { return most; }

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
    return text;
}

inline Json part_of(const Json& all, const Json& named) {  // null for what is not there
    Json made = object();
    for (const auto& [name, ignored] : named.items()) made[name] = member(all, name);
    return made;
}

inline Values values_of(const Json& told) {  // of a policy, where numbers may be written as such
    Values made;
    for (const auto& [name, value] : told.items()) made[name] = value.is_string() ? value.get<std::string>() : value.dump();
    return made;
}

// An answer as the kit writes it.
inline Json shown(const Answer& a) {
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

// What a play asks the library for: its functions. by_c.cpp has those of the C interface in their place.
struct Calls {
    virtual ~Calls() = default;
    virtual Outcome open(const std::string&, const Program& program, const World& world) { return open_licence(program, world); }
    virtual Outcome again(const std::string&, const Program& program, const World& world) { return open_licence(program, world, true); }
    virtual Outcome look(const std::string&, const Program& program, const World& world, double within) {
        return cloud_licence::look(program, world, within);
    }
    virtual Outcome close(const std::string&, const Program& program, const World& world) { return cloud_licence::close(program, world); }
    virtual Outcome move(const std::string&, const Program& program, const World& world) { return cloud_licence::move(program, world); }
    virtual Outcome take(const std::string&, const Program& program, const Texts& features, const World& world) {
        return take_features(program, features, world);
    }
    virtual void kill(const std::string&) {}  // that process

    // Beside plays: what a lease says, what somebody typed, and whether it can be told what an answer means.
    virtual std::string lease(const std::string& text, const Program& program, const Identity& who, double at) {
        try {
            Lease found = verified(text, program.pinned_keys, who.machine_name, who.username, program.software);
            return runs_at(found, at) ? "runs" : at >= found.until ? "over" : "not_yet";
        } catch (const LeaseNotValid& why) { return why.what(); }
    }
    virtual std::optional<std::string> typed(const std::string& kind, const std::string& text) {
        return kind == "serial_number" ? serial_number_of(text) : product_key_of(text);
    }
    virtual Json answer(const Response& response, const Asked& asked) { return shown(understood(response, asked)); }
    virtual Values file(const std::string& text) { return lines_of(text); }
    virtual Policy policy(const Levels& found) { return effective(found); }
    virtual std::string store(const std::string& text, const Identity& who) {
        try { read_record(text, who.machine_name, who.username); }
        catch (const NotUsable& why) { return why.what(); }
        return "usable";
    }
    virtual Json told(const std::string&, const Json& expected) const { return expected; }  // what of it they tell
};

class Stage {
  public:
    Stage(Calls& calls, const Json& play, const Json& test, const Json& leases, const std::filesystem::path& folder)
        : calls(calls), play(play), leases(leases), folder(folder), who(play["who"]), policy(play["policy"]), told(play["program"]) {
        change(test);
        world.identity = [this] { return Identity{text_in(who, "machine_name"), text_in(who, "username"), text_in(who, "os_session")}; };
        world.machine_id = [this] { return text_in(who, "machine_id"); };
        world.mark_of = [this](long pid) { return std::string(is_running(pid) ? "running" : ""); };
        world.clock = [this] { return clock; };
        world.monotonic = [this] { return at; };
        world.uniform = lowest, world.memory = std::make_shared<Memory>();
        world.folder = [this](const std::string&, const std::string&) { return state(); };
        world.policy = [this](const std::string&, const std::string&) { return effective({{"machine policy", values_of(policy)}}); };
        world.send = [this](const Way&, const Request& request) { return answer(request); };
        if (!member(who, "can_write").get<bool>()) std::ofstream(state()) << "a file";
    }

    // What is wrong in the steps, or nothing.
    std::string wrong(const Json& test) {
        for (const Json& step : test["steps"]) {
            trouble = "";
            const Json holds = play_step(step), expected = calls.told(step["do"], step.value("expect", object()));
            if (asked != exchanges.size()) trouble += " requests: " + std::to_string(asked) + ", not " + std::to_string(exchanges.size());
            const Json found = part_of(holds, expected);
            if (found != expected) trouble += " " + written(found) + ", not " + written(expected);
            if (!trouble.empty()) return step["do"].get<std::string>() + " at " + written(step["at"]) + ":" + trouble;
        }
        return "";
    }

  private:
    Calls& calls;
    const Json &play, &leases;
    std::filesystem::path folder;
    Json who, policy, told;
    World world;
    std::map<std::string, Program> programs;  // by the name of their process
    long next_pid = 101;
    std::string trouble;
    double at = 0, clock = 0;
    Json exchanges = Json::array();
    size_t asked = 0;
    std::map<std::string, std::string> names;  // of what was made at random
    std::set<std::string> request_ids;

    std::filesystem::path state() const { return folder / "state"; }

    bool is_running(long pid) const {
        return std::any_of(programs.begin(), programs.end(), [&](const auto& each) { return each.second.holder == pid; });
    }

    void change(const Json& by) {
        who.merge_patch(member(by, "who").is_null() ? object() : by["who"]);
        for (auto [name, into] : {std::pair("policy", &policy), std::pair("program", &told)})
            for (const auto& [field, value] : member(by, name).items()) (*into)[field] = value;
    }

    Program described(long holder) const {
        Program made;
        made.version = text_in(told, "version"), made.software = text_in(told, "software");
        made.features = texts_of(told.value("features", Json::array()));
        made.optional_features = texts_of(told.value("optional_features", Json::array()));
        for (const Json& key : leases["keys"])
            for (const Json& kid : member(told, "pinned_keys"))
                if (key["kid"] == kid) made.pinned_keys.push_back(key);
        made.language = text_in(who, "language").substr(0, 2), made.holder = holder;
        return made;
    }

    Program asking(const std::string& process) const {  // as the case has it now, with the policy of its start
        auto found = programs.find(process);
        Program made = described(found == programs.end() ? 100 : found->second.holder);
        if (found != programs.end()) made.policy = found->second.policy;
        return made;
    }

    Json play_step(const Json& step) {
        at = step["at"], clock = step.value("clock", at);
        change(step);
        if (step.value("store", "") == "deleted") std::filesystem::remove(place_of_store(state(), world.identity()));
        exchanges = step.value("exchanges", Json::array()), asked = 0;
        const std::string verb = step["do"], process = step.value("process", "one");
        if (verb == "killed") {
            calls.kill(process), programs.erase(process);
            return what_holds(record().situation, std::nullopt);
        }
        if (verb == "open") {
            world.memory->seen.clear(), world.memory->unsaved.clear();  // a new process knows nothing
            programs[process] = described(next_pid++);
        }
        Outcome found = done(verb, process, step);
        if (verb == "open") programs[process].policy = found.policy;
        if (verb == "close" || (verb == "open" && !found.situation.is_open)) programs.erase(process);
        return what_holds(found.situation, found);
    }

    Outcome done(const std::string& verb, const std::string& process, const Json& step) {
        const Program program = asking(process);
        if (verb == "open") return calls.open(process, program, world);
        if (verb == "again") return calls.again(process, program, world);
        if (verb == "look") return calls.look(process, program, world, step.value("within", never));
        if (verb == "close") return calls.close(process, program, world);
        if (verb == "move") return calls.move(process, program, world);
        return calls.take(process, program, texts_of(member(step, "features")), world);
    }

    Record record() {
        Identity id = world.identity();
        std::string text = text_at(place_of_store(state(), id));
        Record anew = new_record(id.machine_name, id.username, id.os_session);
        auto unsaved = world.memory->unsaved.find(place_of_store(state(), id));
        if (unsaved != world.memory->unsaved.end() && can_write()) return unsaved->second;
        return text.empty() ? anew : read_record(text, id.machine_name, id.username);
    }
    bool can_write() const { return member(who, "can_write").get<bool>(); }

    Json what_holds(const Situation& s, const std::optional<Outcome>& found) {
        Record r = record();
        auto or_null = [&](const std::string& text) { return text.empty() ? Json() : Json(named(text)); };
        Json closes = Json::array();
        for (const UnsentClose& close : r.closes) closes.push_back(named(close.session.id));
        return {{"state", name_of(s.state)}, {"code", s.code}, {"is_open", s.is_open}, {"grace_until", s.grace_until},
                {"talk_at", s.talk_at ? Json(*s.talk_at) : Json()}, {"latest", r.latest},
                {"session", or_null(r.situation.session.id)}, {"pending", or_null(r.pending.session_id)},
                {"has_lease", !r.lease.empty()}, {"closes", closes},
                {"can_do_without", found ? found->can_do_without : Texts()}, {"new_key_waits", found && found->new_key_waits}};
    }

    // ---- The service -----------------------------------------------------------------------------------------------

    std::string named(std::string text) const {
        for (const auto& [made, name] : names) text = replaced(text, made, name);
        return text;
    }

    void learn(const std::string& kind, const std::string& made) {
        if (made.empty() || names.count(made)) return;
        auto is_of_kind = [&](const auto& each) { return each.second.rfind("{" + kind + " ", 0) == 0; };
        names[made] = "{" + kind + " " + std::to_string(1 + std::count_if(names.begin(), names.end(), is_of_kind)) + "}";
    }

    Response answer(const Request& request) {
        if (asked++ >= exchanges.size()) return none_because("unreachable");  // one too many
        const Json body = read_json(request.body), exchange = exchanges[asked - 1], wanted = exchange["sent"];
        learn("id", text_in(body, "session_id")), learn("device", text_in(body, "device_id"));
        const Json found = part_of(told_of(request, body, wanted), wanted);
        if (found != wanted) trouble += " " + written(found) + ", not " + written(wanted);
        std::string text = written(exchange["answer"]);
        for (const auto& [made, name] : names) text = replaced(text, name, made);
        return response(read_json(text), request.headers.at("X-Request-Id"));
    }

    Json told_of(const Request& request, const Json& body, const Json& wanted) {
        std::string path = request.url.substr(request.url.find('/', request.url.find("//") + 2)), query;
        if (size_t mark = path.find('?'); mark != std::string::npos) query = path.substr(mark + 1), path.resize(mark);
        Json headers = request.headers;
        const std::string& id = request.headers.at("X-Request-Id");
        bool is_fresh = request_ids.insert(id).second && id.size() >= 16 && id.size() <= 32 &&
                        id.find_first_not_of("0123456789abcdef") == std::string::npos;
        if (is_fresh) headers["X-Request-Id"] = "{fresh}";
        const Json shown = read_json(named(written(body)));
        bool has_time = query.rfind("ended_at=", 0) == 0;
        return {{"line", request.method + " " + named(path)}, {"body", shown},
                {"headers", part_of(headers, member(wanted, "headers"))}, {"fields", part_of(shown, member(wanted, "fields"))},
                {"authorization", authorization(request, text_in(wanted, "authorization"))},
                {"query", has_time ? Json::array({"ended_at"}) : Json::array()},
                {"ended_at", has_time ? Json(moment(query.substr(9))) : Json()}};
    }

    // Of a pair only the plain text is told, so the one that is wanted is coded to compare.
    static Json authorization(const Request& request, const std::string& wanted) {
        if (!request.headers.count("Authorization")) return Json();
        const std::string& found = request.headers.at("Authorization");
        bool is_pair = wanted.rfind("Basic ", 0) == 0 && found == "Basic " + base64(wanted.substr(6));
        return is_pair ? wanted : found;
    }

    Response response(const Json& told, const std::string& request_id) const {
        const std::string kind = told["kind"];
        if (kind == "no_answer") return none_because(told["code"].get<std::string>());
        Response made;
        if (kind != "stranger") made.x_request_id = request_id;
        if (told.contains("retry_after")) made.retry_after = told["retry_after"].is_string() ? told["retry_after"].get<std::string>() : told["retry_after"].dump();
        made.status = kind == "done" ? 204 : kind == "keys" ? 200 : told.value("status", 201);
        made.content_type = kind == "stranger" ? text_in(told, "content_type") : kind == "refused" ? "application/problem+json" : "application/json";
        if (kind == "stranger") made.body = told["body"].is_string() ? told["body"].get<std::string>() : written(told["body"]);
        if (kind == "granted") made.body = written(grant_of(told));
        if (kind == "refused") made.body = written(problem_of(told, request_id));
        if (kind == "keys") made.body = written(Json{{"keys", told["keys"]}});
        return made;
    }

    Json grant_of(const Json& told) const {
        Json made = play["grant"];
        const std::string name = told.value("lease", play["lease"].get<std::string>());
        for (const Json& lease : leases["cases"])
            if (lease["name"] == name) made["lease"] = lease["lease"], made["grace_until"] = rfc3339(lease["claims"]["exp"]);
        made["server_time"] = rfc3339(at);
        for (const auto& [field, ignored] : play["grant"].items()) if (told.contains(field)) made[field] = told[field];
        return made;
    }

    Json problem_of(const Json& told, const std::string& request_id) const {
        Json made = play["problem"];
        made["request_id"] = request_id, made["server_time"] = rfc3339(at);
        for (const char* field : {"status", "code", "retryable"}) made[field] = told[field];
        for (const auto& [name, value] : member(told, "facts").items()) made[name] = value;
        return made;
    }
};

}  // namespace cloud_licence
