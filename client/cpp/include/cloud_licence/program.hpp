// The program's licence: what a program does when it opens, while it runs, and when it closes. Each function locks the
// store, asks the service if it must, and keeps what it heard; so none belongs in the thread that draws the window:
// background.hpp has one for them. Several processes of one user on one machine share one session.
#pragma once

#include "exchange.hpp"
#include "messages.hpp"

namespace cloud_licence {

// How things stand, what the licence is called, and what the user has to be told. can_do_without are the features
// for which the program was refused, where it can do without them: program.without(them) may open.
struct Outcome {
    Situation situation;
    Policy policy;
    std::string language, licence_name;
    Texts notices;
    bool new_key_waits = false;
    Texts can_do_without;
    Texts features;  // that the session has, as the lease on disk says
    double at = 0;   // when that was so, by the service's clock

    Message message() const {
        Telling how{language, policy["ContactText"], can_do_without, "", "", false};
        const std::string proxy = policy["Proxy"];
        how.address = shown_address(policy["ServiceUrl"]);
        if (in_small_letters(proxy) != "direct") how.proxy = shown_address(proxy);
        return message_of(situation, how);
    }
};

inline Outcome outcome(Desk& d) {
    const Record& r = d.record;
    const std::string key = d.newest_policy["SerialNumber"];
    Outcome made{r.situation, d.policy, d.program.language, r.licence_name, d.store.notices, false, {}, {}, now(d)};
    made.new_key_waits = r.situation.session && !key.empty() && !is_same_key(key, r.serial_number);
    made.can_do_without = can_do_without(r.situation, d.program.optional_features);
    if (auto lease = lease_in(d, r.lease)) made.features = lease->features;
    return made;
}

inline bool is_shared(const Desk& d) { return !d.record.holders.empty() && d.record.situation.is_open; }

// In these one more window of the program opens.
inline bool lets_another_open(const Situation& s) { return s.state == State::licensed || s.state == State::unreachable; }

// ---- Opening -----------------------------------------------------------------------------------------------------------

// Asks for a seat, and then says what an earlier run left to be said. The session that a crash left may be the very
// one that is granted, so it is closed only when it is not. Without an answer it stays known.
inline void open_first_window(Desk& d) {
    Session left = d.record.situation.session;
    d.record.holders.clear();
    bool is_trusted = !has_clock_problem(d);
    d.record.situation = start(now(d), lease_end(d), left, is_trusted);
    if (!d.policy.has_key()) {
        d.record.situation.state = State::denied, d.record.situation.code = "no_key";
        return;
    }
    Answer answer = take_seat(d);
    if (answer.kind == Answer::granted) leave_another(d, left, answer);
    take_in(d, answer);
    if (!d.record.situation.is_open) give_up_pending(d.record, now(d));
    if (answer.kind != Answer::no_answer) send_closes(d);
}

// Refreshes the session, or asks for a new one, if it is time; else only the time passes.
inline void refresh_if_due(Desk& d) {
    Situation s = judge_clock(d.record.situation, now(d), !has_clock_problem(d));
    d.record.situation = s = pass_time(s, now(d));
    if (!is_due(s, now(d))) return;
    Answer answer = s.session ? refreshed(d, s.session) : take_seat(d);
    take_in(d, answer);
    if (answer.kind != Answer::no_answer) send_closes(d);
}

// One that is open and heard nothing asks in so many seconds already. So a network that is back is noticed at once.
inline void hurry(Desk& d, double seconds) {
    Situation& s = d.record.situation;
    bool is_unheard = s.state == State::unreachable || s.state == State::grace_over || s.state == State::released;
    if (s.is_open && s.tries > 0 && is_unheard && s.talk_at) s.talk_at = std::min(*s.talk_at, now(d) + seconds);
}

// Whether the program is open without a seat or not open at all.
inline void ask_now(Desk& d) {
    if (!is_shared(d)) return open_first_window(d);
    d.record.situation.talk_at = now(d);
    refresh_if_due(d);
}

// Shares the session of the windows that are open; they stay open whatever becomes of this one.
inline Outcome open_another_window(Desk& d) {
    if (lets_another_open(d.record.situation)) refresh_if_due(d);
    else ask_now(d);
    bool opens = lets_another_open(d.record.situation);
    if (opens) hold_for(d, holder_of(d.program));
    Outcome made = outcome(d);
    made.situation.is_open = opens;
    if (made.situation.state == State::grace_over) made.situation.state = State::denied;
    return made;
}

// Takes a seat, or the one held already, or goes on offline; situation.is_open says whether the program may open.
// Where somebody who has it open tries again, the wait is over.
inline Outcome open_licence(const Program& program, const World& world, bool is_tried_again = false) {
    return at_desk(program, world, [is_tried_again](Desk& d) {
        if (is_shared(d) && is_tried_again) hurry(d, 0);
        if (is_shared(d)) return open_another_window(d);
        open_first_window(d);
        hold_for(d, holder_of(d.program));
        return outcome(d);
    });
}

// ---- Open --------------------------------------------------------------------------------------------------------------

// How things stand with a program that is running; asks the service when it is time, and at the latest in so many
// seconds if nothing was heard last, and it did not say itself how long to wait.
inline Outcome look(const Program& program, const World& world, double at_the_latest = never) {
    return at_desk(program, world, [at_the_latest](Desk& d) {
        if (!d.record.holders.empty()) {
            if (!d.record.situation.facts.contains("retry_after")) hurry(d, at_the_latest);
            refresh_if_due(d);
            return outcome(d);
        }
        send_closes(d);
        Outcome made = outcome(d);
        if (made.situation.is_open) made.situation = Situation(), made.new_key_waits = false;  // every process was killed
        return made;
    });
}

// Why something that was asked for is not done; the program goes on as before.
inline Situation declined(const Desk& d, const std::optional<Answer>& answer, double at) {
    Situation shut = d.record.situation;
    shut.state = State::denied, shut.is_open = false, shut.session = {}, shut.grace_until = 0;
    return answer ? hear(shut, *answer, at, [](double least, double) { return least; }) : shut;
}

// Takes more features for a program that is open, in the session that it has. situation.code is empty when it has
// them; else it says why not, and the program goes on with what it had.
inline Outcome take_features(const Program& program, const Texts& features, const World& world) {
    Program wanted = program;
    wanted.features.insert(wanted.features.end(), features.begin(), features.end());
    return at_desk(wanted, world, [](Desk& d) {
        if (!is_shared(d)) return outcome(d);
        Session held = d.record.situation.session;
        Answer answer = take_seat(d);
        if (answer.kind == Answer::granted) {
            leave_another(d, held, answer);
            take_in(d, answer);
            return outcome(d);
        }
        Outcome made = outcome(d);
        made.situation = declined(d, answer, now(d));
        return made;
    });
}

// Move Licence: gives the seat back and unbinds this device. situation.code is empty when it was done. A program that
// holds no seat takes the one that is bound to its device first.
inline Outcome move(const Program& program, const World& world) {
    return at_desk(program, world, [](Desk& d) {
        if (!d.record.situation.session) ask_now(d);
        Session session = d.record.situation.session;
        if (!session && !d.record.situation.is_open) return outcome(d);
        std::optional<Answer> answer;
        if (session) answer = moved(d, session);
        if (answer && answer->kind == Answer::done) {
            d.record.situation = Situation(), d.record.lease = "", d.record.holders.clear();
            return outcome(d);
        }
        Situation why = declined(d, answer, now(d));
        if (d.record.holders.empty()) give_back(d);
        Outcome made = outcome(d);
        made.situation = why;
        return made;
    });
}

// ---- Closing -----------------------------------------------------------------------------------------------------------

// The last of several gives the seat back, later if it is offline.
inline Outcome close(const Program& program, const World& world) {
    return at_desk(program, world, [](Desk& d) {
        leave_place(d, holder_of(d.program));
        if (d.record.holders.empty()) give_back(d);
        return outcome(d);
    });
}

}  // namespace cloud_licence
