// The licence of a program, never in its way: a thread of its own opens, refreshes and closes. Whoever draws the window
// asks how things stand, polls what has changed, or is called when it does; nothing here waits for a server.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <set>

#include "program.hpp"

namespace cloud_licence {

constexpr int milliseconds_to_stop = 150;

inline std::atomic<int> threads_left{0};  // that were told to stop, were not waited for, and are not done yet

// As the process ends, what such a thread uses is taken away under it: it has a second to be done before.
inline void wait_for_threads_left() {
    for (int turn = 0; turn < 200 && threads_left > 0; ++turn) std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

class Licence;

// The licences of this process, which are stopped as it ends, before OpenSSL goes: whoever holds one in static storage
// may have been there before OpenSSL, and destroys it after. A child of fork begins its own list: locks may be held in a
// copy. Not on Windows, where OpenSSL's DLL goes last, and ours would find its threads gone.
struct Living {
    std::mutex lock;
    std::set<Licence*> licences;
    const long process = own_process();
    Living* const of_parent;
    explicit Living(Living* before) : of_parent(before) {}
};

void stop_living();

inline Living& living() {
    static std::atomic<Living*> newest{nullptr};
    Living* found = newest;
    while (!found || found->process != own_process()) {
        Living* made = new Living(found);  // stays: threads may end after all else
        if (!newest.compare_exchange_strong(found, made)) { delete made; continue; }
#ifndef _WIN32
        std::atexit(stop_living);
#endif
        found = made;
    }
    return *found;
}

// How things stand, in one piece, as it was at some moment.
struct Status {
    State state = State::starting;
    bool is_open = false;   // whether the program may be open. Once it is, it stays so
    bool is_asking = false;  // before the first answer: the window waits, or shows that it does
    double grace_until = 0;  // seconds since 1970, by the service's clock
    std::string code, licence_name;
    Message message;
    Texts notices, can_do_without, features;
    bool new_key_waits = false;

    bool tells_the_same_as(const Status& other) const {
        return state == other.state && is_open == other.is_open && is_asking == other.is_asking && code == other.code &&
               new_key_waits == other.new_key_waits && notices == other.notices && features == other.features;
    }
};

inline Status status_of(const Outcome& found) {
    return {found.situation.state, found.situation.is_open, false, found.situation.grace_until, found.situation.code,
            found.licence_name, found.message(), found.notices, found.can_do_without, found.features, found.new_key_waits};
}

class Licence {
  public:
    using Listener = std::function<void(const Status&)>;  // called in the licence's own thread

    // Begins at once, and waits for nothing. Throws Malformed for a program without a version, a vendor or product
    // that is no name of a folder, and pinned_keys without a key; nothing else here throws.
    explicit Licence(Program program, Listener listener = {}, World world = {})
        : shared(std::make_shared<Shared>(with_version(described(program)), std::move(listener), std::move(world))),
          thread(new std::thread([ours = shared] { run(*ours); })) {
        Living& all = living();
        std::lock_guard<std::mutex> alone(all.lock);
        all.licences.insert(this);
    }

    ~Licence() {
        {
            Living& all = living();
            std::lock_guard<std::mutex> alone(all.lock);
            all.licences.erase(this);
        }
        stop();
    }
    Licence(const Licence&) = delete;
    Licence& operator=(const Licence&) = delete;

    // After stop(): as it stood then, is_open too, for the window is not closed by it. Calls change nothing any more.
    Status status() const {
        if (!is_ours()) return {};
        std::lock_guard<std::mutex> alone(shared->lock);
        return shared->status;
    }

    // The oldest change that was not polled yet.
    std::optional<Status> poll() {
        if (!is_ours()) return std::nullopt;
        std::lock_guard<std::mutex> alone(shared->lock);
        if (shared->changes.empty()) return std::nullopt;
        Status oldest = shared->changes.front();
        shared->changes.pop_front();
        return oldest;
    }

    // How things stand once the first answer is there, or the time is over. For programs that have no window.
    Status wait(double seconds) const {
        if (!is_ours()) return {};
        std::unique_lock<std::mutex> alone(shared->lock);
        shared->has_changed.wait_for(alone, std::chrono::duration<double>(seconds), [&] { return !shared->status.is_asking; });
        return shared->status;
    }

    // Both ask anew, so that wait() waits for what comes of it, and do not wait for the time to ask again.
    void try_again() { order([](Shared& s) { return open_now(s); }, true); }  // what a button of that name does
    void go_without() { order([](Shared& s) { return go_without_now(s); }, true); }  // features that are not to be had
    void look() { order(look_early); }  // the computer woke, or the network is back: asks now, or 5 s after it last did
    void take(Texts features) { order([features](Shared& s) { return take_now(s, features); }); }
    void move() { order([](Shared& s) { return move_now(s); }); }

    // Gives the seat back, and returns within a fifth of a second: what cannot be said by then is said at the next start.
    void stop() {
        std::unique_ptr<std::thread> ending(thread.exchange(nullptr));
        if (!ending) return;
        if (!is_ours()) return void(ending.release());  // a fork: the thread is the parent's, and so is the seat
        {
            std::lock_guard<std::mutex> alone(shared->lock);
            shared->is_ending = true, shared->status.is_asking = false;
        }
        shared->has_orders.notify_all(), shared->has_changed.notify_all();
        shared->patience.hurry(milliseconds_to_stop);
        std::unique_lock<std::mutex> alone(shared->lock);
        bool is_called = ending->get_id() == std::this_thread::get_id();  // by the listener: it cannot wait for itself
        auto longest = std::chrono::milliseconds(is_called ? 0 : milliseconds_to_stop + 40);
        bool has_ended = shared->has_changed.wait_for(alone, longest, [&] { return shared->has_ended; });
        if (!has_ended) shared->is_left = true, ++threads_left, std::atexit(wait_for_threads_left);
        alone.unlock();
        has_ended ? ending->join() : ending->detach();
    }

  private:
    struct Shared {
        Shared(Program asks, Listener calls, World lent) : program(std::move(asks)), listener(std::move(calls)), world(std::move(lent)) {
            keep_until_the_end();
            world.patience = &patience;
            status.is_asking = true;
        }
        Program program;  // the thread's own, and so are these
        const Listener listener;
        World world;
        Outcome last;
        bool has_moved = false;
        double asked_at = -never;  // by the monotonic clock
        Patience patience;

        std::mutex lock;  // of what follows. It is never held while anybody is asked, called or written to
        std::condition_variable has_orders, has_changed;
        std::deque<std::function<Outcome(Shared&)>> orders;
        std::deque<Status> changes;
        Status status;
        bool is_ending = false, has_ended = false, is_left = false;
    };

    static const Program& with_version(const Program& program) {
        return trimmed(program.version).empty() ? throw Malformed("no version") : program;
    }

    bool is_ours() const { return own_process() == process; }  // a child of fork has no thread, and may find locks held

    template <class Order> void order(Order what, bool is_asking_anew = false) {
        if (!is_ours()) return;
        {
            std::lock_guard<std::mutex> alone(shared->lock);
            if (shared->is_ending) return;
            shared->orders.push_back(what);
            shared->status.is_asking |= is_asking_anew;
        }
        shared->has_orders.notify_all();
    }

    // ---- In the thread ---------------------------------------------------------------------------------------------

    // One that is open asks as another window of it would, and stays open whatever comes of it.
    static Outcome open_now(Shared& s) {
        bool was_open = s.last.situation.is_open && !s.has_moved;
        Outcome found = open_licence(s.program, s.world, was_open);
        s.has_moved = false;
        if (found.situation.is_open) s.program.policy = found.policy;  // a new key counts from the next start
        return was_open ? cloud_licence::look(s.program, s.world) : found;
    }

    static Outcome go_without_now(Shared& s) {
        s.program = s.program.without(s.last.can_do_without);
        return open_now(s);
    }

    static Outcome take_now(Shared& s, const Texts& features) {
        Outcome found = take_features(s.program, features, s.world);
        if (found.situation.code.empty()) s.program.features.insert(s.program.features.end(), features.begin(), features.end());
        return with_news(s, found);
    }

    static Outcome move_now(Shared& s) {
        Outcome found = cloud_licence::move(s.program, s.world);
        s.has_moved = found.situation.code.empty();
        if (!s.has_moved) return with_news(s, found);
        found.situation.state = State::released, found.situation.code = "session_ended";  // as others who had the session hear it
        found.situation.facts = {{"reason", "moved"}};
        return found;
    }

    // What was asked for beside the licence changes nothing of how the program stands: its message is a notice.
    static Outcome with_news(const Shared& s, const Outcome& found) {
        if (found.situation.code.empty()) return found;
        Outcome made = s.last;
        made.notices = {whole(found.message())};
        return made;
    }

    static void publish(Shared& s, const Outcome& found) {
        const bool was_open = s.last.situation.is_open;
        if (found.situation.talk_at != s.last.situation.talk_at) s.asked_at = s.world.monotonic();
        s.last = found;
        s.last.situation.is_open = was_open || found.situation.is_open;
        Status fresh = status_of(s.last);
        {
            std::lock_guard<std::mutex> alone(s.lock);
            bool is_news = !fresh.tells_the_same_as(s.status);
            s.status = fresh;
            if (!is_news) return;
            s.changes.push_back(fresh);
            if (s.changes.size() > 100) s.changes.pop_front();  // nobody polls
        }
        s.has_changed.notify_all();
        try { if (s.listener) s.listener(fresh); } catch (...) {}
    }

    // Nothing that goes wrong here may end the program: it goes on as it stands.
    template <class Order> static void carry_out(Shared& s, Order what) {
        try { publish(s, what(s)); }
        catch (const StoreBusy&) {
            Outcome busy = s.last;
            busy.notices = {say(s.program.language, "kept.busy")};
            publish(s, busy);
        } catch (const std::exception&) { publish(s, s.last); }
    }

    static Outcome look_again(Shared& s) { return look_within(s, never); }
    static Outcome look_early(Shared& s) { return look_within(s, std::max(0.0, s.asked_at + s.world.between_asks() - s.world.monotonic())); }

    static Outcome look_within(Shared& s, double seconds) {
        if (!s.last.situation.is_open || s.has_moved) return s.last;  // the user tries again, or not
        Outcome found = cloud_licence::look(s.program, s.world, seconds);
        if (found.notices.empty()) found.notices = s.last.notices;
        return found;
    }

    static std::function<Outcome(Shared&)> next_order(Shared& s) {
        std::chrono::duration<double> longest(s.world.until_look(s.last.situation.talk_at, s.last.at));
        std::unique_lock<std::mutex> alone(s.lock);
        auto has_some = [&] { return s.is_ending || !s.orders.empty(); };
        if (!s.has_orders.wait_for(alone, longest, has_some)) return look_again;
        if (s.is_ending || s.orders.empty()) return {};
        auto first = s.orders.front();
        s.orders.pop_front();
        return first;
    }

    static void run(Shared& s) {
        carry_out(s, open_now);
        while (auto order = next_order(s)) carry_out(s, order);
        try { close(s.program, s.world); } catch (const std::exception&) {}  // as a crash: the next start finds the session
        std::unique_lock<std::mutex> alone(s.lock);
        s.has_ended = true;
        alone.unlock();
        s.has_changed.notify_all();
        if (s.is_left) --threads_left;  // nobody writes it any more
    }

    std::shared_ptr<Shared> shared;
    const long process = own_process();
    std::atomic<std::thread*> thread;
};

inline void stop_living() {
    Living& all = living();
    std::lock_guard<std::mutex> alone(all.lock);
    for (Licence* licence : all.licences) licence->stop();
}

}  // namespace cloud_licence
