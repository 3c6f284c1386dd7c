// Clocks: what time it is by the service's clock, as far as it is known, and how times are written.
#pragma once

#include <algorithm>
#include <cstdio>
#include <optional>
#include <string>

#include "json.hpp"

namespace cloud_licence {

constexpr double clock_tolerance = 300;  // seconds by which a clock may go back or be behind

struct Seen { double at, monotonic; };  // a time by the service's clock, and the monotonic clock's then

// The service's time: by the computer's clock, and never less than has passed since the last look.
inline double now_by(double clock, double ahead, double monotonic, const std::optional<Seen>& seen) {
    double now = clock + ahead;
    return seen ? std::max(now, seen->at + monotonic - seen->monotonic) : now;
}

inline bool was_turned_back(double now, double latest) { return now < latest - clock_tolerance; }

struct Day { long long year; int month, day; };

// Days since 1970 and back, by H. Hinnant's formulas.
inline long long days_of(const Day& date) {
    long long year = date.year - (date.month <= 2), era = (year >= 0 ? year : year - 399) / 400, of_era = year - era * 400;
    long long of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

inline Day day_of(long long days) {
    days += 719468;
    long long era = (days >= 0 ? days : days - 146096) / 146097, of_era = days - era * 146097;
    long long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long long of_year = of_era - (365 * year + year / 4 - year / 100), part = (5 * of_year + 2) / 153;
    int month = int(part < 10 ? part + 3 : part - 9);
    return {year + era * 400 + (month <= 2), month, int(of_year - (153 * part + 2) / 5 + 1)};
}

// A day as in 2026-12-01. Throws Malformed.
inline Day read_day(const std::string& text) {
    int year = 0, month = 0, day = 0, used = 0;
    if (std::sscanf(text.c_str(), "%4d-%2d-%2d%n", &year, &month, &day, &used) != 3 || used != 10 || text.size() < 10)
        throw Malformed("no day");
    Day made{year, month, day};
    if (month < 1 || month > 12 || day < 1 || year < 1) throw Malformed("no such day");
    Day back = day_of(days_of(made));
    if (back.month != month || back.day != day) throw Malformed("no such day");
    return made;
}

// An RFC 3339 time with a zone, as seconds since 1970; the program's locale has no say in it. Throws Malformed.
inline double moment(const std::string& text) {
    int hour = 0, minute = 0, second = 0, used = 0;
    if (text.size() < 20 || std::sscanf(text.c_str() + 10, "T%2d:%2d:%2d%n", &hour, &minute, &second, &used) != 3)
        throw Malformed("no time");
    if (hour < 0 || minute < 0 || second < 0 || hour > 23 || minute > 59 || second > 59) throw Malformed("no such time");
    size_t at = 10 + size_t(used);
    double fraction = 0, place = 0.1;
    if (text[at] == '.')
        for (++at; text[at] >= '0' && text[at] <= '9'; ++at, place /= 10) fraction += (text[at] - '0') * place;
    std::string zone = text.substr(at);
    int hours = 0, minutes = 0, end = 0;
    bool is_offset = std::sscanf(zone.c_str(), "%3d:%2d%n", &hours, &minutes, &end) == 2 && size_t(end) == zone.size();
    if (zone != "Z" && !(is_offset && (zone[0] == '+' || zone[0] == '-'))) throw Malformed("no zone");
    double offset = zone == "Z" ? 0 : hours * 3600 + (zone[0] == '-' ? -minutes : minutes) * 60;
    return double(days_of(read_day(text.substr(0, 10)))) * 86400 + hour * 3600 + minute * 60 + second + fraction - offset;
}

inline std::string rfc3339(double at) {  // whole seconds
    long long seconds = (long long)(at), days = seconds / 86400, rest = seconds % 86400;
    if (rest < 0) rest += 86400, --days;
    Day day = day_of(days);
    char made[64];
    std::snprintf(made, sizeof made, "%04lld-%02d-%02dT%02d:%02d:%02dZ", day.year, day.month, day.day, int(rest / 3600),
                  int(rest / 60 % 60), int(rest % 60));
    return made;
}

}  // namespace cloud_licence
