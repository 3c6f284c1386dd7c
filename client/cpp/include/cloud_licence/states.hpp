// States: what follows from what. They know no clock, network or disk, and the conformance kit tries them.
// Times are seconds since 1970 by the service's clock. Nothing here ever closes the program.
#pragma once

#include "answers.hpp"

namespace cloud_licence {

enum class State { starting, licensed, unreachable, grace_over, denied, released, key_replaced };

inline const auto& state_names = *new const Texts{"starting", "licensed", "unreachable", "grace_over", "denied", "released", "key_replaced"};

inline const std::string& name_of(State state) { return state_names[size_t(state)]; }

inline State state_named(const std::string& name) {
    auto found = std::find(state_names.begin(), state_names.end(), name);
    if (found == state_names.end()) throw Malformed("no state");
    return State(found - state_names.begin());
}

inline const auto& session_is_gone = *new const std::set<std::string>{"session_released", "session_ended", "session_unknown", "token_invalid"};
inline const auto& key_is_gone = *new const std::set<std::string>{"key_superseded", "key_revoked"};
// After these a program that is open will not open offline again. A start spends its lease on any refusal.
inline const auto& ends_the_lease = *new const std::set<std::string>{
    "key_superseded",  "key_revoked",         "access_blocked", "device_limit",     "licence_closed",
    "licence_expired", "licence_suspended", "session_ended",  "session_released", "session_unknown"};

using Uniform = double (*)(double least, double most);  // a random number between two

struct Situation {
    State state = State::starting;
    bool is_open = false;
    Session session;
    double grace_until = 0;
    std::optional<double> talk_at;  // when to ask next; none: not by itself
    int tries = 0;
    bool clock_is_trusted = true;
    std::string code, detail, reference;  // of the last refusal or failure
    Json facts = object();
};

inline Situation start(double now, double grace_until, const Session& session, bool clock_is_trusted) {
    Situation made;
    made.talk_at = now, made.grace_until = grace_until, made.session = session, made.clock_is_trusted = clock_is_trusted;
    return made;
}

// Later each time, at least as long as the service asks, and not all at once.
inline double later(const Situation& s, double retry_after, double now, Uniform uniform) {
    double wait = std::min(30.0 * std::pow(2.0, std::min(s.tries, 5)), 900.0);
    return now + std::max(retry_after, wait) * uniform(1.0, 1.5);
}

// Before a full pool as long as it says, never later each time: a seat may come back any moment.
inline double until_a_seat(double retry_after, double now, Uniform uniform) {
    return now + (retry_after > 0 ? retry_after : 30.0) * uniform(1.0, 1.5);
}

inline Situation told(Situation s, const Answer& answer) {
    s.code = answer.code, s.reference = answer.reference, s.detail = answer.detail, s.facts = answer.facts;
    if (!s.is_open || ends_the_lease.count(answer.code)) s.grace_until = 0;
    return s;
}

// The program stays open and soon asks for another, unless the user moved the licence away: that would bind
// this device again.
inline Situation lose_session(Situation s, double now, Uniform uniform) {
    s.state = State::released, s.session = {}, s.tries = 0, s.talk_at = now + uniform(1, 30);
    if (text_in(s.facts, "reason") == "moved") s.talk_at = std::nullopt;
    return s;
}

inline Situation refuse(const Situation& before, const Answer& answer, double now, Uniform uniform) {
    Situation s = told(before, answer);
    if (session_is_gone.count(answer.code) && s.is_open && s.session) return lose_session(s, now, uniform);
    bool is_full = answer.code == "pool_exhausted", asks_again = answer.is_retryable || s.session;
    if (is_full) s.talk_at = until_a_seat(answer.retry_after, now, uniform);
    else s.talk_at = asks_again ? std::optional(later(s, answer.retry_after, now, uniform)) : std::nullopt;
    s.state = key_is_gone.count(answer.code) ? State::key_replaced : State::denied;
    s.tries = is_full ? 1 : s.tries + 1;
    return s;
}

inline bool holds_what_was_said(const Situation& s) {
    return s.is_open && (s.state == State::denied || s.state == State::released || s.state == State::key_replaced);
}

// No word from the service: the lease decides whether the program opens.
inline Situation be_alone(Situation s, const Answer& answer, double now, Uniform uniform) {
    s.talk_at = later(s, answer.retry_after, now, uniform);
    ++s.tries;
    if (holds_what_was_said(s)) return s;
    s.code = answer.code, s.reference = answer.reference, s.detail = "", s.facts = object();
    if (answer.retry_after > 0) s.facts["retry_after"] = answer.retry_after;
    bool has_lease = now < s.grace_until;
    bool is_over = s.is_open && s.state == State::grace_over;  // and stays so, whatever the clock says
    if (has_lease && s.clock_is_trusted && !is_over) {
        s.state = State::unreachable, s.is_open = true;
        return s;
    }
    if (has_lease && !s.clock_is_trusted) s.code = "clock_turned_back";
    s.state = s.is_open ? State::grace_over : State::denied;
    return s;
}

inline Situation hold(const Answer& answer, double now, Uniform uniform) {
    Situation held;
    held.state = State::licensed, held.is_open = true, held.session = answer.session;
    held.grace_until = answer.grace_until, held.talk_at = now + answer.refresh_after * uniform(0.9, 1.0);
    return held;
}

// How things stand once the service has answered a check-out or a refresh, or has not.
inline Situation hear(const Situation& s, const Answer& answer, double now, Uniform uniform) {
    switch (answer.kind) {
        case Answer::granted: return hold(answer, now, uniform);
        case Answer::refused: return refuse(s, answer, now, uniform);
        case Answer::no_answer: return be_alone(s, answer, now, uniform);
        case Answer::done: break;
    }
    return s;
}

// While the clock is turned back only the service can say whether the lease still runs.
inline Situation judge_clock(Situation s, double now, bool is_trusted) {
    s.clock_is_trusted = is_trusted;
    if (!is_trusted && (s.state == State::licensed || s.state == State::unreachable)) s.talk_at = now;
    return s;
}

inline Situation pass_time(Situation s, double now) {  // a grace period ends by itself
    if (s.state == State::unreachable && now >= s.grace_until) s.state = State::grace_over;
    return s;
}

inline bool is_due(const Situation& s, double now) { return s.talk_at && *s.talk_at <= now; }

// The features for which a program was refused, if it can do without all of them.
inline Texts can_do_without(const Situation& s, const Texts& optional) {
    bool is_about_features = s.code == "feature_not_licensed" || (s.code == "pool_exhausted" && text_in(s.facts, "scope") == "feature");
    if (s.is_open || !is_about_features) return {};
    Texts refused;
    for (const Json& feature : member(s.facts, "features")) refused.push_back(feature.is_string() ? feature.get<std::string>() : "");
    auto is_optional = [&](const std::string& name) { return std::count(optional.begin(), optional.end(), name) > 0; };
    return std::all_of(refused.begin(), refused.end(), is_optional) ? refused : Texts();
}

}  // namespace cloud_licence
