// Answers: what came back from the network, and whether it came from the licensing service.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "clocks.hpp"

namespace cloud_licence {

using Texts = std::vector<std::string>;

struct Session {  // the token proves that it is ours
    std::string id, token;
    explicit operator bool() const { return !id.empty(); }
    bool operator==(const Session& other) const { return id == other.id && token == other.token; }
};

struct Response {
    int status = 0;                   // 0: there is none, and this is
    std::string why = "unreachable";  // why
    std::string content_type, retry_after, x_request_id, date, body;
};

struct Asked {
    std::string request_id;
    bool is_for_seat = false;  // a check-out or a refresh, which are granted; anything else is done
    std::string session;       // of a refresh
};

struct Answer {
    enum Kind { granted, done, refused, no_answer } kind = no_answer;
    std::string code = "unreachable", detail, reference;  // of a refusal, or why there is none
    bool is_retryable = false;
    double retry_after = 0;
    Json facts = object();  // what a refusal adds, as far as it can be shown
    Texts pointers;         // the fields of the request that were wrong
    Session session;        // of a grant, and so are these
    std::string lease, serial_number, licence_name, message;
    Texts features;
    double refresh_after = 0, grace_until = 0;
    double server_time = 0;  // of a grant, and of a refusal that tells it
};

// Why there is no answer.
inline const auto& causes = *new const std::set<std::string>{"unreachable",    "timed_out",       "certificate",  "captive_portal",
                                          "proxy_password", "service_trouble", "rate_limited", "no_service"};

// What some codes add that a message may show, in the order in which it is said.
inline const auto& fact_names = *new const Texts{"scope", "features", "seats", "in_use", "holders", "next_reclaim_at", "devices", "minimum_version",
                              "starts_on", "ends_on", "next_move_at", "reason", "ended_at", "contact"};

inline Answer nothing(const std::string& why, double wait = 0, const std::string& reference = "") {
    Answer made;
    made.code = why, made.retry_after = wait, made.reference = reference;
    return made;
}

inline double seconds_in(const std::string& retry_after) {  // an hour at most; 0 for anything but digits
    size_t first = retry_after.find_first_not_of(' '), last = retry_after.find_last_not_of(' ');
    if (first == std::string::npos) return 0;
    std::string text = retry_after.substr(first, last - first + 1);
    if (text.find_first_not_of("0123456789") != std::string::npos) return 0;
    return text.size() > 5 ? 3600.0 : std::min(std::stod(text), 3600.0);
}

inline Texts texts_of(const Json& value) {
    if (!value.is_array()) throw Malformed("no list");
    Texts made;
    for (const Json& item : value) made.push_back(text_of(item));
    return made;
}

// Throws Malformed for what is no session document.
inline Answer grant_in(const Json& told, const Asked& asked) {
    Answer made;
    const Json& licence = member(told, "licence");
    made.kind = Answer::granted, made.code = "";
    made.session = {text_of(member(told, "id")), text_of(member(told, "token"))};
    made.lease = text_of(member(told, "lease")), text_of(member(told, "usage_model"));
    made.serial_number = text_of(member(licence, "serial_number")), made.licence_name = text_of(member(licence, "name"));
    made.features = texts_of(member(told, "features")), made.message = text_in(told, "message");
    made.refresh_after = number_of(member(told, "refresh_after"));
    made.grace_until = moment(text_of(member(told, "grace_until")));
    made.server_time = moment(text_of(member(told, "server_time")));
    bool is_another = !asked.session.empty() && made.session.id != asked.session;
    if (is_another || made.refresh_after < 0) throw Malformed("another session");
    return made;
}

inline Answer grant(const Json& told, const Asked& asked, double wait) {
    try { return grant_in(told, asked); } catch (const Malformed&) { return nothing("no_service", wait); }
}

inline bool can_be_shown(const Json& value) {
    auto is_text = [](const Json& item) { return item.is_string(); };
    return value.is_string() || value.is_number() || (value.is_array() && std::all_of(value.begin(), value.end(), is_text));
}

inline double server_time_in(const Json& told) {  // 0 if it does not say it
    try { return moment(text_in(told, "server_time")); } catch (const Malformed&) { return 0; }
}

inline bool is_problem(const Response& response, const Json& told) {
    return response.status >= 400 && response.status < 500 && member(told, "status") == Json(response.status) &&
           response.content_type.rfind("application/problem+json", 0) == 0 && !text_in(told, "code").empty() &&
           !text_in(told, "request_id").empty() && member(told, "retryable").is_boolean();
}

// The refusal that a problem document of the service tells of.
inline Answer refusal(const Response& response, const Json& told, double wait) {
    static const auto& passing = *new const std::map<std::string, std::string>{  // what says nothing about the licence
        {"rate_limited", "rate_limited"}, {"request_too_slow", "timed_out"}, {"not_found", "no_service"},
        {"method_not_allowed", "no_service"}, {"https_required", "no_service"}, {"length_required", "no_service"}};
    if (!is_problem(response, told)) return nothing("no_service", wait);
    Answer made = nothing(text_in(told, "code"), wait, text_in(told, "request_id"));
    if (auto found = passing.find(made.code); found != passing.end()) return nothing(found->second, wait, made.reference);
    made.kind = Answer::refused, made.detail = text_in(told, "detail");
    made.is_retryable = member(told, "retryable").get<bool>(), made.server_time = server_time_in(told);
    for (const std::string& name : fact_names)
        if (can_be_shown(member(told, name))) made.facts[name] = member(told, name);
    const Json& errors = member(told, "errors");
    for (const Json& error : errors.is_array() ? errors : Json::array()) made.pointers.push_back(text_in(error, "pointer"));
    return made;
}

// Only the service itself answers: it repeats the id of the request.
inline bool is_of_service(const Response& response, const Asked& asked) {
    return response.status != 0 && !asked.request_id.empty() && response.x_request_id == asked.request_id;
}

// What a response means. Anything that is not the service's own is no answer.
inline Answer understood(const Response& response, const Asked& asked) {
    double wait = seconds_in(response.retry_after);
    if (response.status == 0) return nothing(response.why);
    if (response.status == 407) return nothing("proxy_password");
    if (response.status == 511) return nothing("captive_portal");
    bool is_ours = is_of_service(response, asked);
    const Json told = is_ours ? read_json(response.body) : Json();
    if (response.status >= 500) return nothing("service_trouble", wait, text_in(told, "request_id"));
    if (!is_ours) return nothing("captive_portal", wait);
    if (response.status == 204 && !asked.is_for_seat) {
        Answer made = nothing("");
        made.kind = Answer::done;
        return made;
    }
    bool is_grant = response.status == 200 || response.status == 201;
    return is_grant && asked.is_for_seat ? grant(told, asked, wait) : refusal(response, told, wait);
}

}  // namespace cloud_licence
