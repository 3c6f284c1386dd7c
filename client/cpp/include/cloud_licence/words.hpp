// Words: what people read, in their language, from the one table that every client ships.
#pragma once

#include <ctime>
#include <map>

#include "clocks.hpp"
#include "tables.hpp"
#include "unicode.hpp"

namespace cloud_licence {

inline const Json& all_words() {
    static const Json& found = *new const Json([] {  // never destroyed: a thread may speak while the process ends
        std::string text;
        for (const char* part : words_in_parts) text += part;
        return read_json(text);
    }());
    return found;
}

inline const Json& words_in(const std::string& language) {  // those of English if there are none
    const Json& found = member(all_words(), in_small_letters(language.substr(0, language.find('-'))));
    return found.is_object() ? found : member(all_words(), "en");
}

inline bool has_words(const std::string& name) { return member(all_words(), "en").contains(name); }

using Fillings = std::map<std::string, std::string>;

// The words of that name, with these values in their places.
inline std::string say(const std::string& language, const std::string& name, const Fillings& values = {}) {
    std::string text = text_in(words_in(language), name), made;
    for (size_t at = 0; at < text.size();) {
        size_t open = text.find('{', at), close = text.find('}', open);
        made += text.substr(at, open - at);
        if (open == std::string::npos || close == std::string::npos) break;
        auto found = values.find(text.substr(open + 1, close - open - 1));
        made += found == values.end() ? "" : found->second;
        at = close + 1;
    }
    return made;
}

inline std::tm utc_of(double at) {
    long long seconds = (long long)(at), days = seconds / 86400, rest = seconds % 86400;
    Day day = day_of(days);
    std::tm made{};
    made.tm_year = int(day.year - 1900), made.tm_mon = day.month - 1, made.tm_mday = day.day;
    made.tm_hour = int(rest / 3600), made.tm_min = int(rest / 60 % 60), made.tm_wday = int((days + 4) % 7);
    return made;
}

inline std::tm local_of(double at) {
    std::time_t seconds = std::time_t(at);
    std::tm made{};
#ifdef _WIN32
    return localtime_s(&made, &seconds) == 0 ? made : utc_of(at);
#else
    return localtime_r(&seconds, &made) ? made : utc_of(at);
#endif
}

// As people read it on their own computer: Thu 26 Nov, 14:05.
inline std::string moment_in_words(const std::string& language, double at, bool in_utc) {
    double bound = std::max(0.0, std::min(at, 250e9));  // in the year 9892
    std::tm local = in_utc ? utc_of(bound) : local_of(bound);
    char hour[16], minute[16];
    std::snprintf(hour, sizeof hour, "%02d", local.tm_hour), std::snprintf(minute, sizeof minute, "%02d", local.tm_min);
    const Json& words = words_in(language);
    return say(language, "moment", {{"weekday", text_of(words["weekdays"][size_t(local.tm_wday + 6) % 7])},
                                    {"day", std::to_string(local.tm_mday)},
                                    {"month", text_of(words["months"][size_t(local.tm_mon)])},
                                    {"hour", hour}, {"minute", minute}});
}

inline std::string day_in_words(const std::string& language, const Day& day) {  // 1 Dec 2026
    return say(language, "date", {{"day", std::to_string(day.day)}, {"year", std::to_string(day.year)},
                                  {"month", text_of(words_in(language)["months"][size_t(day.month - 1)])}});
}

}  // namespace cloud_licence
