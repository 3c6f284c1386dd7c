// Plays of the conformance kit: programs that start, run and end on one computer, and a service that
// answers them. See play.json.
#pragma once

#include "cloud_licence/device.hpp"
#include "cloud_licence/policy.hpp"

namespace cloud_licence {

inline double lowest(double least, double) { return least; }

inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
    return text;
}

inline void merge(Json& into, const Json& changes) {
    for (const auto& [name, value] : changes.members) into.put(name) = value;
}

inline Json part_of(const std::map<std::string, Json>& all, const Json& named) {  // null for what is not there
    Json made;
    made.kind = Json::object;
    for (const auto& [name, ignored] : named.members) made.put(name) = all.count(name) ? all.at(name) : Json();
    return made;
}

class Stage {
  public:
    Stage(const Json& play, const Json& test, const Json& leases, const std::filesystem::path& folder)
        : play(play), leases(leases), folder(folder), who(play["who"]), policy(play["policy"]), program(play["program"]) {
        change(test);
        desk.clock = [this] { return clock; };
        desk.monotonic = [this] { return at; };
        desk.uniform = lowest;
        desk.new_id = new_uuid;
        desk.new_request_id = [] { return random_hex(32); };
        desk.device_id = [this] { return device_at(device_file(), who["machine_id"].str); };
        desk.is_clone = [this] { return is_of_another(text_of(device_file()), who["machine_id"].str); };
        desk.save = [this](const Kept& kept) { disk = written(kept); };
        desk.send = [this](const Request& request) { return answer(request); };
        std::ofstream(folder / "no-folder") << "a file";
    }

    // What is wrong in the steps, or nothing.
    std::string wrong(const Json& test) {
        for (const Json& step : test["steps"].items) {
            trouble = "";
            play_step(step);
            if (sent != exchanges.size()) trouble += " requests: " + std::to_string(sent) + ", not " + std::to_string(exchanges.size());
            const Json found = part_of(what_holds().members, step["expect"]);
            if (step.has("expect") && found != step["expect"]) trouble += " " + written(found) + ", not " + written(step["expect"]);
            if (!trouble.empty()) return step["do"].str + " at " + written(step["at"]) + ":" + trouble;
        }
        return "";
    }

  private:
    const Json &play, &leases;
    std::filesystem::path folder;
    Json who, policy, program;
    Desk desk;
    std::string disk, trouble;
    double at = 0, clock = 0;
    std::vector<Json> exchanges;
    size_t sent = 0;
    std::map<std::string, std::string> names;  // of what was made at random
    std::set<std::string> request_ids;

    std::filesystem::path device_file() const {
        return folder / (who["can_write"].is_true() ? "device.json" : "no-folder/device.json");
    }

    void change(const Json& by) {
        merge(who, by["who"]), merge(policy, by["policy"]), merge(program, by["program"]);
        Setting& t = desk.setting;
        t.machine_name = who["machine_name"].str, t.username = who["username"].str;
        t.language = who["language"].str.substr(0, 2);
        t.version = program["version"].str, t.product = program["software"].str;
        t.features.clear(), t.pinned = Json();
        for (const char* kind : {"features", "optional_features"})
            for (const Json& feature : program[kind].items) t.features.push_back(feature.str);
        for (const Json& kid : program["pinned_keys"].items)
            for (const Json& key : leases["keys"].items)
                if (key["kid"] == kid) t.pinned.items.push_back(key);
        if (desk.s.is_open && by["do"].str != "open") return;  // a process goes on with the policy of its start
        std::map<std::string, Values> found;
        for (const auto& [name, value] : policy.members) found["machine policy"][name] = value.str;
        Policy read = effective(found);
        t.serial_number = read["SerialNumber"], t.product_key = read["ProductKey"], t.service_url = read["ServiceUrl"];
    }

    void play_step(const Json& step) {
        at = step["at"].num, clock = step.has("clock") ? step["clock"].num : at;
        change(step);
        exchanges = step["exchanges"].items, sent = 0;
        const std::string& verb = step["do"].str;
        if (verb == "look") look(desk);
        if (verb == "close") end(desk);
        if (verb == "killed") desk.s = Situation();
        if (verb != "open") return;
        desk.seen = std::nullopt;  // a new process
        desk.kept = Kept();
        if (disk.empty()) desk.kept.machine_name = desk.setting.machine_name, desk.kept.username = desk.setting.username;
        else desk.kept = read(disk, desk.setting.machine_name, desk.setting.username);
        start(desk);
    }

    std::string named(std::string text) const {
        for (const auto& [made, name] : names) text = replaced(text, made, name);
        return text;
    }
    Json or_null(const std::string& text) const { return text.empty() ? Json() : Json(named(text)); }

    void learn(const std::string& kind, const std::string& made) {
        if (made.empty() || names.count(made)) return;
        int number = 1;
        for (const auto& [ignored, name] : names) number += name.rfind("{" + kind + " ", 0) == 0;
        names[made] = "{" + kind + " " + std::to_string(number) + "}";
    }

    Json what_holds() {
        Json made;
        auto flag = [](bool is_so) { Json json; json.kind = Json::boolean, json.num = is_so; return json; };
        made.put("state") = desk.s.state, made.put("code") = desk.s.code, made.put("is_open") = flag(desk.s.is_open);
        made.put("talk_at") = desk.s.talk_at ? Json(*desk.s.talk_at) : Json();
        made.put("grace_until") = desk.s.grace_until, made.put("latest") = desk.kept.latest;
        made.put("session") = or_null(desk.kept.session), made.put("pending") = or_null(desk.kept.pending);
        made.put("has_lease") = flag(!desk.kept.lease.empty()), made.put("closes").kind = Json::list;
        for (const UnsentClose& close : desk.kept.closes) made.put("closes").items.push_back(named(close.session));
        return made;
    }

    Response answer(const Request& request) {
        Response none;
        if (sent++ >= exchanges.size()) return none;  // one too many
        Json body;
        if (!request.body.empty()) body = JsonReader::read(request.body);
        learn("id", body["session_id"].str), learn("device", body["device_id"].str);
        const Json exchange = JsonReader::read(written(exchanges[sent - 1]));
        const Json found = part_of(told(request, body, exchange["sent"]).members, exchange["sent"]);
        if (found != exchange["sent"]) trouble += " " + written(found) + ", not " + written(exchange["sent"]);
        std::string text = written(exchange["answer"]);
        for (const auto& [made, name] : names) text = replaced(text, name, made);
        return response(JsonReader::read(text), request.headers.at("X-Request-Id"));
    }

    Json told(const Request& request, const Json& body, const Json& wanted) {
        std::string path = request.url.substr(request.url.find('/', request.url.find("//") + 2)), query;
        if (size_t mark = path.find('?'); mark != std::string::npos) query = path.substr(mark + 1), path.resize(mark);
        std::map<std::string, Json> headers(request.headers.begin(), request.headers.end());
        const std::string& id = request.headers.at("X-Request-Id");
        bool is_fresh = request_ids.insert(id).second && id.size() >= 16 && id.size() <= 32 &&
                        id.find_first_not_of("0123456789abcdef") == std::string::npos;
        if (is_fresh) headers["X-Request-Id"] = "{fresh}";
        Json made, shown = body.kind == Json::null ? body : JsonReader::read(named(written(body)));
        made.put("line") = request.method + " " + named(path), made.put("body") = shown;
        made.put("headers") = part_of(headers, wanted["headers"]), made.put("fields") = part_of(shown.members, wanted["fields"]);
        made.put("authorization") = authorization(request, wanted["authorization"].str);
        made.put("query").kind = Json::list, made.put("ended_at");
        if (query.rfind("ended_at=", 0) == 0) made.put("query").items.push_back("ended_at"), made.put("ended_at") = moment(query.substr(9));
        return made;
    }

    // Of a pair only the plain text is told, so the one that is wanted is coded to compare.
    static Json authorization(const Request& request, const std::string& wanted) {
        if (!request.headers.count("Authorization")) return Json();
        const std::string& found = request.headers.at("Authorization");
        bool is_pair = wanted.rfind("Basic ", 0) == 0 && found == "Basic " + base64(wanted.substr(6));
        return is_pair ? wanted : found;
    }

    Response response(const Json& told, const std::string& request_id) const {
        Response made;
        made.why = told["code"].str;
        if (told["kind"].str == "no_answer") return made;
        if (told["kind"].str != "stranger") made.x_request_id = request_id;
        if (told.has("retry_after")) made.retry_after = written(told["retry_after"]);
        made.status = told.has("status") ? int(told["status"].num) : 201;
        made.content_type = told["content_type"].str, made.body = told["body"].str;
        if (told["kind"].str == "done") made.status = 204;
        if (told["kind"].str == "granted") made.content_type = "application/json", made.body = written(grant_of(told));
        if (told["kind"].str == "refused") made.content_type = "application/problem+json", made.body = written(problem_of(told, request_id));
        if (told["kind"].str != "keys") return made;
        Json keys;
        keys.put("keys") = told["keys"];
        made.status = 200, made.content_type = "application/json", made.body = written(keys);
        return made;
    }

    Json grant_of(const Json& told) const {
        Json made = play["grant"];
        const std::string& name = told.has("lease") ? told["lease"].str : play["lease"].str;
        for (const Json& lease : leases["cases"].items)
            if (lease["name"].str == name)
                made.put("lease") = lease["lease"], made.put("grace_until") = rfc3339(lease["claims"]["exp"].num);
        made.put("server_time") = rfc3339(at);
        for (const auto& [field, ignored] : play["grant"].members) if (told.has(field)) made.put(field) = told[field];
        return made;
    }

    Json problem_of(const Json& told, const std::string& request_id) const {
        Json made = play["problem"];
        made.put("request_id") = request_id, made.put("server_time") = rfc3339(at);
        for (const char* field : {"status", "code", "retryable"}) made.put(field) = told[field];
        merge(made, told["facts"]);
        return made;
    }
};

}  // namespace cloud_licence
