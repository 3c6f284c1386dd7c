// Messages: what the user reads, whom to ask, and what support can look up.
#pragma once

#include "states.hpp"
#include "words.hpp"

namespace cloud_licence {

struct Message { std::string text, contact, reference; };

struct Telling {  // how it is told, and what it is about beside the situation
    std::string language = "en", contact;
    Texts without;               // features without which the program could open
    std::string address, proxy;  // that were asked, as people may see them
    bool in_utc = false;
};

inline std::string joined(const Texts& texts, const std::string& between) {
    std::string made;
    for (const std::string& text : texts)
        if (!text.empty()) made += (made.empty() ? "" : between) + text;
    return made;
}

inline std::string listed(const Json& value) {
    Texts items;
    for (const Json& item : value.is_array() ? value : Json::array())
        items.push_back(item.is_string() ? item.get<std::string>() : written(item));
    return joined(items, ", ");
}

// A fact as people read it; empty if there is none, or it makes no sense.
inline std::string as_shown(const std::string& fact, const Json& value, const Telling& how) {
    auto ends_in = [&](const std::string& end) { return fact.size() > 3 && fact.compare(fact.size() - 3, 3, end) == 0; };
    try {
        if (ends_in("_on")) return day_in_words(how.language, read_day(text_of(value)));
        if (ends_in("_at")) return moment_in_words(how.language, moment(text_of(value)), how.in_utc);
    } catch (const Malformed&) { return ""; }
    if (value.is_array()) return listed(value);
    return value.is_string() ? value.get<std::string>() : value.is_number() && value != 0 ? written(value) : "";
}

inline Texts facts_in_words(const Situation& s, const Telling& how) {
    Texts made;
    for (const std::string& fact : fact_names) {
        std::string name = "fact." + s.code + "." + fact;
        if (!has_words(name)) continue;
        std::string shown = as_shown(fact, member(s.facts, fact), how);
        if (!shown.empty()) made.push_back(say(how.language, name, {{fact, shown}}));
    }
    return made;
}

inline std::string cause_in_words(const std::string& code, const Telling& how) {
    return say(how.language, "cause." + (causes.count(code) ? code : "unreachable"));
}

inline std::string refusal_in_words(const Situation& s, const Telling& how) {
    std::string name = "refusal." + s.code;
    if (s.code == "pool_exhausted" && text_in(s.facts, "scope") == "feature")
        return say(how.language, name + ".feature", {{"features", listed(member(s.facts, "features"))}});
    return has_words(name) ? say(how.language, name) : s.detail;
}

inline std::string whole_seconds(const Json& value) {
    if (!value.is_number()) return value.is_string() ? value.get<std::string>() : "60";
    return std::to_string((long long)(std::nearbyint(value.get<double>())));
}

inline Texts denied_in_words(const Situation& s, const Telling& how) {
    if (causes.count(s.code)) {
        std::string wait = s.facts.contains("retry_after") ? whole_seconds(s.facts["retry_after"]) : "60";
        return {cause_in_words(s.code, how), say(how.language, "mend." + s.code, {{"retry_after", wait}})};
    }
    Texts made{refusal_in_words(s, how), joined(facts_in_words(s, how), " ")};
    bool asks_on = s.talk_at && !ends_the_lease.count(s.code);
    if (s.is_open) made.push_back(say(how.language, asks_on ? "then.asks_on" : "then.goes_on"));
    else if (has_words("then." + s.code)) made.push_back(say(how.language, "then." + s.code));
    return made;
}

inline Texts released_in_words(const Situation& s, const Telling& how) {
    std::string name = "released." + s.code, reason = "reason." + text_in(s.facts, "reason");
    Texts why{say(how.language, has_words(name) ? name : "released"), has_words(reason) ? say(how.language, reason) : "",
              joined(facts_in_words(s, how), " ")};
    bool is_moved = text_in(s.facts, "reason") == "moved";
    return {say(how.language, is_moved ? "state.released.moved" : "state.released", {{"why", joined(why, " ")}})};
}

inline Texts offline_in_words(const Situation& s, const Telling& how) {
    if (s.state == State::grace_over && s.code == "clock_turned_back")
        return {refusal_in_words(s, how), say(how.language, "then.until_closed")};
    std::string until = moment_in_words(how.language, s.grace_until, how.in_utc);
    Texts made{say(how.language, "state." + name_of(s.state), {{"cause", cause_in_words(s.code, how)}, {"until", until}})};
    if (s.code == "no_service") made.push_back(say(how.language, "mend.no_service_offline"));  // no waiting mends it
    return made;
}

inline Texts sentences(const Situation& s, const Telling& how) {
    std::string key = "key." + s.code;
    switch (s.state) {
        case State::unreachable: case State::grace_over: return offline_in_words(s, how);
        case State::released: return released_in_words(s, how);
        case State::denied: return denied_in_words(s, how);
        case State::key_replaced:
            return {has_words(key) ? say(how.language, key) : s.detail,
                    say(how.language, s.is_open ? "key.at_next_start" : "key.enter_new")};
        case State::starting: case State::licensed: break;
    }
    return {say(how.language, "state." + name_of(s.state))};
}

// Who was asked, where that is of use: the program does not open, or the address is what is wrong.
inline std::string asked_in_words(const Situation& s, const Telling& how) {
    bool is_useful = (s.state == State::denied || s.code == "no_service") && causes.count(s.code);
    if (how.address.empty() || !is_useful) return "";
    return say(how.language, how.proxy.empty() ? "asked" : "asked.proxy", {{"address", how.address}, {"proxy", how.proxy}});
}

inline Message message_of(const Situation& s, const Telling& how) {
    static const auto& mended_alone = *new const std::set<std::string>{"captive_portal", "clock_turned_back", "rate_limited",
                                                    "service_trouble", "timed_out", "unreachable"};
    Texts said = sentences(s, how);
    said.push_back(asked_in_words(s, how));
    if (!how.without.empty()) said.push_back(say(how.language, "then.without", {{"without", joined(how.without, ", ")}}));
    bool needs_somebody = (s.state == State::denied || s.state == State::key_replaced) && !mended_alone.count(s.code);
    std::string ask = how.contact.empty() ? text_in(s.facts, "contact") : how.contact;
    return {joined(said, " "), needs_somebody ? ask : "",
            s.reference.empty() ? "" : say(how.language, "reference", {{"reference", s.reference}})};
}

inline std::string whole(const Message& message) { return joined({message.text, message.contact, message.reference}, "\n"); }

}  // namespace cloud_licence
